package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Files as versions of Taper wrote them: {@code src/test/kept} of a module has a folder for each
 * version. RELEASING.md says when another is added.
 */
public final class KeptFiles {
  /** The system property that has the value {@code write} to write this version's files anew. */
  public static final String PROPERTY = "taper.kept";

  private static final Path ALL = Path.of("src/test/kept");
  private static final Pattern VERSION = Pattern.compile("<version>([0-9][^<]*)</version>");
  private static final String PACKED = ".gz";

  /** Writes what a module keeps. */
  public interface Writer {
    /** Writes all files into an empty folder. */
    void write(Path folder) throws Exception;
  }

  private KeptFiles() {}

  /** Writes this version's files anew if that is asked for; before any test of them. */
  public static void writeIfAsked(Writer writer) throws Exception {
    if (!"write".equals(System.getProperty(PROPERTY))) {
      return;
    }
    Path folder = ALL.resolve(version());
    delete(folder);
    Path made = Files.createTempDirectory("kept");
    try {
      writer.write(made);
      keep(made, folder);
    } finally {
      delete(made);
    }
  }

  /**
   * Takes the files of a folder: databases are packed, as they have much room for nothing, and what
   * only says who writes now is left out.
   */
  private static void keep(Path from, Path to) throws IOException {
    for (Path one : filesIn(from)) {
      String name = from.relativize(one).toString();
      Path target = to.resolve(name.endsWith(".db") ? name + PACKED : name);
      if (!name.endsWith(".lock")) {
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (OutputStream file = Files.newOutputStream(target);
            OutputStream out = name.endsWith(".db") ? new GZIPOutputStream(file) : file) {
          Files.copy(one, out);
        }
      }
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The folders of all versions; there is one of this version. */
  public static Stream<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(ALL)) {
      List<Path> folders = all.filter(Files::isDirectory).sorted().toList();
      assertThat(folders)
          .as("a version that keeps no files: RELEASING.md has the command")
          .contains(ALL.resolve(version()));
      return folders.stream();
    }
  }

  /** The folder of this version. */
  public static Path newest() throws IOException {
    return ALL.resolve(version());
  }

  /**
   * Copies what is kept to where a test may change it, readable by its owner alone; files that end
   * in {@code .gz} are unpacked.
   */
  public static Path copy(Path kept, Path to) throws IOException {
    for (Path one : filesIn(kept)) {
      Path target = to.resolve(kept.relativize(one).toString().replaceFirst("\\.gz$", ""));
      makeFolder(Objects.requireNonNull(target.getParent()));
      try (InputStream file = Files.newInputStream(one);
          InputStream in = one.toString().endsWith(PACKED) ? new GZIPInputStream(file) : file) {
        Files.copy(in, target);
      }
      restrict(target, "rw-------");
    }
    return to;
  }

  private static void makeFolder(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      Files.createDirectories(folder);
      restrict(folder, "rwx------");
    }
  }

  private static void restrict(Path file, String permissions) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(KeptFiles::deleteOne);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version that is built: the first one that the parent's file names. */
  static String version() throws IOException {
    for (Path up : List.of(Path.of("../pom.xml"), Path.of("../../pom.xml"))) {
      if (Files.exists(up)) {
        Matcher version = VERSION.matcher(Files.readString(up));
        if (version.find()) {
          return version.group(1);
        }
      }
    }
    throw new AssertionError("no pom.xml above that names the version");
  }
}
