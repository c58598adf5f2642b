package dev.taper.server.guard;

import dev.taper.SecretFile;
import dev.taper.agent.AgentClient;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a guard adds to a call of a server: 1,000 calls of {@code echo} of the npm server
 * server-everything, one after the other, with and without the guard, over standard input and
 * output and over HTTP on loopback. Both are measured in turns of 100 calls, after 500 to warm up;
 * signing is the client's and is not counted. Every call is verified, decided and recorded in an
 * audit log, unless the argument is {@code without-audit}.
 *
 * <pre>{@code
 * server/src/test/node/install
 * mvn -q -pl server -am test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=dev.taper.server.guard.GuardFigures
 * }</pre>
 */
public final class GuardFigures {
  private static final int CALLS = 1_000;
  private static final int WARM_UP = 500;
  private static final int TURN = 100;
  private static final String TOOL = "echo";
  private static final String REVISION = "2025-11-25";

  private GuardFigures() {}

  /** Something that can be called, once for each signed message. */
  private interface Callee extends AutoCloseable {
    /** Prepares a call outside of the clock. */
    Runnable next() throws Exception;

    @Override
    void close();
  }

  /** Prints both tables. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("guard-figures");
    GuardWorld world = new GuardWorld(folder);
    SecretFile.create(
        folder.resolve("audit.key"),
        (PrivateKey.generate(Algorithm.ED25519).exposeText() + "\n")
            .getBytes(StandardCharsets.UTF_8));
    String everything = Node.main("server-everything");
    run(
        GuardWorld.taper(
            "mcp",
            "catalog",
            "--audience",
            GuardWorld.AUDIENCE,
            "-o",
            folder.resolve("catalog.json").toString(),
            "--",
            "node",
            everything));
    Path config =
        arguments.length > 0 && arguments[0].equals("without-audit")
            ? world.configOf("catalog.json")
            : world.configOf("catalog.json", "audit: {log: audit.jsonl, key: audit.key}");
    AgentClient agent = world.agent(TOOL);
    System.out.printf("%-8s %-8s %10s %10s%n", "", "", "median", "p99");
    try (Callee bare = overStreams(List.of("node", everything), null, folder);
        Callee guarded = overStreams(guard(config, "--", "node", everything), agent, folder)) {
      report("stdio", bare, guarded);
    }
    int port = freePort();
    ProcessBuilder server =
        new ProcessBuilder("node", everything, "streamableHttp")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("everything.txt").toFile());
    server.environment().put("PORT", String.valueOf(port));
    Process started = server.start();
    try {
      awaitPort(port);
      String url = "http://127.0.0.1:" + port + "/mcp";
      List<String> command = guard(config, "--listen", "127.0.0.1:0", "--upstream", url);
      Process guard =
          new ProcessBuilder(command).redirectError(folder.resolve("err.txt").toFile()).start();
      String ready = guard.inputReader().readLine();
      try (Callee bare = overHttp(url, null);
          Callee guarded = overHttp(ready.replaceAll(".* ", ""), agent)) {
        report("http", bare, guarded);
      } finally {
        guard.destroy();
      }
    } finally {
      started.destroy();
    }
    System.exit(0);
  }

  /** The flags of ./taper for servers. */
  private static List<String> guard(Path config, String... more) {
    List<String> command = GuardWorld.guard(config, more);
    command.removeIf(word -> word.equals("-XX:TieredStopAtLevel=1"));
    command.addAll(1, List.of("-Xms32m", "-Xmx256m", "-XX:-UsePerfData"));
    return command;
  }

  private static void run(List<String> command) throws Exception {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("failed: " + command);
    }
  }

  private static void report(String name, Callee bare, Callee guarded) throws Exception {
    measure(bare, WARM_UP);
    measure(guarded, WARM_UP);
    List<Long> without = new ArrayList<>();
    List<Long> with = new ArrayList<>();
    for (int turn = 0; turn < CALLS / TURN; turn++) {
      without.addAll(measure(bare, TURN));
      with.addAll(measure(guarded, TURN));
    }
    double[] a = percentiles(without);
    double[] b = percentiles(with);
    System.out.printf("%-8s %-8s %7.3f ms %7.3f ms%n", name, "bare", a[0], a[1]);
    System.out.printf("%-8s %-8s %7.3f ms %7.3f ms%n", name, "guarded", b[0], b[1]);
    System.out.printf("%-8s %-8s %7.3f ms %7.3f ms%n", name, "more", b[0] - a[0], b[1] - a[1]);
  }

  private static List<Long> measure(Callee callee, int calls) throws Exception {
    List<Long> times = new ArrayList<>();
    for (int call = 0; call < calls; call++) {
      Runnable next = callee.next();
      long since = System.nanoTime();
      next.run();
      times.add(System.nanoTime() - since);
    }
    return times;
  }

  private static double[] percentiles(List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return Arrays.stream(new double[] {0.5, 0.99})
        .map(part -> sorted[(int) (part * (sorted.length - 1))] / 1e6)
        .toArray();
  }

  private static Map<String, @Nullable Object> params(@Nullable AgentClient agent, long id) {
    Map<String, @Nullable Object> params =
        Map.of("name", TOOL, "arguments", Map.of("message", "call " + id));
    return agent == null ? params : McpSigner.of(agent).sign("tools/call", params);
  }

  private static void check(RpcMessage answer) {
    if (!(answer instanceof RpcMessage.Result result)
        || Boolean.TRUE.equals(result.result().get("isError"))) {
      throw new IllegalStateException("not answered: " + answer);
    }
  }

  private static Callee overStreams(List<String> command, @Nullable AgentClient agent, Path folder)
      throws Exception {
    LineClient client = LineClient.start(command, folder.resolve("err.txt"));
    RpcMessage unused = client.initialize(REVISION);
    return new Callee() {
      private long ids = 1_000;

      @Override
      public Runnable next() {
        long id = ++ids;
        Map<String, @Nullable Object> params = params(agent, id);
        return () -> {
          try {
            client.send(new RpcMessage.Request(id, "tools/call", params));
            check(client.answer(id));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
      }

      @Override
      public void close() {
        client.process.destroy(); // the bare server does not end with its input
      }
    };
  }

  private static Callee overHttp(String url, @Nullable AgentClient agent) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    RpcMessage begin =
        new RpcMessage.Request(
            0L,
            "initialize",
            Map.of(
                "protocolVersion", REVISION,
                "capabilities", Map.of(),
                "clientInfo", Map.of("name", "figures", "version", "1")));
    HttpResponse<String> begun = client.send(request(url, null, begin), BodyHandlers.ofString());
    Optional<String> session = begun.headers().firstValue("Mcp-Session-Id");
    var told =
        client.send(
            request(
                url,
                session.orElseThrow(),
                new RpcMessage.Notification("notifications/initialized", null)),
            BodyHandlers.ofString());
    if (told.statusCode() / 100 != 2) {
      throw new IllegalStateException(told.body());
    }
    return new Callee() {
      private long ids = 1_000;

      @Override
      public Runnable next() {
        long id = ++ids;
        HttpRequest request =
            request(
                url,
                session.orElseThrow(),
                new RpcMessage.Request(id, "tools/call", params(agent, id)));
        return () -> {
          try {
            String body = client.send(request, BodyHandlers.ofString()).body();
            int data = body.lastIndexOf("data: ");
            check(RpcText.read(data < 0 ? body : body.substring(data + 6).strip()));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
      }

      @Override
      public void close() {
        // Its process ends with the program.
      }
    };
  }

  private static HttpRequest request(String url, @Nullable String session, RpcMessage message) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(RpcText.write(message)));
    if (session != null) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", REVISION);
    }
    return request.build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(int port) throws InterruptedException {
    for (int look = 0; look < 200; look++) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        Thread.sleep(Duration.ofMillis(50).toMillis());
      }
    }
    throw new IllegalStateException("the server does not listen");
  }
}
