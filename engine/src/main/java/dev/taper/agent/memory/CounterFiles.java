package dev.taper.agent.memory;

import dev.taper.SecretFile;
import dev.taper.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The counters of {@link FolderBudgets}, a file each, of one line: {@code taper/1 budget}, the
 * share of the room that it takes, the length of a window's part in milliseconds and their number
 * (0 and 0 without a window), then what was charged in each part. Each file is replaced as a whole.
 * Used by one thread of one process at a time.
 */
final class CounterFiles {
  private static final String FORMAT = "taper/1 budget";
  private static final Pattern COUNTER = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern OTHER_FORMAT = Pattern.compile("taper/[0-9]{1,9} budget( .*)?");
  private static final Pattern SPACE = Pattern.compile(" ");
  private static final int HEAD = 6;
  private static final int MAX_BYTES = 1 << 20;

  /** The latest time that ended a counter which was dropped; no counter has this name. */
  private static final String FORGOTTEN = "forgotten";

  /**
   * What a file holds.
   *
   * @param share whose part of the room it takes, as {@link UseRecord#kept} names it
   * @param counter what was charged
   */
  record Stored(MemoryShare share, BudgetCounter counter) {}

  /**
   * What was last read of a counter.
   *
   * @param share whose it is
   * @param end when nothing of it counts any more, or later; null for never
   */
  private record Known(MemoryShare share, @Nullable Instant end) {
    boolean hasEnded(Instant now) {
      return end != null && !now.isBefore(end);
    }
  }

  private final Path folder;

  /**
   * The counters by name, used by who has the turn. A counter only ends later than was read, so
   * none is read again before it can have ended: whoever adds counters must not make each new one
   * cost as much as all others.
   */
  private final Map<String, Known> known = new HashMap<>();

  private final Begun begun;
  private boolean open;

  /** Uses a folder. */
  CounterFiles(Path folder) {
    this.folder = folder;
    this.begun = new Begun(folder);
  }

  /**
   * Makes the folder, or looks what is there; before anything else.
   *
   * @throws IOException if it was deleted or emptied, or cannot be used
   */
  void open() throws IOException {
    boolean isThere = Files.isDirectory(folder);
    if (open && isThere) {
      return;
    }
    if (!isThere || (names().isEmpty() && !Files.exists(folder.resolve(FORGOTTEN)))) {
      begun.requireNew();
    }
    OwnFolder.make(folder);
    open = true;
  }

  /** True if there is a file for a counter. */
  boolean holds(String counter) {
    return Files.exists(folder.resolve(counter));
  }

  /** The names of all counters. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path one : all) {
        String name = String.valueOf(one.getFileName());
        if (COUNTER.matcher(name).matches()) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /**
   * Reads a counter.
   *
   * @return null if there is none
   * @throws IOException if it cannot be read, or is damaged
   */
  @Nullable Stored read(String counter) throws IOException {
    String line;
    try {
      line = line(counter);
    } catch (NoSuchFileException e) {
      requireDropped(counter);
      return null;
    }
    String[] words = SPACE.split(line, -1);
    try {
      if (words.length > HEAD && (words[0] + " " + words[1]).equals(FORMAT)) {
        return stored(words);
      }
    } catch (NumberFormatException e) {
      throw damaged(counter, e);
    }
    if (!line.startsWith(FORMAT + " ") && OTHER_FORMAT.matcher(line).matches()) {
      throw new IOException(
          folder.resolve(counter) + " was written by another version of this program");
    }
    throw damaged(counter, null);
  }

  private String line(String file) throws IOException {
    byte[] bytes = SecretFile.readListed(folder.resolve(file), MAX_BYTES);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** Refuses a counter that was there and was not dropped because nothing of it counts. */
  private void requireDropped(String counter) throws IOException {
    Known one = known.get(counter);
    if (one != null && (one.end == null || later(Instant.MIN).isBefore(one.end))) {
      throw new IOException(
          folder.resolve(counter)
              + " was deleted: what was charged is lost; restore it, or start anew with this one");
    }
  }

  private static Stored stored(String[] words) {
    long length = Long.parseLong(words[4]);
    int count = Integer.parseInt(words[5]);
    require(count >= 0 && (count == 0 || length > 0));
    BudgetCounter counter =
        new BudgetCounter(count == 0 ? null : new Budgets.Window(length, count));
    require(words.length % 2 == 0);
    long all = 0;
    for (int i = HEAD; i < words.length; i += 2) {
      long part = Long.parseLong(words[i]);
      long amount = Long.parseLong(words[i + 1]);
      require(amount >= 0 && amount <= Long.MAX_VALUE - all && (part == 0 || count > 0));
      all += amount;
      counter.restore(part, amount);
    }
    return new Stored(new MemoryShare(words[2], words[3]), counter);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new NumberFormatException("numbers that no counter has");
    }
  }

  private IOException damaged(String counter, @Nullable Exception cause) {
    return new IOException(folder.resolve(counter) + " is damaged, or holds something else", cause);
  }

  /** Replaces a counter, or makes it. */
  void write(String counter, Stored stored) throws IOException {
    StringBuilder line = new StringBuilder(FORMAT);
    line.append(' ').append(stored.share.delegator());
    line.append(' ').append(stored.share.authority());
    Budgets.Window window = stored.counter.window();
    line.append(' ').append(window == null ? 0 : window.part());
    line.append(' ').append(window == null ? 0 : window.parts());
    for (Map.Entry<Long, Long> part : stored.counter.parts().entrySet()) {
      line.append(' ').append(part.getKey()).append(' ').append(part.getValue());
    }
    WholeFile.replace(folder.resolve(counter), bytes(line), MAX_BYTES);
    known.put(counter, new Known(stored.share, stored.counter.end()));
    begun.mark();
  }

  private static byte[] bytes(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** A time, or the latest that ended a counter which was dropped: time never goes back. */
  Instant later(Instant time) throws IOException {
    Path file = folder.resolve(FORGOTTEN);
    if (!Files.exists(file)) {
      return time;
    }
    Instant forgotten;
    try {
      forgotten = Instant.ofEpochMilli(Long.parseLong(line(FORGOTTEN)));
    } catch (NumberFormatException e) {
      throw damaged(FORGOTTEN, e);
    }
    return time.isBefore(forgotten) ? forgotten : time;
  }

  /**
   * Drops the counters of which nothing counts any more.
   *
   * @param names the names of all counters
   * @param now what time it is
   * @param shares is told whose the others are
   * @return how many others there are
   */
  int dropEnded(List<String> names, Instant now, MemoryShares shares) throws IOException {
    int held = 0;
    List<String> ended = new ArrayList<>();
    Instant latest = Instant.MIN;
    for (String name : names) {
      Known one = known(name, now);
      if (one != null && one.end != null && one.hasEnded(now)) {
        ended.add(name);
        latest = one.end.isAfter(latest) ? one.end : latest;
      } else if (one != null) {
        shares.add(one.share);
        held++;
      }
    }
    if (!ended.isEmpty()) {
      WholeFile.replace(
          folder.resolve(FORGOTTEN),
          bytes(String.valueOf(later(latest).toEpochMilli())),
          MAX_BYTES);
      for (String name : ended) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Instant forgotten = later(latest);
      known.values().removeIf(one -> one.end != null && !forgotten.isBefore(one.end));
    }
    return held;
  }

  private @Nullable Known known(String name, Instant now) throws IOException {
    Known one = known.get(name);
    if (one == null || one.hasEnded(now)) {
      Stored stored = read(name);
      if (stored == null) {
        known.remove(name);
        return null;
      }
      one = new Known(stored.share, stored.counter.end());
      known.put(name, one);
    }
    return one;
  }
}
