package dev.taper.operations.findings;

import dev.taper.crypto.PublicKey;
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
   * Who is held back, with what was found.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if a line has no
   *     key
   * @throws OperationException {@code io} if it is not there, or cannot be read
   */
  public Map<PublicKey, String> keys() {
    return reading(() -> new HeldBack(file).found());
  }

  /**
   * Refuses keys that are not held back.
   *
   * @throws dev.taper.TaperException as {@link #keys}
   * @throws OperationException {@code not_held_back} if one of them is not; {@code io} as {@link
   *     #keys}
   */
  public void requireAll(Collection<PublicKey> keys) {
    var unused = found(keys, keys());
  }

  /**
   * Lets keys go, all or none.
   *
   * @param keys whose calls may go on
   * @return each with what was found
   * @throws dev.taper.TaperException as {@link #keys}
   * @throws OperationException as {@link #requireAll}; {@code io} if the file cannot be written
   */
  public Map<PublicKey, String> letGo(Collection<PublicKey> keys) {
    return reading(
        () -> {
          HeldBack held = new HeldBack(file, PATIENCE);
          Map<PublicKey, String> gone = found(keys, held.found());
          boolean unused = held.remove(gone.keySet());
          return gone;
        });
  }

  private static Map<PublicKey, String> found(
      Collection<PublicKey> keys, Map<PublicKey, String> held) {
    Map<PublicKey, String> found = new LinkedHashMap<>();
    for (PublicKey key : keys) {
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

  private Map<PublicKey, String> reading(Supplier<Map<PublicKey, String>> work) {
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
