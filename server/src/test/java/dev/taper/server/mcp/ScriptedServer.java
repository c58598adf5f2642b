package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server of MCP over HTTP that answers as a test tells it, byte by byte: it can also break its
 * connections. It notes what it is asked.
 */
public final class ScriptedServer implements AutoCloseable {
  /** A notification that a server sends by itself. */
  public static final String CHANGED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/list_changed\"}";

  /**
   * A request that came.
   *
   * @param fields by their names in lower case
   */
  public record Asked(String method, String target, Map<String, String> fields, String content) {
    /** A field; empty if it is not there. */
    public String field(String name) {
      return fields.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /** What becomes of a request. */
  @FunctionalInterface
  public interface Answer {
    /** Answers; the connection ends afterwards, unless it is to stay. */
    void write(Socket client, OutputStream out) throws IOException;
  }

  /** What is asked for with GET. */
  public final BlockingQueue<Asked> streams = new LinkedBlockingQueue<>();

  /** All that was asked. */
  public final List<Asked> asked = new CopyOnWriteArrayList<>();

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<Answer> resultsOfCalls = new ConcurrentLinkedQueue<>();
  private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();
  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Listens. */
  public ScriptedServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return socket.getLocalPort();
  }

  /** Where messages are sent. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/mcp");
  }

  /** Says what becomes of the next requests with GET, in order; later ones are held. */
  public void next(Answer... given) {
    answers.addAll(List.of(given));
  }

  /** Says what becomes of the next calls, in order; later ones get an empty result. */
  public void nextCalls(Answer... given) {
    resultsOfCalls.addAll(List.of(given));
  }

  /** Breaks all connections. */
  public void dropAll() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  /** Resets all connections. */
  public void resetAll() throws IOException {
    for (Socket client : clients) {
      try {
        client.setSoLinger(true, 0);
        client.close();
      } catch (SocketException e) {
        assertThat(client.isClosed()).isTrue(); // by its own thread, whose answer was whole
      }
    }
  }

  /** The next request with GET. */
  public Asked stream() throws InterruptedException {
    return Objects.requireNonNull(streams.poll(60, TimeUnit.SECONDS), "nobody listens");
  }

  /** A status without content. */
  public static Answer status(int status, String... fields) {
    return (client, out) ->
        write(
            out,
            status + " x\r\nContent-Length: 0\r\n" + String.join("", fields) + "Connection: close");
  }

  /** Events, and a proper end. */
  public static Answer ends(String events) {
    return (client, out) -> {
      write(out, "200 OK\r\nContent-Type: text/event-stream\r\nConnection: close");
      out.write(events.getBytes(StandardCharsets.UTF_8));
    };
  }

  /** Events, and nothing after them until the client leaves. */
  public static Answer holds(String events) {
    return (client, out) -> {
      chunk(out, events);
      int unused = client.getInputStream().read();
    };
  }

  /** An event with a message. */
  public static String event(String message) {
    return "data: " + message + "\n\n";
  }

  /** JSON with a status. */
  public static Answer json(int status, String type, String content, String... fields) {
    return (client, out) -> {
      write(
          out,
          status
              + " x\r\nContent-Type: "
              + type
              + "\r\n"
              + String.join("", fields)
              + "Connection: close\r\nContent-Length: "
              + content.getBytes(StandardCharsets.UTF_8).length);
      out.write(content.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static void chunk(OutputStream out, String events) throws IOException {
    write(out, "200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked");
    String text = ": \n\n" + events;
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    out.write(
        (Integer.toHexString(length) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void write(OutputStream out, String head) throws IOException {
    out.write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        clients.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = in.readLine();
      if (line == null) {
        return;
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (String field = in.readLine(); !field.isEmpty(); field = in.readLine()) {
        String[] parts = field.split(":", 2);
        fields.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
      }
      int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
      StringBuilder content = new StringBuilder();
      for (int i = 0; i < length; i++) {
        content.append((char) in.read());
      }
      String[] words = line.split(" ", 3);
      Asked request = new Asked(words[0], words[1], Map.copyOf(fields), content.toString());
      asked.add(request);
      answer(request).write(client, client.getOutputStream());
      client.getOutputStream().flush();
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private Answer answer(Asked request) {
    if (request.method().equals("GET")) {
      Answer scripted = answers.poll();
      streams.add(request);
      return scripted == null ? holds("") : scripted;
    }
    if (!request.method().equals("POST")) {
      return status(204);
    }
    RpcMessage message;
    try {
      message = RpcText.read(request.content().getBytes(StandardCharsets.ISO_8859_1));
    } catch (RpcFault e) {
      return status(400);
    }
    if (!(message instanceof RpcMessage.Request call)) {
      return status(202);
    }
    if (call.method().equals("initialize")) {
      String capability = "{\"listChanged\":true}";
      String result =
          "{\"protocolVersion\":\"2025-11-25\",\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"},"
              + "\"capabilities\":{\"tools\":"
              + capability
              + ",\"resources\":"
              + capability
              + "}}";
      return (client, out) -> {
        String json = result(call, result);
        write(
            out,
            "200 OK\r\nMcp-Session-Id: s1\r\nContent-Type: application/json\r\nConnection: close"
                + "\r\nContent-Length: "
                + json.length());
        out.write(json.getBytes(StandardCharsets.UTF_8));
      };
    }
    Answer scripted = call.method().equals("tools/call") ? resultsOfCalls.poll() : null;
    return scripted == null ? json(200, "application/json", result(call, "{}")) : scripted;
  }

  private static String result(RpcMessage.Request request, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":" + result + "}";
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
