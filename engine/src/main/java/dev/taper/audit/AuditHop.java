package dev.taper.audit;

import dev.taper.agent.DelegationHop;
import dev.taper.agent.call.ShortText;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a delegation chain, as it stands in a record. Immutable and thread-safe. */
public final class AuditHop {
  /** The most characters of {@link #granted}; what is longer is cut and ends in an ellipsis. */
  public static final int MAX_GRANTED = 2048;

  private final int block;
  private final DelegationHop.Mode mode;
  private final String by;
  private final @Nullable String holder;
  private final PublicKey key;
  private final String digest;
  private final @Nullable String fingerprint;
  private final @Nullable Instant until;
  private final @Nullable String granted;

  private AuditHop(Builder b) {
    Checked.natural(b.block, "a block's index");
    Checked.text(b.by, "who granted");
    Checked.textOrNull(b.holder, "the holder");
    Checked.hex(b.digest, 32, "a block's digest");
    if (b.fingerprint != null) {
      Checked.hex(b.fingerprint, Fingerprint.BYTES, "a block's fingerprint");
    }
    this.block = b.block;
    this.mode = b.mode;
    this.by = b.by;
    this.holder = b.holder;
    this.key = b.key;
    this.digest = b.digest;
    this.fingerprint = b.fingerprint;
    this.until = b.until == null ? null : Checked.time(b.until);
    this.granted = b.granted == null ? null : ShortText.of(b.granted, MAX_GRANTED);
  }

  /**
   * Starts a step of a chain.
   *
   * @param hop the step
   * @param digest the block's digest in hex
   * @param end when the authority ends after it, or null
   */
  static Builder of(DelegationHop hop, String digest, @Nullable Instant end) {
    return new Builder(hop.block(), hop.mode(), hop.grantor(), hop.holderKey())
        .holder(hop.holder())
        .digest(digest)
        .until(end);
  }

  /** The block's index. */
  public int block() {
    return block;
  }

  /** What the step is. */
  public DelegationHop.Mode mode() {
    return mode;
  }

  /** Who granted it. */
  public String by() {
    return by;
  }

  /** Who holds the token after it; null if anyone who has it does. */
  public @Nullable String holder() {
    return holder;
  }

  /** The holder's key. */
  public PublicKey key() {
    return key;
  }

  /**
   * The SHA-256 digest of the block's revocation key, 64 hex digits: the name of the token that
   * ends here.
   */
  public String digest() {
    return digest;
  }

  /** What a revocation list calls the block, 32 hex digits; written with {@link #granted}. */
  public @Nullable String fingerprint() {
    return fingerprint;
  }

  /** When the authority ends that is left after the block, or null if no block says so. */
  public @Nullable Instant until() {
    return until;
  }

  /** What the block leaves of the authority, in words; null if this log has said so before. */
  public @Nullable String granted() {
    return granted;
  }

  private List<@Nullable Object> parts() {
    return Arrays.asList(block, mode, by, holder, key, digest, fingerprint, until, granted);
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof AuditHop other && parts().equals(other.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  /** The block's index, and what the step is. */
  @Override
  public String toString() {
    return "block " + block + ", " + mode.text() + " by " + by;
  }

  /** Collects the parts. For one thread. */
  static final class Builder {
    private final int block;
    private final DelegationHop.Mode mode;
    private final String by;
    private final PublicKey key;
    private @Nullable String holder;
    private String digest = "";
    private @Nullable String fingerprint;
    private @Nullable Instant until;
    private @Nullable String granted;

    Builder(int block, DelegationHop.Mode mode, String by, PublicKey key) {
      this.block = block;
      this.mode = mode;
      this.by = by;
      this.key = key;
    }

    Builder holder(@Nullable String name) {
      holder = name;
      return this;
    }

    Builder digest(String hex) {
      digest = hex;
      return this;
    }

    Builder until(@Nullable Instant end) {
      until = end;
      return this;
    }

    /** Sets what is left of the authority; written once for each block of a log. */
    Builder granted(@Nullable String blockFingerprint, @Nullable String words) {
      fingerprint = blockFingerprint;
      granted = words;
      return this;
    }

    /**
     * Builds the step.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if a part
     *     is out of its range
     */
    AuditHop build() {
      return new AuditHop(this);
    }
  }
}
