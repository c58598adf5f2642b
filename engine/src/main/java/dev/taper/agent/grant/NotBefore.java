package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Check;
import dev.taper.datalog.Query;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token begins: {@code check if time($time), $time >= DATE}.
 *
 * @param start the first instant that is not too early, a whole second
 */
record NotBefore(Instant start) implements Condition {
  /**
   * Checks the instant.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if it is not a
   *     whole second between the years 1970 and 9999
   */
  public NotBefore {
    Instants.require(start);
  }

  @Override
  public Kind kind() {
    return Kind.NOT_BEFORE;
  }

  @Override
  public Check check() {
    return new Instants.Bound(false, start).check();
  }

  static @Nullable NotBefore read(Query query) {
    Instant start = Instants.read(query, false);
    return start == null ? null : new NotBefore(start);
  }

  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    return Instants.mismatch(facts, time -> !time.isBefore(start), words());
  }

  @Override
  public String words() {
    return "from " + start;
  }
}
