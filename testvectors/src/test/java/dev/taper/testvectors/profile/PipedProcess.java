package dev.taper.testvectors.profile;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that answers each line with a line, started when it is needed. One thread may write
 * while another reads.
 */
final class PipedProcess implements AutoCloseable {
  private final List<String> command;
  private @Nullable Running running;

  private record Running(Process process, BufferedWriter in, BufferedReader out) {}

  private PipedProcess(List<String> command) {
    this.command = command;
  }

  /** A program; what it says of itself goes where this process says such things. */
  static PipedProcess of(List<String> command) {
    return new PipedProcess(command);
  }

  /** Starts it, unless it was started. */
  synchronized void start() throws IOException {
    if (running == null) {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      running =
          new Running(
              process,
              new BufferedWriter(
                  new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)),
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    }
  }

  private synchronized Running running() {
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  /** Writes a line. If the process takes none any more, whoever reads learns of it. */
  void write(String line) {
    Running it = running();
    try {
      it.in.write(line);
      it.in.write('\n');
      it.in.flush();
    } catch (IOException e) {
      it.process.destroy();
    }
  }

  /** The next answer. */
  String read() throws IOException {
    String line = running().out.readLine();
    if (line == null) {
      throw new IOException("it gives no answer any more: " + command);
    }
    return line;
  }

  @Override
  public synchronized void close() {
    if (running != null) {
      running.process.destroy();
    }
  }
}
