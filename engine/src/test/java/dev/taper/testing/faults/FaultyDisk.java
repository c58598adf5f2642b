package dev.taper.testing.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of a real disk, of which one call that changes something fails: the n-th. Paths of
 * {@link #folder} lead through it, and no others. It knows what a loss of power would leave.
 * Directories are there for good once they are made. For one thread at a time.
 */
public final class FaultyDisk {
  private final Path root;
  private final FaultyFiles files = new FaultyFiles(this);

  private @Nullable Fault fault;
  private long failing = Long.MAX_VALUE;
  private long calls;
  private boolean dead;
  private @Nullable UserPrincipal owner;

  /** What files are called now, and what they would be called without power. */
  private final Map<Path, Content> live = new HashMap<>();

  private final Map<Path, Content> durable = new HashMap<>();

  /** What of a file was forced. */
  static final class Content {
    private byte[] forced;

    Content(byte[] forced) {
      this.forced = forced;
    }

    void force(byte[] all) {
      forced = all;
    }
  }

  /** Uses a folder that is there; nothing fails. */
  public FaultyDisk(Path folder) throws IOException {
    this.root = folder.toRealPath();
  }

  /** The folder, as those see it who are to fail. */
  public Path folder() {
    return files.path(root);
  }

  /** Has everything on it belong to somebody, which only root could do on the real disk. */
  public void ownedBy(UserPrincipal user) {
    owner = user;
  }

  @Nullable UserPrincipal owner() {
    return owner;
  }

  /**
   * Lets a call fail.
   *
   * @param number which of those that follow, from 1
   */
  public void fail(Fault how, long number) throws IOException {
    fault = how;
    failing = number;
    calls = 0;
    dead = false;
    live.clear();
    durable.clear();
    for (Path file : all()) {
      if (Files.isRegularFile(file)) {
        Content content = new Content(Files.readAllBytes(file));
        live.put(file, content);
        durable.put(file, content);
      }
    }
  }

  /**
   * Lets nothing fail any more. If the power was to go, it goes now at the latest, and takes away
   * what was not forced.
   */
  public void recover() throws IOException {
    boolean isLost = fault == Fault.POWER;
    fault = null;
    dead = false;
    if (!isLost) {
      return;
    }
    for (Path file : all()) {
      if (!Files.isDirectory(file) && !durable.containsKey(file)) {
        Files.delete(file);
      }
    }
    for (Map.Entry<Path, Content> each : durable.entrySet()) {
      boolean isThere = Files.exists(each.getKey());
      Files.write(each.getKey(), each.getValue().forced);
      if (!isThere) {
        Files.setPosixFilePermissions(each.getKey(), PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  /** True if the call that is to fail was made. */
  public boolean hasFailed() {
    return calls >= failing;
  }

  private List<Path> all() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    }
  }

  /** What is done, wholly or by half. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Makes a call that changes something. */
  void change(String what, Work whole, Work half) throws IOException {
    if (dead) {
      throw new IOException("the disk is gone: " + what);
    }
    if (fault == null || ++calls != failing) {
      whole.run();
      return;
    }
    if (fault == Fault.DONE) {
      whole.run();
    } else if (fault.isLast()) {
      dead = true;
      half.run();
    }
    throw new IOException("the disk fails: " + what);
  }

  void change(String what, Work whole) throws IOException {
    change(what, whole, () -> {});
  }

  /** The content of a file that is there, or is made now. */
  Content content(Path file) {
    return live.computeIfAbsent(file, made -> new Content(new byte[0]));
  }

  void moved(Path from, Path to) {
    Content content = live.remove(from);
    if (content != null) {
      live.put(to, content);
    }
  }

  void deleted(Path file) {
    live.remove(file);
  }

  /** Makes the names in a folder safe. */
  void forced(Path folder) {
    durable.keySet().removeIf(file -> folder.equals(file.getParent()));
    live.forEach(
        (file, content) -> {
          if (folder.equals(file.getParent())) {
            durable.put(file, content);
          }
        });
  }
}
