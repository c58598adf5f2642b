package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.SharedBudgetsContract;
import dev.taper.testing.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValkeyBudgetsTest extends SharedBudgetsContract {
  private static final Instant TIME = Instant.parse("2026-11-25T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Budgets.Charge CHARGE = new Budgets.Charge("a".repeat(64), 1, 1, null);
  private static final Budgets.Charge HOURLY =
      new Budgets.Charge("b".repeat(64), 1, 1, Duration.ofHours(1));

  private final TestStore store = new TestStore();

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(TestStore.builder(address).open().budgets());
    }
  }

  @Override
  protected Budgets open(int capacity) {
    return store.open(ValkeyStore.Memory.BUDGETS, capacity).budgets();
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), store.address());
  }

  @Override
  protected int callsOfThread() {
    return 200;
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void charge_verifierWithASlowClock_isNotHeldBack() {
    Budgets budgets = open(MUCH);
    charged(budgets, HOURLY, TIME);
    charged(budgets, CHARGE, TIME.plus(Duration.ofHours(20)));

    assertThat(budgets.look(List.of(HOURLY), TIME)).isEqualTo(new Budgets.Exhausted(0, 0));
    charged(budgets, HOURLY, TIME.plus(Duration.ofMinutes(62)));
  }

  @Test
  void charge_counterThatWasDropped_isNotRevivedByAClockSetBack() {
    Budgets budgets = open(MUCH);
    charged(budgets, HOURLY, TIME);
    charged(budgets, CHARGE, TIME.plus(Duration.ofDays(2)));

    charged(budgets, HOURLY, TIME); // counts as of when the dropped one ended
    Instant beforeThatPassed = TIME.plus(Duration.ofHours(2));
    assertThat(budgets.look(List.of(HOURLY), beforeThatPassed))
        .isEqualTo(new Budgets.Exhausted(0, 0));
  }

  /** Whatever is charged and given back, the server counts as memory does. */
  @Test
  void charge_anything_isCountedAsInMemory() {
    Random random = new Random(19);
    Budgets there = open(MUCH);
    Budgets here = Budgets.forThisProcessOnly();
    Instant now = TIME;
    for (int i = 0; i < 1500; i++) {
      now = now.plusMillis(random.nextInt(20_000));
      Budgets.Charge one = any(random);
      Budgets.Charge other = any(random);
      List<Budgets.Charge> charges =
          one.counter().equals(other.counter()) ? List.of(one) : List.of(one, other);
      Budgets.Answer expected = here.charge(charges, ALICE, now);
      assertThat(there.charge(charges, ALICE, now)).isEqualTo(expected);
      if (expected instanceof Budgets.Charged charged && random.nextInt(4) == 0) {
        here.giveBack(charged);
        there.giveBack(charged);
      }
      assertThat(there.look(List.of(one), now)).isEqualTo(here.look(List.of(one), now));
    }
  }

  private static Budgets.Charge any(Random random) {
    int number = random.nextInt(6);
    long limit = number < 3 ? Long.MAX_VALUE : 100_000_000_000L;
    long amount = number < 3 ? random.nextLong() >>> (1 + random.nextInt(40)) : random.nextInt();
    Duration window =
        switch (number) {
          case 1, 4 -> Duration.ofMinutes(10);
          case 2, 5 -> Duration.ofMillis(7);
          default -> null;
        };
    return new Budgets.Charge(String.format("%064x", number), Math.abs(amount >> 1), limit, window);
  }

  private static void charged(Budgets budgets, Budgets.Charge charge, Instant now) {
    assertThat(budgets.charge(List.of(charge), ALICE, now)).isInstanceOf(Budgets.Charged.class);
  }

  @Test
  void anything_storeClosed_isUnavailable() {
    ValkeyStore closed = store.open(ValkeyStore.Memory.BUDGETS, 100);
    Budgets budgets = closed.budgets();
    Budgets.Charged charged = (Budgets.Charged) budgets.charge(List.of(CHARGE), ALICE, TIME);
    closed.close();

    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.charge(List.of(CHARGE), ALICE, TIME));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.giveBack(charged));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> budgets.look(List.of(CHARGE), TIME));
  }
}
