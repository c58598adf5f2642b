package dev.taper.operations.findings;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose calls are held back, with all that was handed on through them, until a person lets
 * them go: by taking their line out of a file, which is looked at again and again. A line has a key
 * and, behind a space, what was found. One thread changes it; any thread asks. Services and
 * commands that change one file take turns, by a lock on a file beside it.
 */
final class HeldBack {
  /** How many keys are held back at most; what comes then is only told. */
  static final int MAX = 256;

  private static final int MAX_BYTES = 1 << 17;

  /** How long a service waits for its turn; it tries again when it looks the next time. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private static final Duration PAUSE = Duration.ofMillis(2);

  /** A lock belongs to the process: its threads take turns here. */
  private static final Object IN_THIS_PROCESS = new Object();

  private final @Nullable Path file;
  private final Duration patience;
  private volatile Map<PublicKey, String> keys = Map.of();
  private String known = "";

  /** Those that the file could not be given yet. */
  private final Map<PublicKey, String> unwritten = new LinkedHashMap<>();

  private final Set<PublicKey> gone = new LinkedHashSet<>(); // of whom nobody has heard yet

  /**
   * Reads what a file holds back.
   *
   * @param file null to keep keys in this process, and forget them at its end
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a line has no key
   * @throws UncheckedIOException if the file cannot be read
   */
  HeldBack(@Nullable Path file) {
    this(file, PATIENCE);
  }

  /** One that waits longer for its turn at the file. */
  HeldBack(@Nullable Path file, Duration patience) {
    this.file = file;
    this.patience = patience;
    follow();
  }

  /**
   * Looks whether a person changed the file. What cannot be read holds back whom it held before.
   *
   * @return whom the person let go since the last time
   */
  Set<PublicKey> look() {
    follow();
    Set<PublicKey> now = Set.copyOf(gone);
    gone.clear();
    return now;
  }

  /** Takes what a person changed, and writes what could not be written before. */
  private void follow() {
    if (file == null) {
      return;
    }
    take(file);
    if (!unwritten.isEmpty()) {
      boolean unused =
          inTurn(
              () -> {
                take(file); // who had the turn before may have changed it
                write(keys);
                return true;
              });
    }
  }

  /** Takes what a file says; one that is gone lets nobody go, and is made again. */
  private void take(Path from) {
    String text = text(from);
    if (text == null) {
      unwritten.putAll(keys);
    } else if (!text.equals(known)) {
      Map<PublicKey, String> now = read(text);
      unwritten.forEach(now::putIfAbsent); // nobody could see them, and so let them go
      gone.addAll(keys.keySet());
      gone.removeAll(now.keySet());
      keys = Collections.unmodifiableMap(now);
      known = text;
    }
  }

  /** Reads a file; null if there is none. */
  private static @Nullable String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw wrong("it is too long");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<PublicKey, String> read(String text) {
    Map<PublicKey, String> keys = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        String[] parts = line.strip().split(" ", 2);
        try {
          keys.put(PublicKey.parse(parts[0]).validate(), parts.length == 1 ? "" : parts[1]);
        } catch (TaperException e) {
          throw wrong("line " + number + " does not begin with a public key");
        }
      }
    }
    return keys;
  }

  private static TaperException wrong(String what) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT, "the file of keys that are held back: " + what);
  }

  /** True if a key is not held back, and there is room for it. */
  boolean hasRoomFor(PublicKey key) {
    return !keys.containsKey(key) && keys.size() < MAX;
  }

  /**
   * Holds back a key, from now on, whatever becomes of the file.
   *
   * @return false if it was held back already, or there are too many
   * @throws TaperException or {@link UncheckedIOException} if the file cannot be read or written
   *     now; it is written as soon as that can be
   */
  boolean add(PublicKey key, String words) {
    if (!hasRoomFor(key)) {
      return false;
    }
    Map<PublicKey, String> more = new LinkedHashMap<>(keys);
    more.put(key, words);
    keys = Collections.unmodifiableMap(more);
    if (file != null) {
      unwritten.put(key, words);
    }
    follow();
    return true;
  }

  /**
   * Lets keys go.
   *
   * @return false if none of them was held back
   * @throws TaperException or {@link UncheckedIOException} if the file cannot be read or written;
   *     then nobody was let go
   */
  boolean remove(Set<PublicKey> gone) {
    return inTurn(
        () -> {
          if (file != null) {
            take(file);
          }
          Map<PublicKey, String> fewer = new LinkedHashMap<>(keys);
          if (!fewer.keySet().removeAll(gone)) {
            return false;
          }
          write(fewer);
          keys = Collections.unmodifiableMap(fewer);
          return true;
        });
  }

  private void write(Map<PublicKey, String> all) {
    if (file == null) {
      return;
    }
    StringBuilder text = new StringBuilder();
    all.forEach((key, words) -> text.append(key).append(' ').append(words).append('\n'));
    try {
      WholeFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    known = text.toString();
    unwritten.clear();
  }

  /** Does work while nobody else changes the file. */
  private <T> T inTurn(Supplier<T> work) {
    if (file == null) {
      return work.get();
    }
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel = lockFile(file);
          FileLock lock = lock(channel)) {
        if (!lock.isValid()) {
          throw new IOException("the turn was lost");
        }
        return work.get();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static FileChannel lockFile(Path file) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file;
    return FileChannel.open(
        target.resolveSibling(target.getFileName() + ".lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private FileLock lock(FileChannel channel) throws IOException {
    Deadline end = Deadline.in(patience);
    FileLock lock = tryLock(channel);
    while (lock == null) {
      if (end.left().isZero()) {
        throw new IOException("others had the file all the time");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while others had the file");
      }
      lock = tryLock(channel);
    }
    return lock;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // something else of this process has it
    }
  }

  /** Who is held back, with what was found. */
  Map<PublicKey, String> found() {
    return keys;
  }

  /** Who is held back. */
  Set<PublicKey> keys() {
    return keys.keySet();
  }

  /** Why the calls of a chain are held back; null if they are not. */
  @Nullable String why(DelegationChain chain) {
    Map<PublicKey, String> now = keys;
    if (now.isEmpty()) {
      return null;
    }
    for (DelegationHop hop : chain.hops()) {
      if (now.containsKey(hop.holderKey())) {
        return "a person has to look at what "
            + hop.holderName()
            + " did before calls through it go on: ask "
            + chain.delegator()
            + " or the service's operator";
      }
    }
    return null;
  }
}
