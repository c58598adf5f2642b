package dev.taper.server.guard;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A guard in a process of its own, for clients over HTTP. */
final class HttpGuard implements AutoCloseable {
  final Process process;
  final String url;
  private final HttpClient client;

  private HttpGuard(Process process, String url, HttpClient client) {
    this.process = process;
    this.url = url;
    this.client = client;
  }

  static HttpGuard start(Path config, Path errors, List<String> more) throws IOException {
    return start(config, errors, more, HttpClient.newHttpClient());
  }

  static HttpGuard start(Path config, Path errors, List<String> more, HttpClient client)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
    all.addAll(more);
    Process process =
        new ProcessBuilder(GuardWorld.guard(config, all.toArray(new String[0])))
            .redirectError(errors.toFile())
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("it does not start: " + Files.readString(errors));
    }
    return new HttpGuard(process, line.replaceAll(".* ", ""), client);
  }

  /** Posts a message as clients do. */
  HttpResponse<String> post(String content, String... fields) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .timeout(Duration.ofSeconds(40)) // a test fails, and does not hang
            .POST(BodyPublishers.ofString(content));
    if (fields.length > 0) {
      request.headers(fields);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Posts what goes on with a session, signed by an agent. */
  HttpResponse<String> post(AgentClient agent, String content, String... fields) throws Exception {
    return client.send(
        McpSigner.of(agent)
            .sign(
                HttpRequest.newBuilder(URI.create(url))
                    .header("Content-Type", "application/json")
                    .headers(fields)
                    .POST(BodyPublishers.ofString(content))
                    .build()),
        BodyHandlers.ofString());
  }

  /** Sends a request without a content that goes on with a session, signed by an agent. */
  HttpResponse<String> send(AgentClient agent, String method, String... fields) throws Exception {
    return client.send(signed(agent, method, fields), BodyHandlers.ofString());
  }

  /** Posts a message whose answer is no stream. */
  HttpResponse<String> whole(String content, String... fields) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .headers(fields)
            .POST(BodyPublishers.ofString(content))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** Posts a message, and reads its answer line by line. */
  HttpResponse<Stream<String>> stream(String content, String... fields) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .headers(fields)
            .POST(BodyPublishers.ofString(content))
            .build();
    return client.send(request, BodyHandlers.ofLines());
  }

  /** Listens until the stream ends, or somebody closes it. */
  HttpResponse<Stream<String>> listen(AgentClient agent, String... fields) throws Exception {
    return client.send(signed(agent, "GET", fields), BodyHandlers.ofLines());
  }

  HttpRequest signed(AgentClient agent, String method, String... fields) {
    return McpSigner.of(agent)
        .sign(
            HttpRequest.newBuilder(URI.create(url))
                .headers(fields)
                .method(method, BodyPublishers.noBody())
                .build());
  }

  /** Sends a request as it is. */
  HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  /** Sends a request without a content. */
  HttpResponse<String> send(String method, String... fields) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody());
    if (fields.length > 0) {
      request.headers(fields);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Stops it, and waits until it and all that it started have ended. */
  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the guard does not end");
      }
      for (ProcessHandle child : below) {
        child.onExit().get(30, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
