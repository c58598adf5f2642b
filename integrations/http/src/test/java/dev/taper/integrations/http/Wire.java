package dev.taper.integrations.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Speaks HTTP byte by byte, because no client sends what the tests need to be refused. */
final class Wire {
  /** An answer. */
  record Answer(int status, String head, String body) {
    boolean has(String field, String value) {
      return head.toLowerCase(Locale.ROOT)
          .contains(
              "\r\n"
                  + field.toLowerCase(Locale.ROOT)
                  + ": "
                  + value.toLowerCase(Locale.ROOT)
                  + "\r\n");
    }
  }

  private Wire() {}

  /** Sends a head without its last empty line, with Host and Connection added. */
  static Answer send(TestService service, String start, List<String> fields, byte[] content)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(start);
    lines.add("Host: 127.0.0.1:" + service.port());
    lines.add("Connection: close");
    lines.addAll(fields);
    return raw(service.port(), String.join("\r\n", lines) + "\r\n\r\n", content);
  }

  /** Sends bytes as they are. */
  static Answer raw(int port, String head, byte[] content) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      ByteArrayOutputStream in = new ByteArrayOutputStream();
      try {
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(content);
        out.flush();
        socket.shutdownOutput();
      } catch (SocketException e) {
        // The server has answered, and closed already.
      }
      try {
        socket.getInputStream().transferTo(in);
      } catch (SocketException e) {
        // It was closed while content was still on its way.
      }
      return answer(in.toString(StandardCharsets.ISO_8859_1));
    }
  }

  /** What comes behind the word that the content may be sent. */
  private static String afterContinue(String text) {
    return text.substring(text.indexOf("\r\n\r\n") + 4);
  }

  private static Answer answer(String whole) {
    String text = whole.startsWith("HTTP/1.1 100 ") ? afterContinue(whole) : whole;
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Answer(0, text, "");
    }
    String head = text.substring(0, end + 2);
    return new Answer(Integer.parseInt(head.substring(9, 12)), head, text.substring(end + 4));
  }
}
