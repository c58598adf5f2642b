package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Four turns, and who gets them; a thread that works in its turn can ask for another one. */
class AskTurnsShareTest {
  private static final MemoryShare A1 = share("a", 1);
  private static final MemoryShare A2 = share("a", 2);
  private static final MemoryShare A3 = share("a", 3);
  private static final MemoryShare A4 = share("a", 4);
  private static final MemoryShare B = share("b", 1);
  private static final MemoryShare C = share("c", 1);
  private static final MemoryShare D = share("d", 1);
  private static final MemoryShare E = share("e", 1);

  private final AskTurns impatient = new AskTurns(Duration.ZERO);
  private final AskTurns patient = new AskTurns(Duration.ofMinutes(1));

  private static MemoryShare share(String delegator, int authority) {
    return MemoryShare.of(delegator, new byte[] {(byte) authority});
  }

  /** What a test does while shares have turns. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static void holding(AskTurns turns, List<MemoryShare> shares, Work work) {
    if (shares.isEmpty()) {
      try {
        work.run();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return;
    }
    boolean unused =
        turns.during(
            shares.get(0),
            () -> {
              holding(turns, shares.subList(1, shares.size()), work);
              return true;
            });
  }

  private static String ask(AskTurns turns, @Nullable MemoryShare share) {
    try {
      return turns.during(share, () -> "done");
    } catch (TaperException e) {
      return e.code().text();
    }
  }

  private static final String BUSY = ErrorCode.DATABASE_UNAVAILABLE.text();

  /** Asks for a turn in a thread of its own. */
  private static final class Asker extends Thread {
    private final AskTurns turns;
    private final MemoryShare share;
    private volatile String outcome = "none";

    private Asker(AskTurns turns, MemoryShare share) {
      this.turns = turns;
      this.share = share;
    }

    @Override
    public void run() {
      outcome = ask(turns, share);
    }

    /** Starts one, and returns when it waits for a turn, or has ended. */
    static Asker started(AskTurns turns, MemoryShare share) throws InterruptedException {
      Asker asker = new Asker(turns, share);
      asker.setDaemon(true);
      asker.start();
      while (asker.getState() != State.TIMED_WAITING && asker.getState() != State.TERMINATED) {
        Thread.sleep(1);
      }
      return asker;
    }

    String outcome() throws InterruptedException {
      join();
      return outcome;
    }
  }

  @Test
  void turns_ofOneShare_areThreeOfFour() {
    holding(
        impatient,
        List.of(A1, A1, A1),
        () -> {
          assertThat(ask(impatient, A1)).isEqualTo(BUSY);
          assertThat(ask(impatient, B)).as("another delegator").isEqualTo("done");
        });
    assertThat(ask(impatient, A1)).as("given back").isEqualTo("done");
  }

  @Test
  void turns_ofOneDelegator_leaveOneToOthers() {
    holding(
        impatient,
        List.of(A1, A1, A2),
        () -> {
          for (MemoryShare its : List.of(A1, A2, A3)) {
            assertThat(ask(impatient, its)).isEqualTo(BUSY);
          }
          assertThat(ask(impatient, B)).isEqualTo("done");
        });
  }

  @Test
  void turns_areFour_andTheirSharesRememberedOnlyMeanwhile() {
    holding(
        impatient,
        List.of(A1, B, C, D),
        () -> {
          assertThat(ask(impatient, E)).isEqualTo(BUSY);
          assertThat(impatient.remembered()).isEqualTo(4);
        });
    assertThat(impatient.remembered()).isZero();
  }

  @Test
  void turn_ofAStranger_isOneAndNobodyElses() {
    boolean unused =
        impatient.during(
            null,
            () -> {
              assertThat(ask(impatient, null)).isEqualTo(BUSY);
              holding(impatient, List.of(A1, B, C, D), () -> {});
              return true;
            });
    assertThat(ask(impatient, null)).isEqualTo("done");
    holding(
        impatient, List.of(A1, B, C, D), () -> assertThat(ask(impatient, null)).isEqualTo("done"));
  }

  @Test
  void turn_thatIsGivenBack_isTheNextOnes() throws InterruptedException {
    for (int i = 0; i < 6; i++) {
      List<Asker> waiting = new ArrayList<>();
      holding(patient, List.of(A1, A1, A1), () -> waiting.add(Asker.started(patient, A1)));
      assertThat(waiting.get(0).outcome()).isEqualTo("done");
    }
    assertThat(patient.remembered()).isZero();
  }

  @Test
  void waiting_ofMoreThanFour_isRefusedAtOnce() throws InterruptedException {
    List<Asker> waiting = new ArrayList<>();
    List<Asker> more = new ArrayList<>();
    holding(
        patient,
        List.of(A1, B, C, D),
        () -> {
          for (int i = 0; i < 4; i++) {
            waiting.add(Asker.started(patient, E));
          }
          more.add(Asker.started(patient, E));
          assertThat(more.get(0).getState()).isEqualTo(Thread.State.TERMINATED);
          assertThat(patient.remembered()).as("those who wait are remembered").isEqualTo(5);
        });
    assertThat(more.get(0).outcome()).isEqualTo(BUSY);
    for (Asker one : waiting) {
      assertThat(one.outcome()).isEqualTo("done");
    }
    assertThat(patient.remembered()).isZero();
  }

  /** Who waits has no part yet. */
  @Test
  void waiting_ofSeveralAuthorities_endsForOneAfterTheOther() {
    holding(
        patient,
        List.of(A1, A1),
        () -> {
          List<Asker> waiting = new ArrayList<>();
          holding(
              patient,
              List.of(A2),
              () -> {
                waiting.add(Asker.started(patient, A3));
                waiting.add(Asker.started(patient, A4));
              });
          for (Asker one : waiting) {
            assertThat(one.outcome()).isEqualTo("done");
          }
        });
  }

  @Test
  void during_inAThreadThatIsInterrupted_isRefusedAndStaysSo() {
    Thread.currentThread().interrupt();
    try {
      Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> patient.during(null, () -> "done"));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
