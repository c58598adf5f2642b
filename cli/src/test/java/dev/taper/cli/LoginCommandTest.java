package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper login} and {@code taper enrol}, with servers that answer in turn. */
class LoginCommandTest {
  @TempDir Path folder;

  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private Cli cli;
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    cli = new Cli(folder);
    cli.ok("keygen", "--out", "planner.key");
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          String json = answers.isEmpty() ? "{\"error\":\"none\"}" : answers.remove();
          byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(json.contains("error") ? 400 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, s -> s.stop(0)));
  }

  private Cli.Result login(String... more) {
    String[] all = {
      "login",
      "--issuer",
      url,
      "--provider",
      url,
      "--client-id",
      "c",
      "--template",
      "read",
      "--task",
      "T-1",
      "--key",
      "planner.key",
      "--out",
      "planner.token"
    };
    String[] args = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, args, all.length, more.length);
    return cli.run(args);
  }

  @Test
  void login_nobodySignsIn_saysWhereAndEnds() {
    answers.add(
        "{\"issuer\":\""
            + url
            + "\",\"authorization_endpoint\":\""
            + url
            + "/a\",\"token_endpoint\":\""
            + url
            + "/t\"}");
    Cli.Result result = login("--wait", "1s");
    assertThat(result.exit()).isNotZero();
    assertThat(result.err())
        .contains("Sign in at " + url + "/a?response_type=code&client_id=c", "(login_timeout)");
    assertThat(folder.resolve("planner.token")).doesNotExist();
  }

  @Test
  void login_providerOfNoUse_isRefused() {
    answers.add("{}");
    assertThat(login().err()).contains("(no_provider)");
    assertThat(login("--port", "70000").err()).contains("--port");
    assertThat(cli.run("login", "--issuer", "http://issuer.example.com").exit()).isEqualTo(2);
  }

  @Test
  void login_keyThatOthersCanRead_isRefusedBeforeAnybodyIsAsked() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("planner.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Cli.Result result = login();
    assertThat(result.err()).contains("(secret_exposed)").doesNotContain("Sign in");
  }

  @Test
  void enrol_workload_isDone() {
    String key = cli.read("planner.pub").strip();
    answers.add("{\"name\":\"agent:ci\",\"key\":\"" + key + "\"}");
    cli.secret("workload.jwt", "a.b.c\n");
    assertThat(
            cli.ok(
                "enrol",
                "agent:ci",
                "--issuer",
                url,
                "--key",
                "planner.key",
                "--workload-token",
                "workload.jwt"))
        .isEqualTo("enrolled as agent:ci\n");
  }

  @Test
  void enrol_json_namesTheKey() {
    String key = cli.read("planner.pub").strip();
    answers.add("{\"name\":\"agent:ci\",\"key\":\"" + key + "\"}");
    cli.secret("workload.jwt", "a.b.c");
    assertThat(
            cli.ok(
                "enrol",
                "agent:ci",
                "--issuer",
                url,
                "--key",
                "planner.key",
                "--workload-token",
                "workload.jwt",
                "--json"))
        .contains("\"agent:ci\"", "\"" + key + "\"");
  }

  /** A browser is opened for a person who sees the terminal, and for nobody else. */
  @Test
  void login_everyOption_isAskedOfTheProvider() {
    answers.add(
        "{\"issuer\":\""
            + url
            + "\",\"authorization_endpoint\":\""
            + url
            + "/a\",\"token_endpoint\":\""
            + url
            + "/t\"}");
    Cli.Result result =
        cli.terminals(false, false, true)
            .run(
                "login",
                "--issuer",
                url,
                "--provider",
                url,
                "--client-id",
                "c",
                "--template",
                "read",
                "--task",
                "T-1",
                "--key",
                "planner.key",
                "--access-token",
                "--no-browser",
                "--port",
                "0",
                "--resource",
                "https://api.example.com",
                "--expires",
                "1h",
                "--wait",
                "1s");
    assertThat(result.err())
        .contains("Sign in at " + url + "/a?", "resource=https%3A%2F%2Fapi.example.com")
        .contains("(login_timeout)");
    assertThat(login("--port", "-1").err()).contains("--port is a number from 0 to 65535");
    assertThat(login("--expires", "soon").exit()).isEqualTo(2);
  }

  @Test
  void enrol_codeThatNobodyConfirms_showsTheWholeKey() {
    answers.add("{\"device_code\":\"s\",\"user_code\":\"BCDF-GHJK\",\"interval\":5}");
    Cli.Result result =
        cli.run("enrol", "agent:a", "--issuer", url, "--key", "planner.key", "--wait", "1s");
    assertThat(result.err())
        .contains("code  BCDF-GHJK", "key   " + cli.read("planner.pub").strip())
        .contains(url + "/confirm");
  }
}
