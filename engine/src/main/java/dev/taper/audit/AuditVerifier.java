package dev.taper.audit;

import dev.taper.crypto.PublicKey;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies logs: that every record is in its one form and in its place, that each is chained to the
 * one before, and that every checkpoint is signed. Immutable and thread-safe.
 *
 * <p>It cannot see that records behind the last checkpoint were changed and chained anew, or that a
 * log was cut off behind a checkpoint, unless it is given a {@linkplain #expecting head} that was
 * kept elsewhere.
 */
public final class AuditVerifier {
  private final @Nullable Set<PublicKey> keys;
  private final AuditRecord.@Nullable Head expected;
  private final boolean part;

  private AuditVerifier(
      @Nullable Set<PublicKey> keys, AuditRecord.@Nullable Head expected, boolean part) {
    this.keys = keys;
    this.expected = expected;
    this.part = part;
  }

  /**
   * Makes a verifier.
   *
   * @param keys the keys whose checkpoints are trusted; none trusts no log
   */
  public static AuditVerifier trusting(Collection<PublicKey> keys) {
    return new AuditVerifier(Set.copyOf(keys), null, false);
  }

  /**
   * Makes a verifier that takes checkpoints of any key: it finds mistakes and accidents, but anyone
   * who can write the log can also write another one with a key of their own. So it calls no log
   * {@linkplain LogVerification#intact intact}, only {@linkplain LogVerification#consistent
   * consistent}.
   */
  public static AuditVerifier withoutTrustedKeys() {
    return new AuditVerifier(null, null, false);
  }

  /** Makes a verifier that expects the log to have had this head at some time. */
  public AuditVerifier expecting(AuditRecord.Head head) {
    return new AuditVerifier(keys, head, part);
  }

  /**
   * Makes a verifier of some files of a log, one behind the other: those before the first of them
   * and behind the last need not be there.
   */
  public AuditVerifier ofPart() {
    return new AuditVerifier(keys, expected, true);
  }

  /**
   * Verifies a log.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if it cannot be
   *     read
   */
  public LogVerification verify(AuditSource source) {
    return verify(source, record -> {});
  }

  /**
   * Verifies a log and passes its good records on, up to the first flaw. A record that is passed on
   * is good as far as the log was read by then: only the result says whether it is signed.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#AUDIT_UNAVAILABLE} if it cannot be
   *     read, and whatever the reader throws
   */
  public LogVerification verify(AuditSource source, Consumer<AuditRecord> reader) {
    Verification verification = new Verification(keys, expected, part, reader);
    ReadAhead lines = new ReadAhead(verification::accept);
    source.read(lines);
    lines.end();
    return verification.verdict();
  }
}
