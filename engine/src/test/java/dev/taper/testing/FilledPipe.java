package dev.taper.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A named pipe into which another process writes as soon as somebody opens it: a reader that takes
 * it for a file gets its content and does not hang, so that a test can see it.
 */
public final class FilledPipe {
  /** What a test does while the pipe is there. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  private FilledPipe() {}

  /** Makes a pipe of that name, and ends its writer when the action has ended. */
  public static void with(Path pipe, String content, Action action) throws Exception {
    if (new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start().waitFor() != 0) {
      throw new IOException("no pipe " + pipe);
    }
    Path file = Files.createTempFile("pipe", ".txt");
    Files.writeString(file, content);
    String script = "exec cat \"$1\" > \"$0\"";
    Process writer =
        new ProcessBuilder("sh", "-c", script, pipe.toString(), file.toString()).start();
    try {
      action.run();
    } finally {
      writer.destroyForcibly().waitFor();
      Files.delete(file);
    }
  }
}
