package dev.taper.audit;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The lines of a file. A line longer than any record is cut, and so is no record. */
record FileLines(Path path) implements AuditSource {
  private static final int BUFFER = 1 << 16;

  @Override
  public void read(Consumer<Line> reader) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      long number = 1;
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          reader.accept(new Line(number++, text(line), true));
          line.reset();
        } else if (line.size() <= AuditRecord.MAX_BYTES) {
          line.write(b);
        }
      }
      if (line.size() > 0) {
        reader.accept(new Line(number, text(line), false));
      }
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE,
          "the audit log " + path + " cannot be read: " + Causes.reason(e),
          e);
    }
  }

  // Bytes that are not UTF-8 become other characters, and so no record's hash fits.
  private static String text(ByteArrayOutputStream line) {
    return line.toString(StandardCharsets.UTF_8);
  }
}
