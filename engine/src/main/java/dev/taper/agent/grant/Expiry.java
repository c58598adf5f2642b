package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Check;
import dev.taper.datalog.Query;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token ends: {@code check if time($time), $time < DATE}. Other spellings are read too: {@code
 * <=} a second earlier, and the operands the other way round.
 *
 * @param end the first instant that is too late, a whole second
 */
record Expiry(Instant end) implements Condition {
  /**
   * Checks the instant.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it is not a
   *     whole second between the years 1970 and 9999
   */
  public Expiry {
    Instants.require(end);
  }

  @Override
  public Kind kind() {
    return Kind.EXPIRY;
  }

  @Override
  public Check check() {
    return new Instants.Bound(true, end).check();
  }

  static @Nullable Expiry read(Query query) {
    Instant end = Instants.read(query, true);
    return end == null ? null : new Expiry(end);
  }

  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    return Instants.mismatch(facts, time -> time.isBefore(end), words());
  }

  @Override
  public String words() {
    return "until " + end;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Expiry other && end.equals(other.end);
  }

  @Override
  public int hashCode() {
    return end.hashCode();
  }
}
