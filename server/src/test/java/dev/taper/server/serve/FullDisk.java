package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Needed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A small file system of its own that can be full. Only root can make one; elsewhere a test is
 * skipped, but not where CI is true.
 */
final class FullDisk implements AutoCloseable {
  private final Path folder;

  private FullDisk(Path folder) {
    this.folder = folder;
  }

  static FullDisk mount(Path folder) throws Exception {
    Files.createDirectory(folder);
    boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=64k", "taper-test", folder) == 0;
    Needed.demand(isMounted, "the right to mount a file system");
    return new FullDisk(folder);
  }

  private static int run(Object... command) throws Exception {
    String[] texts = new String[command.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = command[i].toString();
    }
    Process process = new ProcessBuilder(texts).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  Path folder() {
    return folder;
  }

  /** Takes all that is left. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("ballast"))) {
      byte[] page = new byte[1024];
      for (int i = 0; i < 1024; i++) {
        out.write(page);
      }
      throw new AssertionError("the disk is not full");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
  }

  /** Gives it back. */
  void free() throws IOException {
    Files.delete(folder.resolve("ballast"));
  }

  @Override
  public void close() throws IOException {
    try {
      int unused = run("umount", folder);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
