package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.Launcher;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import dev.taper.testing.Page;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What logrotate does to the log of a service that runs, by the lines of docs/audit.md. In place of
 * systemd, a script of that name stops and starts the service.
 */
class LogrotateTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String SCRIPTS = "(?s)    prerotate\n.*endscript\n";

  private final ServeWorld world = new ServeWorld();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  @TempDir Path folder;
  private Path log;
  private int port;
  private int admin;
  private String program;

  @BeforeEach
  void make() throws Exception {
    program =
        Needed.program(List.of("/usr/sbin/logrotate", "/usr/local/sbin/logrotate"), "logrotate");
    log = folder.resolve("audit.jsonl");
    port = FreePort.next();
    admin = FreePort.next();
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    key.save(folder.resolve("audit.key"));
    Files.writeString(folder.resolve("audit.pub"), key.publicKey().toString());
    world.config(folder, ORIGIN, "audit: {log: audit.jsonl, key: audit.key}");
    Launcher.in(folder);
    program(
        "systemctl",
        """
        #!/bin/sh
        [ "$2" = taper-serve ] || exit 1
        cd '%s'
        case $1 in
        start)
          rm -f ready
          mkfifo ready
          ./taper serve --config service.yaml --listen 127.0.0.1:%d --admin 127.0.0.1:%d >ready 2>>err &
          echo $! >pid
          read -r line <ready
          ;;
        stop)
          kill "$(cat pid)"
          while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.05; done
          ;;
        esac
        """
            .formatted(folder, port, admin));
    run("systemctl", "start", "taper-serve");
  }

  @AfterEach
  void stop() throws Exception {
    Path pid = folder.resolve("pid");
    if (Files.exists(pid)) {
      ProcessHandle.of(Long.parseLong(Files.readString(pid).trim()))
          .ifPresent(
              service -> {
                service.destroyForcibly();
                service.onExit().join();
              });
    }
  }

  private void program(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a command, with the stand-in for systemd before all other programs; what it says. */
  private String run(String... command) throws Exception {
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
    if (command[0].equals("systemctl")) {
      builder.command().set(0, folder.resolve("systemctl").toString());
    }
    Process process = builder.start();
    boolean isOver = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(said);
    assertThat(isOver).as(text).isTrue();
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  private void rotate(String configuration) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("logrotate.conf"),
            Page.with(configuration, "/var/lib/taper/audit.jsonl", log.toString()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    run(
        program,
        "--force",
        "--state",
        folder.resolve("state").toString(),
        folder.resolve("logrotate.conf").toString());
  }

  private String decide() throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    String question =
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \""
            + sent.target()
            + "\", \"fields\": {"
            + world.fields(sent)
            + "}}}";
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/decide"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question)));
  }

  private String ready() throws Exception {
    return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/health/ready")));
  }

  private String send(HttpRequest.Builder request) throws Exception {
    return client
        .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
        .body();
  }

  private static long calls(Path file) throws Exception {
    return Files.readAllLines(file).stream().filter(line -> line.contains("\"allow\"")).count();
  }

  private Path rotated() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().startsWith("audit.jsonl-")).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  @Test
  void create_withTheScriptsOfThePage_losesNothingAndEachFileVerifies() throws Exception {
    assertThat(decide()).contains("\"allowed\":true");

    rotate(Page.text(Page.of("audit.md"), "logrotate"));

    assertThat(decide()).contains("\"allowed\":true");
    assertThat(ready()).isEqualTo("ready\n");
    run("systemctl", "stop", "taper-serve");
    assertThat(calls(rotated())).isEqualTo(1);
    assertThat(calls(log)).isEqualTo(1);
    assertThat(run("bash", "-ec", Page.text(Page.of("audit.md"), "sh-logrotate")).lines())
        .filteredOn(line -> line.startsWith("INTACT  "))
        .hasSize(2);
    for (Path file : List.of(rotated(), log)) {
      List<String> lines = Files.readAllLines(file);
      assertThat(lines.get(lines.size() - 1)).as("signed to its end").contains("\"sig\":");
    }
  }

  @Test
  void create_alone_isRefusedUntilTheServiceIsStartedAnew() throws Exception {
    assertThat(decide()).contains("\"allowed\":true");

    rotate(Page.text(Page.of("audit.md"), "logrotate").replaceFirst(SCRIPTS, ""));

    assertThat(decide()).contains("\"allowed\":false", "audit_unavailable");
    assertThat(ready()).contains("it was moved or deleted");
    run("systemctl", "stop", "taper-serve");
    run("systemctl", "start", "taper-serve");
    assertThat(decide()).contains("\"allowed\":true");
    assertThat(calls(rotated())).isEqualTo(1);
    assertThat(calls(log)).isEqualTo(1);
  }

  @Test
  void copytruncate_isRefusedUntilTheCopyIsPutBack() throws Exception {
    assertThat(decide()).contains("\"allowed\":true");

    rotate(
        Page.with(
            Page.text(Page.of("audit.md"), "logrotate").replaceFirst(SCRIPTS, ""),
            "    create\n",
            "    copytruncate\n"));

    assertThat(decide()).contains("\"allowed\":false", "audit_unavailable");
    assertThat(ready()).contains("it was cut");
    assertThat(calls(log)).isZero();
    run("bash", "-ec", Page.text(Page.of("audit.md"), "sh-copytruncate"));
    assertThat(decide()).contains("\"allowed\":true");
    assertThat(ready()).isEqualTo("ready\n");
    assertThat(calls(log)).isEqualTo(2);
  }
}
