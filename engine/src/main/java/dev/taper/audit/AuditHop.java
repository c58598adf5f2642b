package dev.taper.audit;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.DelegationHop;
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

  /**
   * A step of a chain.
   *
   * @param holder who holds the token after it; null if anyone who has it does
   * @param digest the block's digest in hex
   * @param fingerprint what revokes the block, in hex; null unless the step is new in the log
   * @param until when the authority ends after it; null for never
   * @param granted what is left behind it, in words; null unless the step is new in the log
   */
  AuditHop(
      int block,
      DelegationHop.Mode mode,
      String by,
      @Nullable String holder,
      PublicKey key,
      String digest,
      @Nullable String fingerprint,
      @Nullable Instant until,
      @Nullable String granted) {
    Checked.natural(block, "a block's index");
    Checked.text(by, "who granted");
    Checked.textOrNull(holder, "the holder");
    Checked.hex(digest, 32, "a block's digest");
    if (fingerprint != null) {
      Checked.hex(fingerprint, Fingerprint.BYTES, "a block's fingerprint");
    }
    this.block = block;
    this.mode = mode;
    this.by = by;
    this.holder = holder;
    this.key = key;
    this.digest = digest;
    this.fingerprint = fingerprint;
    this.until = until == null ? null : Checked.time(until);
    this.granted = granted == null ? null : ShortText.of(granted, MAX_GRANTED);
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
}
