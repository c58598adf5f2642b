package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReservationTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // they may overflow
  private final AtomicInteger released = new AtomicInteger();

  private Reservation reservation() {
    return new Reservation(released::incrementAndGet, nanos::get);
  }

  @Test
  void giveBack_inTime_isDoneOnce() {
    Reservation reservation = reservation();
    nanos.addAndGet(Reservation.LASTS.toNanos());

    reservation.giveBack();
    reservation.giveBack();
    reservation.close();

    assertThat(released).hasValue(1);
  }

  @Test
  void giveBack_tooLate_countsAsUsed() {
    Reservation reservation = reservation();
    nanos.addAndGet(Reservation.LASTS.toNanos() + 1);

    reservation.giveBack();

    assertThat(released).hasValue(0);
  }

  @Test
  void giveBack_afterClose_countsAsUsed() {
    Reservation reservation = reservation();

    reservation.close();
    reservation.giveBack();

    assertThat(released).hasValue(0);
  }
}
