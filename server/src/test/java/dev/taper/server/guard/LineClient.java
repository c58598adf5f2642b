package dev.taper.server.guard;

import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.LineChannel;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of a process's standard input and output, which sends whatever it is told to. */
final class LineClient implements AutoCloseable {
  private static final int SECONDS = 30;

  final Process process;
  final BlockingQueue<RpcMessage> others = new LinkedBlockingQueue<>();
  private final BlockingQueue<RpcMessage> answers = new LinkedBlockingQueue<>();
  private final LineChannel channel;
  private volatile @Nullable String roots;
  private long ids;

  private LineClient(Process process) {
    this.process = process;
    this.channel = new LineChannel(process.getInputStream(), process.getOutputStream(), 64 << 20);
    Thread reader = new Thread(this::read, "client under test");
    reader.setDaemon(true);
    reader.start();
  }

  static LineClient start(List<String> command, Path errors) throws IOException {
    return new LineClient(new ProcessBuilder(command).redirectError(errors.toFile()).start());
  }

  private void read() {
    try {
      channel.readAll(
          new LineChannel.Receiver() {
            @Override
            public void received(RpcMessage message) {
              String folder = roots;
              if (folder != null
                  && message instanceof RpcMessage.Request asked
                  && asked.method().equals("roots/list")) {
                answer(asked, folder);
              }
              (message.isAnswer() ? answers : others).add(message);
            }

            @Override
            public void broken(RpcFault fault) {
              throw new IllegalStateException(fault);
            }
          });
    } catch (IOException e) {
      // It ended.
    }
  }

  /** Answers each question for roots with a folder from now on. */
  void answerRootsWith(String uri) {
    roots = uri;
  }

  private void answer(RpcMessage.Request asked, String folder) {
    try {
      channel.write(
          new RpcMessage.Result(
              asked.id(), Map.of("roots", List.of(Map.of("uri", folder, "name", "x")))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins a session. */
  RpcMessage initialize(String revision) throws Exception {
    return initialize(revision, Map.of("roots", Map.of()));
  }

  /** Begins a session of a client that says what it can do. */
  RpcMessage initialize(String revision, Map<String, ?> capabilities) throws Exception {
    RpcMessage answer =
        ask(
            "initialize",
            Map.of(
                "protocolVersion",
                revision,
                "capabilities",
                capabilities,
                "clientInfo",
                Map.of("name", "test", "version", "1")));
    channel.write(new RpcMessage.Notification("notifications/initialized", null));
    return answer;
  }

  RpcMessage ask(String method, @Nullable Map<String, ?> params) throws Exception {
    return answer(send(method, params));
  }

  /** Asks as an agent. */
  RpcMessage ask(AgentClient agent, String method, Map<String, ?> params) throws Exception {
    return ask(method, McpSigner.of(agent).sign(method, params));
  }

  /** Calls a tool as an agent. */
  RpcMessage call(AgentClient agent, String tool, Map<String, ?> arguments) throws Exception {
    return ask(agent, "tools/call", Map.of("name", tool, "arguments", arguments));
  }

  @SuppressWarnings("unchecked") // only read
  long send(String method, @Nullable Map<String, ?> params) throws IOException {
    long id = ++ids;
    channel.write(new RpcMessage.Request(id, method, (Map<String, @Nullable Object>) params));
    return id;
  }

  void send(RpcMessage message) throws IOException {
    channel.write(message);
  }

  void sendRaw(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** The answer to a request, or to none if the id is null; others are dropped. */
  RpcMessage answer(@Nullable Object id) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (true) {
      RpcMessage answer = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (answer == null) {
        throw new TimeoutException("no answer to " + id);
      }
      if (Objects.equals(answer.answers(), id)) {
        return answer;
      }
    }
  }

  /** What a server asks or tells, by its method; others are dropped. */
  RpcMessage other(String method) throws Exception {
    while (true) {
      RpcMessage other = others.poll(SECONDS, TimeUnit.SECONDS);
      if (other == null) {
        throw new TimeoutException("no " + method + " came");
      }
      if ((other instanceof RpcMessage.Request request && request.method().equals(method))
          || (other instanceof RpcMessage.Notification told && told.method().equals(method))) {
        return other;
      }
    }
  }

  /** Ends the client's side, and waits for the guard. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the guard does not end");
      }
    } catch (IOException e) {
      process.destroyForcibly(); // it has ended already
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
