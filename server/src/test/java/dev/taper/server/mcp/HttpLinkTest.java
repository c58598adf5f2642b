package dev.taper.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.integrations.mcp.McpRefusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session with a server at a URL that takes connections and says nothing. */
class HttpLinkTest {
  private static final Link.Receiver NOBODY =
      new Link.Receiver() {
        @Override
        public void received(RpcMessage message, @Nullable Object about) {}

        @Override
        public void broken(RpcFault fault, @Nullable Object about) {}

        @Override
        public void ended(String reason) {}
      };

  @Test
  void notifications_thatTheServerDoesNotTake_areKeptWithinBytes() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/mcp");
      Link link = new UrlUpstream(url, Map::of, 1 << 20, null).open(NOBODY);
      RpcMessage large =
          new RpcMessage.Notification("notifications/progress", Map.of("x", "x".repeat(300_000)));
      int taken = 0;
      for (int i = 0; i < 20; i++) {
        try {
          link.send(large, Map.of());
          taken++;
        } catch (RpcFault e) {
          assertThat(e.code()).isEqualTo(RpcFault.Code.UPSTREAM_UNAVAILABLE);
        }
      }
      assertThat(taken).isBetween(1, 4);
      link.close();
    }
  }

  /** Answers take many times their bytes when they are read, and callers choose how many come. */
  @Test
  void answers_areReadOneByOne_whereThereIsNoRoomForMore() throws Exception {
    try (ForgetfulServer server = new ForgetfulServer(false)) {
      CompletableFuture<RpcMessage> begun = new CompletableFuture<>();
      Link link =
          new UrlUpstream(server.url(), Map::of, 1 << 20, null)
              .open(
                  new Link.Receiver() {
                    @Override
                    public void received(RpcMessage message, @Nullable Object about) {
                      begun.complete(message);
                    }

                    @Override
                    public void broken(RpcFault fault, @Nullable Object about) {}

                    @Override
                    public void ended(String reason) {}
                  });
      ReadingRoom.ANSWERS.awaiting(
          Integer.MAX_VALUE,
          () -> {
            link.send(new RpcMessage.Request(1L, "initialize", Map.of()), Map.of());
            assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> begun.get(1, TimeUnit.SECONDS));
          });
      assertThat(begun.get(30, TimeUnit.SECONDS).isAnswer()).isTrue();
      link.close();
    }
  }

  /** A gateway's problem may come after the call was carried out. */
  @Test
  void problem_withoutTheFieldOfAGuard_isNoRefusal() throws Exception {
    String problem = "{\"status\":403,\"code\":\"out_of_scope\"}";
    String type = "application/problem+json";
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    try (ScriptedServer server = new ScriptedServer()) {
      server.nextCalls(
          ScriptedServer.json(403, type, problem),
          ScriptedServer.json(403, type, problem, "Taper-Refusal: revoked\r\n"),
          ScriptedServer.json(403, type, problem, "Taper-Refusal: out_of_scope\r\n"));
      Link link = new UrlUpstream(server.url(), Map::of, 1 << 20, null).open(telling(told));
      for (long id = 1; id < 4; id++) {
        link.send(new RpcMessage.Request(id, "tools/call", Map.of()), Map.of());
        Object answer = told.poll(60, TimeUnit.SECONDS);
        if (id < 3) {
          assertThat(answer).isEqualTo(RpcFault.Code.UPSTREAM_INVALID);
        } else {
          assertThat(answer)
              .isInstanceOfSatisfying(
                  RpcMessage.Failure.class,
                  failure ->
                      assertThat(McpRefusal.in(failure.data()))
                          .isEqualTo(new McpRefusal(403, "out_of_scope", null, null)));
        }
      }
      link.close();
    }
  }

  /** What a server says of itself stands in fields of what it is asked next. */
  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25\\n", "\u65e5", ""})
  void wordsOfAServer_thatNoFieldCarries_areNotSaidAgain(String word) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> odd(exchange, word));
    server.start();
    BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
    Link link = new UrlUpstream(url, Map::of, 1 << 20, null).open(telling(told));
    try {
      link.send(new RpcMessage.Request(1L, "initialize", Map.of()), Map.of());
      assertThat(told.poll(30, TimeUnit.SECONDS)).isInstanceOf(RpcMessage.Result.class);
      link.send(new RpcMessage.Request(2L, "hang", Map.of()), Map.of());
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(RpcFault.Code.UPSTREAM_ENDED);
    } finally {
      link.close();
      server.stop(0);
    }
  }

  private static Link.Receiver telling(BlockingQueue<Object> told) {
    return new Link.Receiver() {
      @Override
      public void received(RpcMessage message, @Nullable Object about) {
        told.add(message);
      }

      @Override
      public void broken(RpcFault fault, @Nullable Object about) {
        told.add(fault.code());
      }

      @Override
      public void ended(String reason) {}
    };
  }

  /** Begins with a revision, and ends the stream of an answer behind an id. */
  private static void odd(HttpExchange exchange, String word) throws IOException {
    try (exchange) {
      String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean begins = asked.contains("\"initialize\"");
      byte[] answer =
          (begins
                  ? "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\""
                      + word
                      + "\"}}"
                  : "id: \u0001" + word + "\n\n")
              .getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .add("Content-Type", begins ? "application/json" : "text/event-stream");
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** A server of which nobody wants anything any more, and which ends nothing itself. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void serverThatForgetsItsSession_isLeftByAllConnections(boolean opensStream) throws Exception {
    try (ForgetfulServer server = new ForgetfulServer(opensStream)) {
      CompletableFuture<RpcMessage> begun = new CompletableFuture<>();
      CompletableFuture<String> ended = new CompletableFuture<>();
      Link link =
          new UrlUpstream(server.url(), Map::of, 1 << 20, null)
              .open(
                  new Link.Receiver() {
                    @Override
                    public void received(RpcMessage message, @Nullable Object about) {
                      begun.complete(message);
                    }

                    @Override
                    public void broken(RpcFault fault, @Nullable Object about) {}

                    @Override
                    public void ended(String reason) {
                      ended.complete(reason);
                    }
                  });
      link.send(new RpcMessage.Request(1L, "initialize", Map.of()), Map.of());
      assertThat(begun.get(30, TimeUnit.SECONDS).isAnswer()).isTrue();
      link.send(new RpcMessage.Notification("notifications/initialized", Map.of()), Map.of());
      link.send(new RpcMessage.Request(2L, "hang", Map.of()), Map.of());
      assertThat(server.held.await(30, TimeUnit.SECONDS)).isTrue();
      link.send(new RpcMessage.Request(3L, "forget", Map.of()), Map.of());
      assertThat(ended.get(30, TimeUnit.SECONDS)).contains("forgotten");

      link.close();
      assertThat(server.left.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Holds two requests, of which the stream that is listened to is one, until they are gone. */
  private static final class ForgetfulServer implements AutoCloseable {
    final CountDownLatch held = new CountDownLatch(2);
    final CountDownLatch left = new CountDownLatch(2);
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final boolean opensStream;

    ForgetfulServer(boolean opensStream) throws IOException {
      this.opensStream = opensStream;
      threads.execute(this::accept);
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/mcp");
    }

    private void accept() {
      try {
        while (true) {
          Socket client = socket.accept();
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
        OutputStream out = client.getOutputStream();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          String asked = line.startsWith("GET ") ? "listen" : "";
          int length = 0;
          for (String field = in.readLine(); !field.isEmpty(); field = in.readLine()) {
            if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
              length = Integer.parseInt(field.split(":", 2)[1].strip());
            }
          }
          for (int i = 0; i < length; i++) {
            asked += (char) in.read();
          }
          answer(asked, in, out);
        }
      } catch (IOException e) {
        // The client is gone.
      }
    }

    private void answer(String asked, BufferedReader in, OutputStream out) throws IOException {
      if (asked.contains("\"initialize\"")) {
        String result = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
        write(
            out,
            "200 OK\r\nMcp-Session-Id: s\r\nContent-Type: application/json\r\nContent-Length: "
                + result.length()
                + "\r\n\r\n"
                + result);
      } else if (asked.equals("listen") || asked.contains("\"hang\"")) {
        if (opensStream) {
          write(out, "200 OK\r\nContent-Type: text/event-stream\r\n\r\n: \n\n");
        }
        held.countDown();
        try {
          int unused = in.read();
        } finally {
          left.countDown();
        }
      } else {
        write(
            out,
            (asked.contains("\"forget\"") ? "404 Not Found" : "202 Accepted")
                + "\r\nContent-Length: 0\r\n\r\n");
      }
    }

    private static void write(OutputStream out, String answer) throws IOException {
      out.write(("HTTP/1.1 " + answer).getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      threads.shutdownNow();
    }
  }
}
