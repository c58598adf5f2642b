package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a list: something revoked, and until when that matters.
 *
 * @param kind what it is
 * @param fingerprint which one
 * @param until the last second in which the revoked thing would otherwise be good, rounded up; null
 *     if it has no end. After that the entry says nothing, so the end must not be too early
 */
public record RevocationEntry(Kind kind, Fingerprint fingerprint, @Nullable Instant until) {
  /**
   * The seconds since 1970 that stand for no end; the second before it is the last possible end.
   */
  static final int FOREVER = -1;

  private static final long FOREVER_UNSIGNED = 0xffffffffL;

  /** Makes an entry without an end. */
  public static RevocationEntry forever(Kind kind, Fingerprint fingerprint) {
    return new RevocationEntry(kind, fingerprint, null);
  }

  /** Makes an entry from the values of the format. */
  static RevocationEntry of(Kind kind, Fingerprint fingerprint, int until) {
    return new RevocationEntry(
        kind,
        fingerprint,
        until == FOREVER ? null : Instant.ofEpochSecond(Integer.toUnsignedLong(until)));
  }

  /** The end in unsigned seconds since 1970; an end out of range counts as none. */
  int untilSeconds() {
    if (until == null) {
      return FOREVER;
    }
    long seconds = until.getEpochSecond() + (until.getNano() > 0 ? 1 : 0);
    return seconds < 0 ? 0 : seconds >= FOREVER_UNSIGNED ? FOREVER : (int) seconds;
  }

  /** Returns that of two entries for one thing which ends later. */
  static RevocationEntry later(RevocationEntry a, RevocationEntry b) {
    return Integer.compareUnsigned(b.untilSeconds(), a.untilSeconds()) > 0 ? b : a;
  }

  /**
   * A revocation that its own issuer takes back before its end, and why. It ends only what this
   * issuer revoked, never a revocation by another issuer. An entry of the same list, or of a later
   * one, revokes anew. Immutable and thread-safe.
   *
   * @param kind what was revoked
   * @param fingerprint which one
   * @param until the end of the lifted entry, as {@link RevocationEntry#until}; until then the
   *     issuer repeats this in every snapshot
   * @param reason why, for people: a label of at most 1,024 bytes
   */
  public record LiftedEntry(
      Kind kind, Fingerprint fingerprint, @Nullable Instant until, String reason) {
    /**
     * Checks the reason.
     *
     * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is empty, too long, or holds
     *     characters that people cannot see
     */
    public LiftedEntry {
      Canonical.reason(reason);
    }

    /**
     * Lifts an entry.
     *
     * @param entry the thing that was revoked, and until when
     * @param reason why the revocation ends early
     * @throws TaperException {@link ErrorCode#INVALID_REQUEST} as the constructor
     */
    public static LiftedEntry of(RevocationEntry entry, String reason) {
      return new LiftedEntry(entry.kind(), entry.fingerprint(), entry.until(), reason);
    }

    /** The entry that is lifted. */
    public RevocationEntry entry() {
      return new RevocationEntry(kind, fingerprint, until);
    }

    byte[] reasonBytes() {
      return reason.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The kinds of things that can be revoked. */
  public enum Kind {
    /** One block, and so every token that has it: all that was handed on in one hop. */
    BLOCK(1),
    /** Everything granted for a task. */
    TASK(2),
    /** Everything that passed through a key: held by it, signed by it; what it approved is void. */
    HOLDER(3),
    /** Everything that was granted in somebody's name. */
    DELEGATOR(4),
    /** Everything that a root key signed. */
    ROOT(5),
    /** One approval, which counts for nothing then; no token ends by that. */
    APPROVAL(6),
    /** What a key holds now, whatever its block; what was handed on from there lives. */
    LAST_HOLDER(7);

    private static final Kind[] BY_WIRE_ID = {
      null, BLOCK, TASK, HOLDER, DELEGATOR, ROOT, APPROVAL, LAST_HOLDER
    };

    private final int wireId;
    private final String text = name().toLowerCase(Locale.ROOT);

    Kind(int wireId) {
      this.wireId = wireId;
    }

    /** The name in lower case, as printed. */
    public String text() {
      return text;
    }

    /** The number in the format. */
    int wireId() {
      return wireId;
    }

    static @Nullable Kind ofWireId(int wireId) {
      return wireId > 0 && wireId < BY_WIRE_ID.length ? BY_WIRE_ID[wireId] : null;
    }
  }
}
