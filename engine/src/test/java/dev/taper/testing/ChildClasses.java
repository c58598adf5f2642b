package dev.taper.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The classes of the JVMs that tests start, in jars alone, as an archive of classes asks for. They
 * are made once for a module and what it is built of, whichever of its JVMs comes first.
 */
final class ChildClasses {
  private final Path folder;
  private final List<String> entries;

  private ChildClasses(Path folder, List<String> entries) {
    this.folder = folder;
    this.entries = entries;
  }

  /** Makes what is not there yet. */
  static ChildClasses make() {
    try {
      Path target = Path.of("target").toAbsolutePath();
      Path all =
          Files.isDirectory(target)
              ? Files.createDirectories(target.resolve("child-jvm"))
              : Files.createTempDirectory("child-jvm");
      try (FileChannel channel = lockFile(all);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        return make(all);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file whose lock keeps other JVMs of the tests away. */
  static FileChannel lockFile(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  Path folder() {
    return folder;
  }

  String classPath() {
    return String.join(File.pathSeparator, entries);
  }

  private static ChildClasses make(Path all) throws IOException {
    List<Path> given = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (!entry.contains("AmazonCorrettoCryptoProvider") && Files.exists(path)) {
        given.add(path);
      }
    }
    Path folder = Files.createDirectories(all.resolve(digest(given)));
    List<String> entries = new ArrayList<>();
    for (Path entry : given) {
      if (!Files.isDirectory(entry) && !entry.toString().contains("bcprov")) {
        entries.add(entry.toString());
        continue;
      }
      Path jar = folder.resolve(entries.size() + "-" + entry.getFileName() + ".jar");
      if (!Files.exists(jar)) {
        Path begun = folder.resolve("begun");
        write(entry, begun);
        Files.move(begun, jar);
      }
      entries.add(jar.toString());
    }
    return new ChildClasses(folder, entries);
  }

  private static void write(Path from, Path jar) throws IOException {
    try (ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(jar))) {
      to.setLevel(Deflater.NO_COMPRESSION);
      if (Files.isDirectory(from)) {
        for (Path path : paths(from)) { // folders too: some look for resources by those
          boolean isFolder = Files.isDirectory(path);
          to.putNextEntry(new ZipEntry(from.relativize(path) + (isFolder ? "/" : "")));
          if (!isFolder) {
            Files.copy(path, to);
          }
        }
      } else {
        unsigned(from, to);
      }
    }
  }

  /** Without the signature, which takes long to check, and which nothing else in the jar needs. */
  private static void unsigned(Path jar, ZipOutputStream to) throws IOException {
    try (ZipFile from = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        if (!entry.getName().startsWith("META-INF/")) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          from.getInputStream(entry).transferTo(to);
        }
      }
    }
  }

  private static List<Path> paths(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> !path.equals(folder)).sorted().toList();
    }
  }

  /** Says which files these are, and how old. */
  private static String digest(List<Path> entries) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path entry : entries) {
      for (Path file : Files.isDirectory(entry) ? paths(entry) : List.of(entry)) {
        text.append(file).append(' ').append(Files.size(file)).append(' ');
        text.append(Files.getLastModifiedTime(file)).append('\n');
      }
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
