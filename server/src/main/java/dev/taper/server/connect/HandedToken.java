package dev.taper.server.connect;

import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.RootKeys;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A token that was left for us. Immutable and thread-safe.
 *
 * @param work what it is for
 * @param isVerified false if all of it is a claim, which is listed and never used
 * @param end when its authority ends; null for never
 * @param written when its file was written, as the file says
 */
record HandedToken(
    AgentToken token, HandedWork work, boolean isVerified, @Nullable Instant end, Instant written) {

  /**
   * Looks at a token.
   *
   * @param roots who may have signed first blocks; null if that is not known
   */
  static HandedToken of(AgentToken token, @Nullable RootKeys roots, Instant written) {
    HandedWork work;
    boolean isVerified = true;
    try {
      work = HandedWork.verified(token, roots);
    } catch (TaperException e) {
      work = HandedWork.claimed(token);
      isVerified = false;
    }
    Instant end = token.chain().effectiveAuthority().expiry();
    return new HandedToken(token, work, isVerified, end, written);
  }

  boolean isAlive(Instant now) {
    return end == null || end.isAfter(now);
  }

  /**
   * Of several for one work, the last is used: one that has not ended, and of these the one that
   * ends last. Times of files decide only among equals, and none counts that is yet to come.
   */
  static Comparator<HandedToken> order(Instant now) {
    return Comparator.comparing((HandedToken one) -> one.isAlive(now))
        .thenComparing(one -> one.end == null ? Instant.MAX : one.end)
        .thenComparing(one -> one.written.isAfter(now) ? now : one.written)
        .thenComparing(one -> one.token.encodeBase64());
  }
}
