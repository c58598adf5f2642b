package dev.taper.server.connect;

import dev.taper.integrations.mcp.McpJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A process that a test started, and ends. */
final class Started implements AutoCloseable {
  private static final int SECONDS = 30;
  private static final int LARGE = 1 << 20;
  private static final Pattern URL = Pattern.compile("https?://\\S+");

  final Process process;
  private final Path log;
  private final BufferedReader out;
  private String url = "";

  private Started(List<String> command, Path log) throws IOException {
    this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    this.log = log;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a server, and waits until it says where it listens. */
  static Started listening(List<String> command, Path log) throws IOException {
    Started started = new Started(command, log);
    Matcher found = URL.matcher(started.line());
    if (!found.find()) {
      throw new IOException("it does not say where it is: " + started.log());
    }
    started.url = found.group();
    return started;
  }

  /** Starts a process, and waits until its first line says a word. */
  static Started saying(String word, List<String> command, Path log) throws IOException {
    Started started = new Started(command, log);
    String line = started.line();
    if (!line.contains(word)) {
      throw new IOException(line + started.log());
    }
    return started;
  }

  /** Starts an agent, which takes steps and says what came of them. */
  static Started agent(List<String> program, List<String> server, Path log) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(server);
    return new Started(command, log);
  }

  /** Starts anything else. */
  static Started of(List<String> command, Path log) throws IOException {
    return new Started(command, log);
  }

  String url() {
    return url;
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("it ended: " + log());
    }
    return line;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  void send(String text) throws IOException {
    Writer in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(text + "\n");
    in.flush();
  }

  /** Asks a server of MCP, and gives its next message. */
  String ask(String method, Map<String, Object> params) throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("jsonrpc", "2.0");
    request.put("id", 1);
    request.put("method", method);
    request.put("params", params);
    send(McpJson.write(request, LARGE));
    return line();
  }

  /** Has an agent do a step. */
  Map<String, @Nullable Object> step(Map<String, Object> step) throws IOException {
    send(McpJson.write(step, LARGE));
    return McpJson.read(line(), LARGE);
  }

  /** Has an agent call a tool, and gives what it reads. */
  String call(String tool, Map<String, Object> arguments) throws IOException {
    return String.valueOf(step(Map.of("call", tool, "args", arguments)).get("text"));
  }

  /** The tools that an agent sees. */
  List<?> tools() throws IOException {
    return step(Map.of("list", true)).get("tools") instanceof List<?> tools ? tools : List.of();
  }

  int exit() throws IOException {
    if (!ends(process.onExit())) {
      throw new IOException("it does not end: " + log());
    }
    return process.exitValue();
  }

  private static boolean ends(CompletableFuture<?> exit) throws IOException {
    try {
      exit.get(SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> children = process.descendants().toList();
    process.getOutputStream().close();
    process.destroy();
    int unused = exit();
    for (ProcessHandle child : children) {
      if (!ends(child.onExit())) {
        throw new IOException("it leaves a process: " + child.info());
      }
    }
  }
}
