package dev.taper.audit;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Where the records of a log can be read, from the first to the last. */
@FunctionalInterface
public interface AuditSource {
  /**
   * One line of a log.
   *
   * @param number its number, from 1
   * @param text the line without its end
   * @param whole false if the log ends before the line does
   */
  record Line(long number, String text, boolean whole) {}

  /**
   * Passes all lines on, in order.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if they cannot
   *     be read
   */
  void read(Consumer<Line> reader);

  /**
   * Reads a log in a file of JSON Lines, which may be written meanwhile.
   *
   * @param path the file
   */
  static AuditSource of(Path path) {
    return new FileLines(path);
  }
}
