package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.server.Launcher;
import dev.taper.testing.Await;
import dev.taper.testing.FreePort;
import dev.taper.testing.Page;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes with one memory behind a proxy, by the lines of docs/serve.md with other ports. One
 * of both is taken away while calls are made.
 */
class ReplicasTest {
  private static final String SEARCH = "/projects/ACME/issues";
  private static final Pattern DECIDED =
      Pattern.compile("(?m)^taper_decisions_total\\{[^}]*\\} (\\d+)");
  private static final int CALLS = 20;

  private final ServeWorld world = new ServeWorld();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, String> ports = new TreeMap<>();
  private final List<ProcessHandle> replicas = new ArrayList<>();

  @TempDir Path folder;
  private int front;
  private Behind service;
  private Process bash;
  private @Nullable RealProxy proxy;

  @BeforeEach
  void startBoth() throws Exception {
    front = FreePort.next();
    service = new Behind();
    for (String port : List.of("8281", "8282", "8291", "8292")) {
      ports.put("127.0.0.1:" + port, "127.0.0.1:" + FreePort.next());
      ports.put("port " + port, "port " + address(port).split(":", -1)[1]);
    }
    Launcher.in(folder);
    Files.writeString(
        world.config(folder, "http://127.0.0.1:" + front), "\n", StandardOpenOption.APPEND);
    bash =
        new ProcessBuilder(
                "bash",
                "-ec",
                here(Page.text(Page.of("serve.md"), "sh-replicas"))
                    + "jobs -p >jobs\nmv jobs pids\nwait\n")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    Await.until(() -> Files.exists(folder.resolve("pids")));
    for (String pid : Files.readAllLines(folder.resolve("pids"))) {
      replicas.add(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
    }
    assertThat(replicas).hasSize(2);
    for (String port : List.of("8291", "8292")) {
      Await.until(() -> get(port, "/health/ready").equals(Optional.of("ready\n")));
    }
  }

  @AfterEach
  void stop() throws Exception {
    replicas.forEach(ProcessHandle::destroyForcibly);
    TearDown.close(proxy, TearDown.of(bash, Process::waitFor), service);
  }

  /** A text of the page with the ports of this test. */
  private String here(String text) {
    String changed = text;
    for (Map.Entry<String, String> port : ports.entrySet()) {
      changed = changed.replace(port.getKey(), port.getValue());
    }
    return changed;
  }

  private String address(String port) {
    return Objects.requireNonNull(ports.get("127.0.0.1:" + port));
  }

  /** What one of both says; nothing if it does not answer. */
  private Optional<String> get(String port, String path) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address(port) + path)).build();
    try {
      return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A question with a proof of its own. */
  private String question() {
    SentHttp sent = SentHttp.of("GET", "http://127.0.0.1:" + front, SEARCH);
    return "{\"http\": {\"method\": \"GET\", \"scheme\": \"http\", \"target\": \""
        + SEARCH
        + "\", \"fields\": {"
        + world.fields(sent)
        + "}}}";
  }

  /** What is answered to a question; nothing if nobody decided. */
  private Optional<String> decide(String address, String question) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/v1/decide"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question))
            .build();
    try {
      HttpResponse<String> answer =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A call that its caller signs anew for as long as nobody answers; how often nobody did. */
  private int unansweredUntilAllowed() throws Exception {
    for (int unanswered = 0; unanswered < 100; unanswered++) {
      Optional<String> answer = decide("127.0.0.1:" + front, question());
      if (answer.isPresent()) {
        assertThat(answer.get()).startsWith("{\"allowed\":true");
        return unanswered;
      }
    }
    throw new AssertionError("nobody answers");
  }

  /** How much one of both decided, by its page of metrics. */
  private long decided(String port) throws Exception {
    Matcher found = DECIDED.matcher(get(port, "/metrics").orElseThrow());
    long sum = 0;
    while (found.find()) {
      sum += Long.parseLong(found.group(1));
    }
    return sum;
  }

  private void startHaproxy() throws Exception {
    proxy =
        RealProxy.haproxy(
            folder,
            front,
            Page.with(
                here(Page.text(Page.of("serve.md"), "haproxy")),
                "127.0.0.1:8280",
                "127.0.0.1:" + front));
  }

  private RealProxy startNginx() throws Exception {
    RealProxy nginx =
        RealProxy.nginx(
            folder,
            front,
            1,
            service.port(),
            Map.of(
                "upstream taper {\n  server 127.0.0.1:1;\n  keepalive 16;\n}\n",
                here(Page.text(Page.of("serve.md"), "nginx"))));
    proxy = nginx;
    return nginx;
  }

  @Test
  void proof_takenByOne_isRefusedByTheOther() throws Exception {
    String once = question();

    assertThat(decide(address("8281"), once)).get().asString().startsWith("{\"allowed\":true");
    assertThat(decide(address("8282"), once)).get().asString().contains("proof_replayed");
  }

  @Test
  void haproxy_oneIsKilled_losesNoCallThatIsSignedAnew() throws Exception {
    startHaproxy();
    for (int i = 0; i < CALLS; i++) {
      assertThat(unansweredUntilAllowed()).isZero();
    }
    assertThat(decided("8291")).isPositive();
    assertThat(decided("8292")).isPositive();
    String once = question();
    assertThat(decide("127.0.0.1:" + front, once)).get().asString().contains("\"allowed\":true");
    assertThat(decide("127.0.0.1:" + front, once)).get().asString().contains("proof_replayed");

    replicas.get(0).destroyForcibly();

    int unanswered = 0;
    for (int i = 0; i < CALLS; i++) {
      unanswered += unansweredUntilAllowed();
    }
    assertThat(unanswered).as("it is found out once, and left out then").isLessThanOrEqualTo(1);
  }

  @Test
  void haproxy_oneIsDraining_leavesItOutBeforeItStops() throws Exception {
    startHaproxy();
    for (int i = 0; i < CALLS; i++) {
      assertThat(unansweredUntilAllowed()).isZero();
    }

    replicas.get(0).destroy();

    Await.until(() -> get("8291", "/health/ready").orElse("").startsWith("draining"));
    assertThat(decided("8291")).isPositive();
    Await.until(
        () -> {
          long before = decided("8291");
          for (int i = 0; i < 4; i++) {
            assertThat(unansweredUntilAllowed()).isZero();
          }
          return decided("8291") == before;
        });
    assertThat(replicas.get(0).isAlive()).isTrue();
  }

  /** Nobody reaches a replica that is not ready: it must be ready again for the call that tries. */
  @Test
  void haproxy_sharedMemoryWasAway_callsComeAgainWithoutAStart() throws Exception {
    startHaproxy();
    assertThat(unansweredUntilAllowed()).isZero();

    renameTable("proof_use", "elsewhere");
    Await.until(
        () -> {
          decide("127.0.0.1:" + front, question());
          return leftOut("8291") && leftOut("8292");
        });
    renameTable("elsewhere", "proof_use");

    Await.until(
        () -> decide("127.0.0.1:" + front, question()).orElse("").startsWith("{\"allowed\":true"));
  }

  private void renameTable(String from, String to) throws SQLException {
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("memory.db"));
        Statement statement = database.createStatement()) {
      statement.execute("ALTER TABLE " + from + " RENAME TO " + to);
    }
  }

  private boolean leftOut(String port) throws InterruptedException {
    return get(port, "/health/ready").orElseThrow().startsWith("not ready");
  }

  @Test
  void nginx_oneIsKilled_losesNoCallThatIsSignedAnew() throws Exception {
    RealProxy nginx = startNginx();
    for (int i = 0; i < CALLS; i++) {
      assertThat(statusOfCall()).as(nginx.log()).isEqualTo(200);
    }
    assertThat(decided("8291")).isPositive();
    assertThat(decided("8292")).isPositive();
    service.reached.clear();

    replicas.get(0).destroyForcibly();
    replicas.get(0).onExit().join();

    int unanswered = 0;
    for (int allowed = 0; allowed < CALLS; ) {
      int status = statusOfCall();
      assertThat(status).as(nginx.log()).isIn(200, 503);
      if (status == 200) {
        allowed++;
      } else {
        unanswered++;
        assertThat(unanswered).isLessThan(100);
      }
    }
    assertThat(unanswered).isPositive();
    assertThat(service.reached).hasSize(CALLS);
  }

  private int statusOfCall() throws Exception {
    HttpRequest request =
        world
            .signer()
            .sign(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front + SEARCH)).build());
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }
}
