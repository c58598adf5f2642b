package dev.taper.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An archive of the classes that programs of this build use: a JVM that takes it starts in about
 * two thirds of the processor time. Making it costs as much as some thirty starts, so only a module
 * with more than that asks for it, by the property {@code tests.archive}. It is made beside the
 * tests; what starts before it is there starts without it.
 */
final class ChildArchive {
  private static final String NAME = "classes.jsa";

  /** Programs that do typical work; the launcher makes its archives of them, too. */
  private static final List<String> REHEARSALS =
      List.of("dev.taper.cli.Rehearsal", "dev.taper.server.Rehearsal");

  private final ChildClasses classes;
  private final List<String> options;

  private ChildArchive(ChildClasses classes, List<String> options) {
    this.classes = classes;
    this.options = options;
  }

  /** Begins to make the archive, if it is wanted, and nobody has. */
  static Path begin(ChildClasses classes, List<String> options) {
    Path archive = classes.folder().resolve(NAME);
    if (Boolean.getBoolean("tests.archive") && !Files.exists(archive)) {
      Thread thread = new Thread(new ChildArchive(classes, options)::makeAlone, "archive");
      thread.setDaemon(true);
      thread.start();
    }
    return archive;
  }

  private void makeAlone() {
    try (FileChannel channel = ChildClasses.lockFile(classes.folder());
        FileLock lock = channel.tryLock()) {
      if (lock != null && !Files.exists(classes.folder().resolve(NAME))) {
        make();
      }
    } catch (IOException e) {
      System.err.println("no archive of classes: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void make() throws IOException, InterruptedException {
    Path folder = classes.folder();
    Set<String> used = new LinkedHashSet<>();
    for (String rehearsal : REHEARSALS) {
      Path list = folder.resolve(rehearsal);
      Path work = Files.createTempDirectory(folder, "work");
      run(List.of("-XX:DumpLoadedClassList=" + list), List.of(rehearsal, work.toString()));
      used.addAll(Files.readAllLines(list));
    }
    Path list = Files.write(folder.resolve("classes"), used);
    Path begun = folder.resolve(NAME + ".begun");
    run(
        List.of(
            "-Xshare:dump", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + begun),
        List.of());
    Files.move(begun, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  private void run(List<String> more, List<String> main) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(ChildJvm.JAVA));
    command.addAll(options);
    command.addAll(more);
    command.addAll(List.of("-cp", classes.classPath()));
    command.addAll(main);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", main) + " ended with " + process.exitValue());
    }
  }
}
