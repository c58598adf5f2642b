package dev.taper.operations.trail;

import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditHop;
import dev.taper.crypto.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What records say once and others need: what a block grants, what a revocation list calls it,
 * which root key its token has, what a task is for. Bounded: the first to be forgotten is what was
 * named longest ago. For one thread.
 */
final class LearnedBlocks {
  private static final int MAX_BLOCKS = 100_000;

  private final Map<String, Block> blocks = bounded();
  private final Map<String, String> purposes = bounded();

  /**
   * What is known of a block.
   *
   * @param granted what it grants, in words, or null
   * @param fingerprint what a revocation list calls it, or null
   * @param rootKey the root key of its token, or null
   */
  record Block(
      @Nullable String granted, @Nullable String fingerprint, @Nullable PublicKey rootKey) {
    static final Block UNKNOWN = new Block(null, null, null);

    /** All that this one or else the other says. */
    Block with(Block other) {
      return equals(other)
          ? this
          : new Block(
              granted == null ? other.granted : granted,
              fingerprint == null ? other.fingerprint : fingerprint,
              rootKey == null ? other.rootKey : rootKey);
    }
  }

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_BLOCKS;
      }
    };
  }

  /** Learns from a record. */
  void add(AuditEvent event) {
    PublicKey rootKey = event.basis() == null ? null : event.basis().rootKey();
    for (AuditHop hop : event.hops()) {
      Block known = of(hop.digest());
      boolean isNews =
          hop.granted() != null
              || hop.fingerprint() != null
              || (rootKey != null && known.rootKey() == null);
      if (isNews) {
        blocks.put(hop.digest(), new Block(hop.granted(), hop.fingerprint(), rootKey).with(known));
      }
    }
    if (event.task() != null && event.purpose() != null) {
      purposes.put(event.task(), event.purpose());
    }
  }

  /** What is known of a block. */
  Block of(String digest) {
    return blocks.getOrDefault(digest, Block.UNKNOWN);
  }

  /** What a task is for; null if that is not known. */
  @Nullable String purpose(String task) {
    return purposes.get(task);
  }
}
