package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.process.SpanCollector;
import dev.taper.testing.ChildJvm;
import dev.taper.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper serve} as a process of its own: how it starts, fails, stops and dies. */
class ServeProcessTest {
  private final ServeWorld world = new ServeWorld();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Process> started = new ArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
    started.forEach(process -> process.onExit().join());
  }

  private Process start(Object... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private Process start(List<String> before, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(ChildJvm.command("dev.taper.server.Main", "serve"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("err").toFile())
            .directory(folder.toFile())
            .start();
    started.add(process);
    return process;
  }

  private String readyLine(Process process) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line)
        .as(err())
        .matches(
            "taper serve: ready, proofs of [1-9][0-9]{3,} calls a second are remembered,"
                + ".* decide at 127\\.0\\.0\\.1:[0-9]+");
    return line;
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private HttpResponse<String> forward(String line, String proof) throws Exception {
    return forward(line, proof, "none");
  }

  private HttpResponse<String> forward(String line, String proof, String traceparent)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://" + line.substring(line.lastIndexOf(' ') + 1) + "/v1/forward"))
            .header("Authorization", "Taper " + world.token.encodeBase64())
            .header("Taper-Proof", proof)
            .header("Taper-Original-Method", "GET")
            .header("Taper-Original-Target", "/projects/ACME/issues")
            .header("Taper-Original-Scheme", "https")
            .header("Taper-Original-Content", "dropped")
            .header("traceparent", traceparent)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String proof(String line) {
    String host = line.substring(line.lastIndexOf(' ') + 1);
    return world.proof(SentHttp.of("GET", "https://" + host, "/projects/ACME/issues"));
  }

  /** Whoever asks chooses a trace, and nothing else; a field that is none chooses nothing. */
  @Test
  void told_whereACollectorIs_sendsASpanOfEachDecisionBeforeItEnds() throws Exception {
    int port = FreePort.next();
    Path config = world.config(folder, "https://127.0.0.1:" + port);
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String parent = "b7ad6b7169203331";
    try (SpanCollector collector = SpanCollector.start()) {
      Process process =
          start(collector.before(), "--config", config, "--listen", "127.0.0.1:" + port);
      String line = readyLine(process);
      String proof = proof(line);
      String field = "00-" + trace + "-" + parent + "-01";
      assertThat(forward(line, proof, field).statusCode()).as(err()).isEqualTo(204);
      assertThat(forward(line, proof, field).statusCode()).isEqualTo(401);
      assertThat(forward(line, proof(line), field + "x".repeat(4000)).statusCode()).isEqualTo(204);
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(err()).isZero();

      assertThat(collector.count("taper decide")).isEqualTo(3);
      assertThat(collector.countId(trace)).isEqualTo(2);
      assertThat(collector.countId(parent)).isEqualTo(2);
      assertThat(collector.count("proof_replayed")).isEqualTo(1);
      assertThat(collector.count("ACME")).as("an argument of the call").isZero();
      assertThat(collector.count(proof)).isZero();
    }
    assertThat(err()).doesNotContain("WARN").doesNotContain("ERROR");
  }

  /** Killed in its work, it forgets no proof that it took, if a database remembers them. */
  @Test
  void killed_andStartedAgain_takesNoProofTwice() throws Exception {
    int port = FreePort.next();
    Path config =
        world.config(folder, "https://127.0.0.1:" + port, "replay-memory: sqlite:memory.db");
    Process first = start("--config", config, "--listen", "127.0.0.1:" + port);
    String line = readyLine(first);
    String proof = proof(line);
    assertThat(forward(line, proof).statusCode()).as(err()).isEqualTo(204);
    first.destroyForcibly().onExit().join();
    Process second = start("--config", config, "--listen", "127.0.0.1:" + port);
    String again = readyLine(second);
    HttpResponse<String> replayed = forward(again, proof);
    assertThat(replayed.statusCode()).isEqualTo(401);
    assertThat(replayed.body()).contains("proof_replayed");
    assertThat(forward(again, proof(again)).statusCode()).isEqualTo(204);
    second.destroy();
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();
    assertThat(err()).doesNotContain("WARN").doesNotContain("ERROR");
  }

  /** Asks until nobody answers any more; counts what was allowed. */
  private Runnable asking(String line, AtomicInteger allowed, CountDownLatch busy) {
    return () -> {
      try {
        while (forward(line, proof(line)).statusCode() == 204) {
          allowed.incrementAndGet();
          busy.countDown();
        }
      } catch (Exception e) {
        // It has stopped.
      }
    };
  }

  private String ready(int admin) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + admin + "/health/ready");
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body().strip();
  }

  /** What was answered as allowed is in the log, all of which is signed. */
  @Test
  void stopped_underLoad_saysSoFirstAndLosesNoRecord() throws Exception {
    PrivateKey logKey = PrivateKey.generate(Algorithm.ED25519);
    logKey.save(folder.resolve("log.key"));
    int port = FreePort.next();
    int admin = FreePort.next();
    String log = "audit: {log: decisions.jsonl, key: log.key}";
    Path config = world.config(folder, "https://127.0.0.1:" + port, log);
    Process process =
        start(
            "--config",
            config,
            "--listen",
            "127.0.0.1:" + port,
            "--admin",
            "127.0.0.1:" + admin,
            "--drain",
            "5s");
    String line = readyLine(process);
    assertThat(ready(admin)).isEqualTo("200 ready");
    AtomicInteger allowed = new AtomicInteger();
    CountDownLatch busy = new CountDownLatch(20);
    List<Thread> load = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(asking(line, allowed, busy), "load-" + i);
      thread.start();
      load.add(thread);
    }
    assertThat(busy.await(60, TimeUnit.SECONDS)).as(err()).isTrue();
    process.destroy();
    String told = ready(admin);
    while (told.equals("200 ready")) {
      told = ready(admin); // the signal is on its way
    }
    assertThat(told).isEqualTo("503 draining");
    assertThat(forward(line, proof(line)).statusCode()).isEqualTo(204);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(err()).isZero();
    for (Thread thread : load) {
      thread.join();
    }
    AtomicInteger recorded = new AtomicInteger();
    LogVerification verified =
        AuditVerifier.trusting(List.of(logKey.publicKey()))
            .verify(
                AuditSource.of(folder.resolve("decisions.jsonl")),
                record -> recorded.addAndGet(record.content().kind() == AuditKind.ALLOW ? 1 : 0));
    assertThat(verified.intact()).isTrue();
    assertThat(verified.unsigned()).isZero();
    assertThat(recorded.get()).isGreaterThanOrEqualTo(allowed.get());
    assertThat(err()).doesNotContain("WARN").doesNotContain("ERROR");
  }

  /** Idle connections once took the files that the process needs for all else. */
  @Test
  void started_withFewFiles_saysSoAndAnswersBesideIdleConnections() throws Exception {
    int port = FreePort.next();
    int admin = FreePort.next();
    Process process =
        start(
            List.of("/bin/sh", "-c", "ulimit -n 400; exec \"$@\"", "sh"),
            "--config",
            world.config(folder, "https://127.0.0.1:" + port),
            "--listen",
            "127.0.0.1:" + port,
            "--admin",
            "127.0.0.1:" + admin);
    String line = readyLine(process);
    String few = "this process may open 400 files, so it takes ";
    assertThat(err()).contains(few);
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      assertThat(forward(line, proof(line)).statusCode()).as(err()).isEqualTo(204);
      assertThat(ready(admin)).startsWith("200 ready\nwarning: " + few);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    assertThat(err()).doesNotContain("ERROR");
  }

  private void assertFails(int status, String code, Object... arguments) throws Exception {
    Process process = start(arguments);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(err()).contains("(" + code + ")");
    assertThat(process.exitValue()).isEqualTo(status);
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
  }

  @Test
  void configuration_wrong_endsTheStart() throws Exception {
    Path config = world.config(folder, "https://jira.example.com", "no-such: 1");
    assertFails(2, "invalid_config", "--config", config);
    assertFails(2, "usage", "--role", "other");
    assertFails(5, "io", "--config", folder.resolve("missing.yaml"));
  }
}
