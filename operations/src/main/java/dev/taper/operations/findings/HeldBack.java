package dev.taper.operations.findings;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
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
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose calls are held back, with all that was handed on through them, until their tokens
 * have ended or a person lets them go: by taking their line out of a file, which is looked at again
 * and again. A delegator has a share of the entries. Where it is full, the entries of one task
 * become one over the whole task, and if that does not do, all of them one over the delegator; so
 * the list is bounded and whoever makes keys gains nothing. One thread changes it; any thread asks.
 * Services and commands that change one file take turns, by a lock on a file beside it.
 */
final class HeldBack {
  /** How many entries a delegator has at most. */
  static final int SHARE = 16;

  /** As many entries as delegators have living tokens, and some for each. */
  private static final int MAX_BYTES = 1 << 24;

  /** How long a service waits for its turn; it tries again when it looks the next time. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private static final Duration PAUSE = Duration.ofMillis(2);

  /** A lock belongs to the process: its threads take turns here. */
  private static final Object IN_THIS_PROCESS = new Object();

  private final @Nullable Path file;
  private final Duration patience;
  private volatile Map<String, HeldEntry> keys = Map.of();
  private String known = "";

  /** Those that the file could not be given yet. */
  private final Map<String, HeldEntry> unwritten = new LinkedHashMap<>();

  private final Set<String> gone = new LinkedHashSet<>(); // of whom nobody has heard yet

  /** Those that are held back by another entry now, whose lines the file may still have. */
  private final Set<String> covered = new LinkedHashSet<>();

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
   * Looks whether a person changed the file, and ends what is over. What cannot be read holds back
   * whom it held before.
   *
   * @return who is not held back any more since the last time
   */
  Set<String> look(Instant now) {
    follow();
    end(now);
    Set<String> heard = Set.copyOf(gone);
    gone.clear();
    return heard;
  }

  /** Ends the entries whose tokens have ended. */
  private void end(Instant now) {
    Set<String> over = new LinkedHashSet<>(keys.keySet());
    over.removeIf(name -> !isOver(name, now));
    if (!over.isEmpty() && remove(over)) {
      gone.addAll(over);
    }
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
      Map<String, HeldEntry> now = read(text);
      unwritten.forEach((name, entry) -> now.merge(name, entry, HeldBack::longer));
      now.keySet().removeAll(covered);
      gone.addAll(keys.keySet());
      gone.removeAll(now.keySet());
      keys = Collections.unmodifiableMap(now);
      known = text;
    }
  }

  /** Of two entries of one name the one that lasts longer; nobody could let the other one go. */
  private static HeldEntry longer(HeldEntry one, HeldEntry other) {
    return one.lastsAtLeast(other.until()) ? one : other;
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

  private static Map<String, HeldEntry> read(String text) {
    Map<String, HeldEntry> keys = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        try {
          HeldEntry entry = HeldEntry.read(line);
          keys.put(entry.name(), entry);
        } catch (TaperException e) {
          throw wrong(
              "line " + number + " does not begin with a public key, a task or a delegator");
        }
      }
    }
    return keys;
  }

  private static TaperException wrong(String what) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT, "the file of keys that are held back: " + what);
  }

  /**
   * Holds back somebody, from now on, whatever becomes of the file. What holds it back already is
   * made to last as long.
   *
   * @return false if it was held back already as long, by itself or with its task or delegator
   * @throws TaperException or {@link UncheckedIOException} if the file cannot be read or written
   *     now; it is written as soon as that can be
   */
  boolean add(HeldEntry entry) {
    HeldEntry before = covering(keys, entry);
    if (before != null && before.lastsAtLeast(entry.until())) {
      return false;
    }
    Map<String, HeldEntry> more = new LinkedHashMap<>(keys);
    HeldEntry added = before == null ? fitted(entry, more) : before.until(entry.until());
    more.put(added.name(), added);
    keys = Collections.unmodifiableMap(more);
    if (file != null) {
      unwritten.put(added.name(), added);
    }
    follow();
    return true;
  }

  /** True if somebody is held back already, and as long. */
  boolean holds(HeldEntry entry) {
    HeldEntry before = covering(keys, entry);
    return before != null && before.lastsAtLeast(entry.until());
  }

  /** What holds somebody back: of several the widest; null if nothing does. */
  private static @Nullable HeldEntry covering(Map<String, HeldEntry> all, HeldEntry entry) {
    HeldEntry found = null;
    if (entry.of() != null) {
      found = all.get(HeldEntry.DELEGATOR + entry.delegator());
      found = found != null ? found : all.get(HeldEntry.TASK + entry.of());
    }
    return found != null ? found : all.get(entry.name());
  }

  /** Makes room in a delegator's share; what is left out of it is covered by what is given back. */
  private HeldEntry fitted(HeldEntry entry, Map<String, HeldEntry> all) {
    String of = entry.of();
    String delegator = entry.delegator();
    if (of == null || delegator == null) {
      return entry;
    }
    List<HeldEntry> share =
        all.values().stream().filter(one -> delegator.equals(one.delegator())).toList();
    if (share.size() < SHARE) {
      return entry;
    }
    List<HeldEntry> ofTask = share.stream().filter(one -> of.equals(one.of())).toList();
    boolean isEnough = !ofTask.isEmpty();
    List<HeldEntry> gathered = isEnough ? ofTask : share;
    gathered.forEach(one -> all.remove(one.name()));
    gathered.forEach(one -> unwritten.remove(one.name()));
    if (file != null) {
      covered.addAll(gathered.stream().map(HeldEntry::name).toList());
    }
    return isEnough
        ? entry.covering(HeldEntry.TASK + of, of, gathered)
        : entry.covering(HeldEntry.DELEGATOR + delegator, delegator, gathered);
  }

  /**
   * Lets keys go.
   *
   * @return false if none of them was held back
   * @throws TaperException or {@link UncheckedIOException} if the file cannot be read or written;
   *     then nobody was let go
   */
  boolean remove(Set<String> gone) {
    return inTurn(
        () -> {
          if (file != null) {
            take(file);
          }
          Map<String, HeldEntry> fewer = new LinkedHashMap<>(keys);
          if (!fewer.keySet().removeAll(gone)) {
            return false;
          }
          write(fewer);
          keys = Collections.unmodifiableMap(fewer);
          return true;
        });
  }

  private void write(Map<String, HeldEntry> all) {
    if (file == null) {
      return;
    }
    StringBuilder text = new StringBuilder();
    all.values().forEach(entry -> text.append(entry.line()).append('\n'));
    try {
      WholeFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8), MAX_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    known = text.toString();
    unwritten.clear();
    covered.clear();
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
  Map<String, HeldEntry> found() {
    return keys;
  }

  /** Who is held back. */
  Set<String> keys() {
    return keys.keySet();
  }

  /**
   * Why the calls of a chain are held back; null if they are not. One that is not verified says
   * nothing of its root key, and is held back by its keys alone.
   *
   * @param now what time it is: an entry that is over holds nothing back
   */
  @Nullable String why(DelegationChain chain, Instant now) {
    Map<String, HeldEntry> all = keys;
    if (all.isEmpty()) {
      return null;
    }
    for (DelegationHop hop : chain.hops()) {
      if (holds(all, hop.holderKey().toString(), now)) {
        return why(hop.holderName() + " did", chain);
      }
    }
    String task = HeldEntry.task(chain);
    if (task == null) {
      return null;
    }
    if (holds(all, HeldEntry.TASK + task, now)) {
      return why("many keys did under the task " + chain.task().id(), chain);
    }
    return holds(all, HeldEntry.DELEGATOR + HeldEntry.delegator(task), now)
        ? why("many keys did for " + chain.delegator(), chain)
        : null;
  }

  private boolean isOver(String name, Instant now) {
    HeldEntry entry = keys.get(name);
    return entry != null && entry.isOver(now);
  }

  private static boolean holds(Map<String, HeldEntry> all, String name, Instant now) {
    HeldEntry entry = all.get(name);
    return entry != null && !entry.isOver(now);
  }

  private static String why(String what, DelegationChain chain) {
    return "a person has to look at what "
        + what
        + " before calls through it go on: ask "
        + chain.delegator()
        + " or the service's operator";
  }
}
