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

  /**
   * Reads what a file holds back.
   *
   * @param file null to keep keys in this process, and forget them at its end
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a line has no key
   * @throws UncheckedIOException if the file cannot be read
   */
  HeldBack(@Nullable Path file) {
    this.file = file;
    Set<PublicKey> unused = look();
  }

  /**
   * Looks whether a person changed the file. What cannot be read holds back whom it held before.
   *
   * @return whom the person let go
   */
  Set<PublicKey> look() {
    if (file == null) {
      return Set.of();
    }
    String text = text(file);
    if (text.equals(known)) {
      return Set.of();
    }
    Map<PublicKey, String> now = read(text);
    Set<PublicKey> gone = new LinkedHashSet<>(keys.keySet());
    gone.removeAll(now.keySet());
    keys = now;
    known = text;
    return gone;
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
    return Collections.unmodifiableMap(keys);
  }

  private static TaperException wrong(String what) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT, "the file of keys that are held back: " + what);
  }

  /**
   * Holds back a key.
   *
   * @return false if it was held back already, or there are too many
   */
  boolean add(PublicKey key, String words) {
    Set<PublicKey> unused = look();
    if (keys.containsKey(key) || keys.size() >= MAX) {
      return false;
    }
    Map<PublicKey, String> more = new LinkedHashMap<>(keys);
    more.put(key, words);
    keys = Collections.unmodifiableMap(more); // in force, whatever becomes of the file
    write();
    return true;
  }

  /** Lets a key go; false if it was not held back. */
  boolean remove(PublicKey key) {
    Map<PublicKey, String> fewer = new LinkedHashMap<>(keys);
    if (fewer.remove(key) == null) {
      return false;
    }
    keys = Collections.unmodifiableMap(fewer);
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
