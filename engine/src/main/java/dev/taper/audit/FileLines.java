package dev.taper.audit;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The lines of a file. A line longer than any record is cut, and so is no record.
 *
 * @param path the file
 * @param name what the lines say of it; empty if the log has no other
 */
record FileLines(Path path, String name) implements AuditSource {
  private static final int BUFFER = 1 << 18;

  @Override
  public void read(Consumer<Line> reader) {
    try (InputStream in = Files.newInputStream(path)) {
      new Pass(name, reader).along(in);
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * Reads what has been opened.
   *
   * @throws TaperException {@link ErrorCode#AUDIT_UNAVAILABLE} if it cannot be read
   */
  static void along(InputStream in, String name, Consumer<Line> reader) {
    try {
      new Pass(name, reader).along(in);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static TaperException unreadable(String name, IOException e) {
    return new TaperException(
        ErrorCode.AUDIT_UNAVAILABLE,
        "the audit log"
            + (name.isEmpty() ? "" : " " + name)
            + " cannot be read: "
            + Causes.reason(e),
        e);
  }

  /**
   * One pass. It looks for the ends of lines in whole buffers, each as a text of one byte for each
   * character, in which the JVM looks for many at once: a log has gigabytes.
   */
  private static final class Pass {
    private final String name;
    private final Consumer<Line> reader;
    private byte[] begun = new byte[0]; // of a line that the buffer before did not end
    private long number = 1;

    Pass(String name, Consumer<Line> reader) {
      this.name = name;
      this.reader = reader;
    }

    void along(InputStream in) throws IOException {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        String text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
          if (begun.length == 0) {
            pass(buffer, start, end - start, true);
          } else {
            byte[] joined = joined(buffer, start, end);
            pass(joined, 0, joined.length, true);
            begun = new byte[0];
          }
          start = end + 1;
        }
        begun = joined(buffer, start, count);
      }
      if (begun.length > 0) {
        pass(begun, 0, begun.length, false);
      }
    }

    private byte[] joined(byte[] buffer, int start, int end) {
      int room = Math.max(0, AuditRecord.MAX_BYTES + 1 - begun.length);
      int more = Math.min(end - start, room);
      byte[] joined = Arrays.copyOf(begun, begun.length + more);
      System.arraycopy(buffer, start, joined, begun.length, more);
      return joined;
    }

    // Bytes that are not UTF-8 become other characters, and so no record's hash fits.
    private void pass(byte[] bytes, int start, int length, boolean whole) {
      String line = new String(bytes, start, length, StandardCharsets.UTF_8);
      reader.accept(new Line(number++, line, whole, name));
    }
  }
}
