package dev.taper.operations.findings;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.WholeFile;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.crypto.PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose calls are held back, with all that was handed on through them, until a person lets
 * them go: by taking their line out of a file, which is looked at again and again. A line has a key
 * and, behind a space, what was found. One thread changes it; any thread asks.
 */
final class HeldBack {
  /** How many keys are held back at most; what comes then is only told. */
  static final int MAX = 256;

  private static final int MAX_BYTES = 1 << 17;

  private final @Nullable Path file;
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
    this.file = file;
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
    String text = text(file);
    if (!text.equals(known)) {
      Map<PublicKey, String> now = read(text);
      unwritten.forEach(now::putIfAbsent); // nobody could see them, and so let them go
      gone.addAll(keys.keySet());
      gone.removeAll(now.keySet());
      keys = Collections.unmodifiableMap(now);
      known = text;
    }
    if (!unwritten.isEmpty()) {
      write();
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw wrong("it is too long");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<PublicKey, String> read(String text) {
    Map<PublicKey, String> keys = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank()) {
        String[] parts = line.strip().split(" ", 2);
        try {
          keys.put(PublicKey.parse(parts[0]).validate(), parts.length == 1 ? "" : parts[1]);
        } catch (TaperException e) {
          throw wrong("line " + (keys.size() + 1) + " does not begin with a public key");
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

  /** Lets keys go; false if none of them was held back. */
  boolean remove(Set<PublicKey> gone) {
    follow();
    Map<PublicKey, String> fewer = new LinkedHashMap<>(keys);
    if (!fewer.keySet().removeAll(gone)) {
      return false;
    }
    keys = Collections.unmodifiableMap(fewer);
    unwritten.keySet().removeAll(gone);
    write();
    return true;
  }

  private void write() {
    if (file == null) {
      return;
    }
    StringBuilder text = new StringBuilder();
    keys.forEach((key, words) -> text.append(key).append(' ').append(words).append('\n'));
    try {
      WholeFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    known = text.toString();
    unwritten.clear();
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
