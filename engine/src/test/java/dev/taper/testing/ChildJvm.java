package dev.taper.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How tests start JVMs. There are hundreds in a build, so what takes longer at each start than all
 * the rest is left out: unpacking the native backend, checking the signature of Bouncy Castle's
 * jar, and optimizing. Where there are very many, they share an archive of classes.
 */
public final class ChildJvm {
  /** The program that runs classes. */
  public static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** An archive that does not fit is only not taken: nothing is said of it on standard output. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private static final String ARCHIVE = "-XX:SharedArchiveFile=";

  private ChildJvm() {}

  /** The command that runs a class with the class path of the tests. */
  public static List<String> command(String main, String... args) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(OPTIONS);
    if (Files.exists(Quick.ARCHIVE)) {
      command.add(ARCHIVE + Quick.ARCHIVE);
    }
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(List.of(args));
    return command;
  }

  /** Lines of a shell that become a class with these arguments of their own. */
  public static String exec(String main) {
    return """
        share=
        if [ -f '%1$s' ]; then share='%2$s%1$s'; fi
        exec '%3$s' %4$s $share -cp '%5$s' %6$s "$@"
        """
        .formatted(Quick.ARCHIVE, ARCHIVE, JAVA, String.join(" ", OPTIONS), classPath(), main);
  }

  /** The class path of the tests, without what takes long at each start. */
  public static String classPath() {
    return Quick.CLASSES.classPath();
  }

  private static final class Quick {
    static final ChildClasses CLASSES = ChildClasses.make();
    static final Path ARCHIVE = ChildArchive.begin(CLASSES, OPTIONS);
  }
}
