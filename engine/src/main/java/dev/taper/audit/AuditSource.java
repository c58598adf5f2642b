package dev.taper.audit;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Where the records of a log can be read, from the first to the last. */
@FunctionalInterface
public interface AuditSource {
  /**
   * One line of a log.
   *
   * @param number its number in its file, from 1
   * @param text the line without its end
   * @param whole false if the file ends before the line does
   * @param file the name of its file; empty if the log is not in several
   */
  record Line(long number, String text, boolean whole, String file) {
    /** A line of a log that is not in several files. */
    public Line(long number, String text, boolean whole) {
      this(number, text, whole, "");
    }
  }

  /**
   * Passes all lines on, in order.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if they cannot
   *     be read
   */
  void read(Consumer<Line> reader);

  /**
   * Reads a log in a file of JSON Lines, which may be written meanwhile, behind the earlier files
   * of the log that stand beside it.
   *
   * @param path the log's newest file
   */
  static AuditSource of(Path path) {
    return new LogFiles(path);
  }

  /**
   * Reads one file of a log.
   *
   * @param path the file, whether it is the newest or an earlier one
   */
  static AuditSource ofOneFile(Path path) {
    return new FileLines(path, "");
  }
}
