package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.testing.ChildJvm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes whose memories are in one SQLite file, from their first calls on. */
@Timeout(300)
class SharedFileTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final int CALLS = 40;

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

  private Process process(Path config) throws Exception {
    List<String> command = new ArrayList<>(ChildJvm.command("dev.taper.server.Main", "serve"));
    command.addAll(List.of("--config", config.toString(), "--listen", "127.0.0.1:0"));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("err").toFile())
            .directory(folder.toFile())
            .start();
    started.add(process);
    return process;
  }

  private String address(Process process) throws Exception {
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).as(Files.readString(folder.resolve("err"))).startsWith("taper serve: ready");
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private String body() {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    return "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \""
        + sent.target()
        + "\", \"fields\": {"
        + world.fields(sent)
        + "}}}";
  }

  private CompletableFuture<String> decided(String address, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/v1/decide"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(HttpResponse::body);
  }

  @Test
  void decide_manyAtOnceByTwoThatJustStarted_takeEachProofOnceAndRefuseNone() throws Exception {
    Path config = world.config(folder, ORIGIN, "replay-memory: sqlite:shared.db");
    List<String> addresses = List.of(address(process(config)), address(process(config)));
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      bodies.add(body());
    }

    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      answers.add(decided(addresses.get(i % 2), bodies.get(i)));
    }
    assertThat(answers)
        .extracting(CompletableFuture::join)
        .as(Files.readString(folder.resolve("err")))
        .allMatch(answer -> answer.contains("\"allowed\":true"));

    for (int i = 0; i < CALLS; i++) {
      assertThat(decided(addresses.get((i + 1) % 2), bodies.get(i)).join()).contains("replayed");
    }
  }
}
