package dev.taper.audit;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A log in several files. The newest has the log's own name, so that readers and writers know where
 * it is. When the log goes on in another file, the one before gets its number behind its name:
 * {@code audit.jsonl.000001} is the first.
 *
 * @param newest the file with the log's own name
 */
record LogFiles(Path newest) implements AuditSource {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{6,9}");

  /** Where a file of the log goes when another one is begun. */
  Path earlier(int number) {
    return newest.resolveSibling(
        newest.getFileName() + String.format(Locale.ROOT, ".%06d", number));
  }

  /**
   * The earlier files that stand beside the newest, by number, or links to files.
   *
   * @throws IOException if one of these names is something else, which could keep a reader waiting
   */
  NavigableMap<Integer, Path> earlier() throws IOException {
    NavigableMap<Integer, Path> found = new TreeMap<>();
    Path folder = newest.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return found;
    }
    String start = newest.getFileName() + ".";
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, file -> file.getFileName().toString().startsWith(start))) {
      for (Path file : files) {
        String number = file.getFileName().toString().substring(start.length());
        if (NUMBER.matcher(number).matches()
            && file.equals(folder.resolve(earlier(Integer.parseInt(number)).getFileName()))) {
          if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a regular file");
          }
          found.put(Integer.parseInt(number), file);
        }
      }
    }
    return found;
  }

  @Override
  public void read(Consumer<Line> reader) {
    int last = 0;
    try {
      do {
        for (Map.Entry<Integer, Path> file : earlier().tailMap(last, false).entrySet()) {
          new FileLines(file.getValue(), String.valueOf(file.getValue().getFileName()))
              .read(reader);
          last = file.getKey();
        }
      } while (!readNewest(reader, last));
    } catch (IOException e) {
      throw new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE,
          "the audit log " + newest + " cannot be read: " + Causes.reason(e),
          e);
    }
  }

  /** Reads the newest file, unless it got a number meanwhile, and so is not the newest any more. */
  private boolean readNewest(Consumer<Line> reader, int last) throws IOException {
    try (InputStream in = Files.newInputStream(newest)) {
      if (!earlier().tailMap(last, false).isEmpty()) {
        return false;
      }
      FileLines.along(in, last == 0 ? "" : String.valueOf(newest.getFileName()), reader);
      return true;
    } catch (NoSuchFileException e) {
      if (last == 0) {
        throw e;
      }
      return true; // a crash, or somebody, took it away: the last record says that it is missing
    }
  }
}
