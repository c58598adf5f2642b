package dev.taper.agent.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class InMemoryApprovalUsesTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  private Instant time = NOW;
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return time;
        }
      };

  @Test
  void claim_again_isRefusedUntilItEnds() {
    InMemoryApprovalUses uses = InMemoryApprovalUses.of(clock);

    assertThat(uses.claim(List.of(use("a", 60)))).isEmpty();
    assertThat(uses.claim(List.of(use("a", 60)))).containsExactly(use("a", 60));
    time = NOW.plusSeconds(59);
    assertThat(uses.claim(List.of(use("a", 60)))).containsExactly(use("a", 60));
    assertThat(uses.claim(List.of(use("b", 60)))).isEmpty();
  }

  @Test
  void claim_oneOfSeveralUsedBefore_usesNone() {
    InMemoryApprovalUses uses = InMemoryApprovalUses.of(clock);
    uses.claim(List.of(use("b", 60)));

    assertThat(uses.claim(List.of(use("a", 60), use("b", 60)))).containsExactly(use("b", 60));
    assertThat(uses.claim(List.of(use("a", 60)))).isEmpty();
  }

  @Test
  void claim_afterItsEndWithTheClockSetBack_isRefused() {
    InMemoryApprovalUses uses = InMemoryApprovalUses.of(clock);
    uses.claim(List.of(use("a", 60)));
    time = NOW.plusSeconds(60);
    uses.claim(List.of(use("b", 120))); // makes room: "a" is forgotten
    assertThat(uses.size()).isEqualTo(1);

    time = NOW;

    assertThat(uses.claim(List.of(use("a", 60)))).containsExactly(use("a", 60));
  }

  @Test
  void claim_full_refusesRatherThanForgets() {
    InMemoryApprovalUses uses = InMemoryApprovalUses.of(2, clock);
    uses.claim(List.of(use("a", 60), use("b", 90)));

    assertThatThrownBy(() -> uses.claim(List.of(use("c", 60))))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_FULL));
    assertThat(uses.claim(List.of(use("a", 60)))).isNotEmpty();

    time = NOW.plusSeconds(60);
    assertThat(uses.claim(List.of(use("c", 120)))).isEmpty();
    assertThat(uses.claim(List.of(use("b", 90)))).isNotEmpty();
  }

  @Test
  void of_capacityBelowOne_throws() {
    assertThatThrownBy(() -> InMemoryApprovalUses.of(0, clock))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void claim_byManyThreads_succeedsOnce() throws Exception {
    InMemoryApprovalUses uses = InMemoryApprovalUses.of(clock);
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < 50; round++) {
        CyclicBarrier start = new CyclicBarrier(threads);
        ApprovalUse use = use("round " + round, 60);
        List<Callable<Set<ApprovalUse>>> claims = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          claims.add(
              () -> {
                start.await();
                return uses.claim(List.of(use));
              });
        }
        int succeeded = 0;
        for (Future<Set<ApprovalUse>> claim : pool.invokeAll(claims)) {
          succeeded += claim.get().isEmpty() ? 1 : 0;
        }
        assertThat(succeeded).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static ApprovalUse use(String id, long seconds) {
    return new ApprovalUse(id, NOW.plusSeconds(seconds));
  }
}
