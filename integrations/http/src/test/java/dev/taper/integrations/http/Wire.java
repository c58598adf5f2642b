package dev.taper.integrations.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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

    int length() {
      String field = "\r\ncontent-length: ";
      int at = head.toLowerCase(Locale.ROOT).indexOf(field);
      return at < 0
          ? 0
          : Integer.parseInt(
              head.substring(at + field.length(), head.indexOf('\r', at + field.length())));
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

  static Kept keep(TestService service) throws IOException {
    return new Kept(service);
  }

  /** A connection that is used again. */
  static final class Kept implements AutoCloseable {
    private final Socket socket;
    private final int port;

    private Kept(TestService service) throws IOException {
      port = service.port();
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(30_000);
    }

    /** Sends a request; what is late is sent when its answer is there. */
    Answer send(String start, List<String> fields, byte[] content, byte[] late) throws IOException {
      String head = start + "\r\nHost: 127.0.0.1:" + port + "\r\n" + String.join("\r\n", fields);
      OutputStream out = socket.getOutputStream();
      out.write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(content);
      StringBuilder text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        text.append((char) oneByte());
      }
      Answer answer = answer(text.toString());
      byte[] body = socket.getInputStream().readNBytes(answer.length());
      out.write(late);
      return new Answer(
          answer.status(), answer.head(), new String(body, StandardCharsets.ISO_8859_1));
    }

    private int oneByte() throws IOException {
      int read = socket.getInputStream().read();
      if (read < 0) {
        throw new EOFException("the connection has ended");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      socket.close();
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
