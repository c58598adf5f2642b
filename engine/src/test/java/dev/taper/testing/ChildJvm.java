package dev.taper.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * How tests start JVMs. There are hundreds in a build, so what takes longer at each start than all
 * the rest is left out: unpacking the native backend, checking the signature of Bouncy Castle's
 * jar, and optimizing.
 */
public final class ChildJvm {
  /** The program that runs classes. */
  public static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** What it is told before the class path. */
  public static final List<String> OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto");

  private ChildJvm() {}

  /** The command that runs a class with the class path of the tests. */
  public static List<String> command(String main, String... args) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(List.of(args));
    return command;
  }

  /** A line of a shell that becomes a class with these arguments of its own. */
  public static String exec(String classPath, String main) {
    return "exec '%s' %s -cp '%s' %s \"$@\"%n"
        .formatted(JAVA, String.join(" ", OPTIONS), classPath, main);
  }

  /** The class path of the tests, without what takes long at each start. */
  public static String classPath() {
    return Quick.CLASS_PATH;
  }

  private static final class Quick {
    static final String CLASS_PATH = make();

    private static String make() {
      List<String> entries = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        if (entry.contains("bcprov")) {
          entries.add(unsigned(Path.of(entry)).toString());
        } else if (!entry.contains("AmazonCorrettoCryptoProvider")) {
          entries.add(entry);
        }
      }
      return String.join(File.pathSeparator, entries);
    }

    /** A copy without the signature, which nothing else in the jar needs. */
    private static Path unsigned(Path jar) {
      try {
        Path copy = Files.createTempFile("unsigned", ".jar");
        copy.toFile().deleteOnExit();
        try (ZipFile from = new ZipFile(jar.toFile());
            ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(copy))) {
          to.setLevel(Deflater.NO_COMPRESSION);
          for (ZipEntry entry : Collections.list(from.entries())) {
            if (!entry.getName().startsWith("META-INF/")) {
              to.putNextEntry(new ZipEntry(entry.getName()));
              from.getInputStream(entry).transferTo(to);
            }
          }
        }
        return copy;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
