package dev.taper.agent.memory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells a memory that was deleted from one that never was: an empty file beside it, with the same
 * name and {@code .begun}, which is made when it is first written. Who deletes both begins anew,
 * and nobody can tell after the last process that used it has ended. Used by who has the turn.
 */
final class Begun {
  private final Path memory;
  private final Path mark;
  private boolean isMarked;

  Begun(Path memory) {
    this.memory = memory;
    this.mark = memory.resolveSibling(memory.getFileName() + ".begun");
  }

  /**
   * Refuses to make a memory that was there before.
   *
   * @throws IOException if it was, so what it remembered is lost
   */
  void requireNew() throws IOException {
    if (isMarked || Files.exists(mark)) {
      throw new IOException(
          memory
              + " was deleted or emptied: what it remembered is lost; restore it, or delete "
              + mark
              + " too and start all processes that use it again, to begin anew");
    }
  }

  /** Notes that the memory is there. */
  void mark() throws IOException {
    if (isMarked) {
      return;
    }
    if (Files.notExists(mark)) {
      try {
        Files.createFile(mark);
      } catch (FileAlreadyExistsException e) {
        // Another process has just made it.
      }
    }
    isMarked = true;
  }
}
