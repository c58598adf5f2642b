package dev.taper.operations.findings;

import dev.taper.operations.OperationException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The file in which a service keeps whose calls it holds back, for the person who lets them go. The
 * service looks at it ten times a second; what was counted of a key that is gone does not count any
 * more. Whoever changes it takes turns with the service, by a lock on a file beside it. Immutable
 * and thread-safe.
 */
public final class HeldBackFile {
  /** How long others may have the file. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path file;

  private HeldBackFile(Path file) {
    this.file = file;
  }

  /**
   * A file. A service makes it when it holds back the first key.
   *
   * @param file as {@link AbuseWatch#holdingBackIn} has it
   */
  public static HeldBackFile at(Path file) {
    return new HeldBackFile(file);
  }

  /**
   * Who is held back, with what was found: by the text of a public key, or {@code
   * task/ROOT/DELEGATOR/TASK}, {@code delegator/ROOT/DELEGATOR} for all calls of those; {@code
   * ROOT} is the first half of the SHA-256 of the root key's text.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if a line has no
   *     key
   * @throws OperationException {@code io} if it is not there, or cannot be read
   */
  public Map<String, String> held() {
    return reading(() -> words(new HeldBack(file).found()));
  }

  /** True for the name of a task or delegator, all of whose calls are held back. */
  public static boolean isOfMany(String name) {
    return name.startsWith(HeldEntry.TASK) || name.startsWith(HeldEntry.DELEGATOR);
  }

  /**
   * Refuses keys that are not held back.
   *
   * @throws dev.taper.TaperException as {@link #held}
   * @throws OperationException {@code not_held_back} if one of them is not; {@code io} as {@link
   *     #held}
   */
  public void requireAll(Collection<String> keys) {
    var unused = found(keys, held());
  }

  /**
   * Lets keys go, all or none.
   *
   * @param keys whose calls may go on
   * @return each with what was found
   * @throws dev.taper.TaperException as {@link #held}
   * @throws OperationException as {@link #requireAll}; {@code io} if the file cannot be written
   */
  public Map<String, String> letGo(Collection<String> keys) {
    return reading(
        () -> {
          HeldBack held = new HeldBack(file, PATIENCE);
          Map<String, String> gone = found(keys, words(held.found()));
          boolean unused = held.remove(gone.keySet());
          return gone;
        });
  }

  private static Map<String, String> words(Map<String, HeldEntry> held) {
    Map<String, String> words = new LinkedHashMap<>();
    held.forEach((name, entry) -> words.put(name, entry.words()));
    return words;
  }

  private static Map<String, String> found(Collection<String> keys, Map<String, String> held) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String key : keys) {
      String words = held.get(key);
      if (words == null) {
        throw new OperationException(
            OperationException.Kind.NOTHING,
            "not_held_back",
            key + " is not held back, and nobody was let go",
            null);
      }
      found.put(key, words);
    }
    return found;
  }

  private Map<String, String> reading(Supplier<Map<String, String>> work) {
    if (!Files.exists(file)) {
      throw OperationException.io(
          "there is no file "
              + file.getFileName()
              + "; is it the right one, if anybody is held back?",
          null);
    }
    try {
      return work.get();
    } catch (UncheckedIOException e) {
      throw OperationException.io("the file of keys that are held back cannot be used", e);
    }
  }
}
