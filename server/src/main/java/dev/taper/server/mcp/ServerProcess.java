package dev.taper.server.mcp;

import dev.taper.DaemonThreads;
import dev.taper.operations.OperationException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A started server with everything that it starts. Neither a clean stop nor the sudden death of
 * this process leaves any of it over: a small shell holds the other end of a pipe, and ends the
 * server's process group when the pipe closes. Thread-safe.
 */
public final class ServerProcess implements AutoCloseable {
  private static final long GRACE_SECONDS = 2;
  private static final long KILL_SECONDS = 5;
  private static final long WORDS_MILLIS = 500;

  // $1 is a process group or a process; the first argument of kill without a sign.
  private static final String LEASH =
      "trap '' INT TERM HUP; if read -r line; then exit 0; fi;"
          + " kill -s TERM -- \"$1\" 2>/dev/null || exit 0;"
          + " n=0; while [ $n -lt 20 ] && kill -s 0 -- \"$1\" 2>/dev/null; do sleep 0.1;"
          + " n=$((n + 1)); done; kill -s KILL -- \"$1\" 2>/dev/null";

  private final Process process;
  private final @Nullable Process leash;
  private final Thread words;

  private ServerProcess(Process process, @Nullable Process leash, Thread words) {
    this.process = process;
    this.leash = leash;
    this.words = words;
  }

  /**
   * Starts a server. What it writes to standard error is logged as its words; it gets this
   * process's environment without the variables that begin with {@code TAPER_}.
   *
   * @param command a program and its arguments; no shell reads them
   * @param withheld a variable that it does not get either; null for none
   * @throws OperationException {@code io} if it cannot be started
   */
  public static ServerProcess start(List<String> command, @Nullable String withheld) {
    String setsid = found("setsid");
    List<String> whole = new ArrayList<>();
    if (setsid != null) {
      whole.add(setsid);
    }
    whole.add(program(command.get(0)));
    whole.addAll(command.subList(1, command.size()));
    ProcessBuilder builder = new ProcessBuilder(whole);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("TAPER_") || name.equals(withheld));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw OperationException.io("cannot start " + command.get(0) + ": " + e.getMessage(), e);
    }
    try {
      Thread words = ServerWords.of(process.getErrorStream(), process.pid());
      return new ServerProcess(process, leash(process.pid(), setsid), words);
    } catch (IOException e) {
      process.destroyForcibly();
      throw OperationException.io("cannot watch " + command.get(0) + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Process leash(long pid, @Nullable String setsid) throws IOException {
    String shell = found("sh");
    if (shell == null) {
      return null; // no Unix: the server reads the end of its input, and close() ends the rest
    }
    List<String> command = new ArrayList<>();
    if (setsid != null) {
      command.add(setsid);
    }
    command.addAll(List.of(shell, "-c", LEASH, "taper-leash", (setsid == null ? "" : "-") + pid));
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /**
   * Finds a program.
   *
   * @throws OperationException {@code io} if there is none that can be run
   */
  static String program(String name) {
    String found = name.contains(File.separator) ? runnable(Path.of(name)) : found(name);
    if (found == null) {
      throw OperationException.io("there is no program " + name, null);
    }
    return found;
  }

  private static @Nullable String found(String name) {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      String found = folder.isEmpty() ? null : runnable(Path.of(folder, name));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file) ? file.toString() : null;
  }

  /** What the server reads. */
  OutputStream input() {
    return process.getOutputStream();
  }

  /** What the server writes. */
  InputStream output() {
    return process.getInputStream();
  }

  /** True until it has ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The process's number. */
  public long pid() {
    return process.pid();
  }

  /** How it ended; null if it has not. */
  @Nullable Integer exit() {
    return process.isAlive() ? null : process.exitValue();
  }

  /**
   * Ends it at once, when it is not to be relied on any more. Its input is not touched: whoever
   * writes to it may be waiting for a process that read nothing.
   */
  void kill() {
    List<ProcessHandle> descendants = process.descendants().toList();
    endGroup();
    descendants.forEach(ProcessHandle::destroyForcibly);
    boolean unused = process.toHandle().destroyForcibly();
  }

  /** Closes its input, waits a little, then ends it and all that it started. */
  @Override
  public void close() {
    List<ProcessHandle> descendants = process.descendants().toList();
    closeInput();
    await(process, GRACE_SECONDS);
    endGroup();
    if (leash != null) {
      await(leash, KILL_SECONDS);
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
    boolean unused = process.toHandle().destroyForcibly();
    await(process, GRACE_SECONDS);
    awaitWords();
  }

  /** Closes its input on another thread: that waits as long as somebody writes to it. */
  private void closeInput() {
    Thread unused =
        DaemonThreads.start(
            "closing " + process.pid(),
            () -> {
              try {
                process.getOutputStream().close();
              } catch (IOException e) {
                // It reads no more; so it is ended.
              }
            });
  }

  /** What a server says of its end is logged before this process ends as well. */
  private void awaitWords() {
    try {
      words.join(WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endGroup() {
    if (leash != null) {
      try {
        leash.getOutputStream().close();
      } catch (IOException e) {
        // Then it has seen the end already.
      }
    }
  }

  private static void await(Process process, long seconds) {
    try {
      boolean unused = process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
