package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Refused;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What stands behind decisions, by a watch that goes only as it is told. */
class BackingTest {
  private static final Duration WHOLE = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong();
  private final Backing store =
      new Backing(
          "the store", ErrorCode.DATABASE_UNAVAILABLE, true, WHOLE, Clock.systemUTC(), nanos::get);

  private Deadline in(Duration time) {
    return Deadline.in(time, nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private int late(Duration time) {
    return store.ask(
        in(time),
        () -> {
          pass(time);
          return 7;
        });
  }

  private void failing(Supplier<RuntimeException> failure) {
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThatThrownBy(
              () ->
                  store.ask(
                      in(WHOLE),
                      () -> {
                        throw failure.get();
                      }))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void ask_answersThatComeTooLate_areUsedAndCountAsFailures() {
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThat(late(WHOLE)).isEqualTo(7);
    }

    assertThat(store.health().reachable()).isFalse();
    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> late(WHOLE));
    assertThat(store.health().asked()).isEqualTo(Breaker.FAILURES);
  }

  @Test
  void ask_answersInTime_areNoFailures() {
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThat(store.ask(in(WHOLE), () -> 7)).isEqualTo(7);
    }

    assertThat(store.health().failuresInRow()).isZero();
  }

  /** A caller that used up its time elsewhere says nothing about the store. */
  @Test
  void ask_byCallersWithLessThanHalfOfTheTime_closesNothing() {
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThat(late(WHOLE.dividedBy(2).minusNanos(1))).isEqualTo(7);
    }
    assertThat(store.health().failuresInRow()).isZero();

    assertThat(late(WHOLE.dividedBy(2))).isEqualTo(7);
    assertThat(store.health().failuresInRow()).isEqualTo(1);
  }

  /** Also where it would be the one call that tries a store that was left alone. */
  @Test
  void askInTime_noTimeLeft_asksNothingAndSaysNothingOfTheStore() {
    failing(() -> new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "down"));
    pass(Breaker.PAUSE);

    Refused.with(ErrorCode.TIMEOUT, () -> store.askInTime(in(Duration.ZERO), () -> 7));

    assertThat(store.health().asked()).isEqualTo(Breaker.FAILURES);
    assertThat(store.askInTime(in(WHOLE), () -> 7)).isEqualTo(7);
    assertThat(store.health().reachable()).isTrue();
  }

  @Test
  void ask_failsWithNoTimeLeft_isToBlameWhateverItThrows() {
    failing(() -> new IllegalStateException("in time"));
    assertThat(store.health().failuresInRow()).isZero();

    failing(
        () -> {
          pass(WHOLE);
          return new IllegalStateException("too late");
        });
    assertThat(store.health().reachable()).isFalse();
  }

  @Test
  void ask_trialThatSaysNothingOfTheStore_isFollowedByAnother() {
    failing(() -> new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "down"));
    pass(Breaker.PAUSE);

    assertThatThrownBy(
            () ->
                store.ask(
                    in(WHOLE),
                    () -> {
                      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "too long");
                    }))
        .hasMessage("too long");
    assertThatThrownBy(
            () ->
                store.ask(
                    in(WHOLE),
                    () -> {
                      throw new StackOverflowError("of the caller");
                    }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(store.ask(in(WHOLE), () -> 7)).isEqualTo(7);
    assertThat(store.health().reachable()).isTrue();
  }

  @Test
  void tell_fails_isSaidInTheHealth() {
    assertThatThrownBy(
            () ->
                store.tell(
                    in(WHOLE),
                    () -> {
                      throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "down");
                    }))
        .hasMessage("down");

    assertThat(store.health().lastFailure()).isNotNull();
    assertThat(store.health().reachable()).isTrue();
  }
}
