package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.faults.Faults;
import dev.taper.testing.faults.Faults.Acknowledged;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memories in folders, while their disk fails: what was taken stays taken, and not by half. */
class MemoryFaultsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir private Path folder;

  private static String id(int number) {
    return HexFormat.of().toHexDigits(number).repeat(8);
  }

  private static ReplayMemory.Use proof(int number) {
    return new ReplayMemory.Use(id(number), NOW, NOW.plusSeconds(60));
  }

  private static ApprovalUses.Use approval(int number) {
    return ApprovalUses.Use.once(id(number), NOW.plusSeconds(60));
  }

  @Test
  void claim_ofProofsWhileTheDiskFails_isDoneOrNot() throws IOException {
    int runs =
        Faults.enumerate(
            folder,
            new Faults.Writer() {
              @Override
              public void write(Path in, Acknowledged acknowledged) {
                ReplayMemory memory = ReplayMemory.inFolder(in.resolve("used"));
                for (int step = 0; step < 3; step++) {
                  assertThat(memory.claim(proof(step), SHARE, NOW)).isTrue();
                  acknowledged.step();
                }
              }

              @Override
              public void check(Path in, int acknowledged) {
                ReplayMemory memory = ReplayMemory.inFolder(in.resolve("used"));
                for (int step = 0; step < acknowledged; step++) {
                  assertThat(memory.claim(proof(step), SHARE, NOW)).isFalse();
                }
                assertThat(memory.claim(proof(7), SHARE, NOW)).isTrue();
                assertThat(memory.claim(proof(7), SHARE, NOW)).isFalse();
              }
            });
    assertThat(runs).isGreaterThan(40);
  }

  @Test
  void claim_ofTwoApprovalsWhileTheDiskFails_takesBothOrNone() throws IOException {
    int runs =
        Faults.enumerate(
            folder,
            new Faults.Writer() {
              @Override
              public void prepare(Path in) {
                var unused = claim(in, 0);
              }

              @Override
              public void write(Path in, Acknowledged acknowledged) {
                for (int step = 1; step < 3; step++) {
                  assertThat(claim(in, step)).isTrue();
                  acknowledged.step();
                }
              }

              private boolean claim(Path in, int step) {
                return ApprovalUses.inFolder(in.resolve("used"))
                    .claim(List.of(approval(2 * step), approval(2 * step + 1)), SHARE, NOW)
                    .isEmpty();
              }

              @Override
              public void check(Path in, int acknowledged) {
                ApprovalUses memory = ApprovalUses.inFolder(in.resolve("used"));
                for (int step = 0; step <= acknowledged; step++) {
                  assertThat(claim(in, step)).isFalse();
                }
                for (int step = acknowledged + 1; step < 5; step++) {
                  ApprovalUses.Use one = approval(2 * step);
                  ApprovalUses.Use other = approval(2 * step + 1);
                  boolean isFree = memory.claim(List.of(one), SHARE, NOW).isEmpty();
                  assertThat(memory.claim(List.of(other), SHARE, NOW).isEmpty()).isEqualTo(isFree);
                }
              }
            });
    assertThat(runs).isGreaterThan(10);
  }

  @Test
  void claim_journalIsWrittenAnewWhileTheDiskFails_forgetsNothing() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          @Override
          public void prepare(Path in) {
            ApprovalUses memory = ApprovalUses.inFolder(in.resolve("used"));
            for (int hundred = 0; hundred < 11; hundred++) {
              List<ApprovalUses.Use> many = new ArrayList<>();
              for (int i = 0; i < 100; i++) {
                many.add(approval(1000 + 100 * hundred + i));
              }
              assertThat(memory.claim(many, SHARE, NOW)).isEmpty();
            }
            ApprovalUses.Use kept = ApprovalUses.Use.once(id(1), NOW.plusSeconds(600));
            assertThat(memory.claim(List.of(kept), SHARE, NOW)).isEmpty();
          }

          @Override
          public void write(Path in, Acknowledged acknowledged) {
            ApprovalUses.Use next = ApprovalUses.Use.once(id(2), NOW.plusSeconds(600));
            Instant later = NOW.plusSeconds(90);
            assertThat(ApprovalUses.inFolder(in.resolve("used")).claim(List.of(next), SHARE, later))
                .isEmpty();
            acknowledged.step();
          }

          @Override
          public void check(Path in, int acknowledged) {
            Instant later = NOW.plusSeconds(90);
            ApprovalUses memory = ApprovalUses.inFolder(in.resolve("used"));
            for (int number = 1; number <= 1 + acknowledged; number++) {
              ApprovalUses.Use kept = ApprovalUses.Use.once(id(number), NOW.plusSeconds(600));
              assertThat(memory.claim(List.of(kept), SHARE, later)).isNotEmpty();
            }
            ApprovalUses.Use more = ApprovalUses.Use.once(id(9), NOW.plusSeconds(600));
            assertThat(memory.claim(List.of(more), SHARE, later)).isEmpty();
          }
        });
  }

  @Test
  void charge_whileTheDiskFails_isNeverForgotten() throws IOException {
    Faults.enumerate(
        folder,
        new Faults.Writer() {
          private final Budgets.Charge one = new Budgets.Charge(id(1), 3, 10, null);
          private final Budgets.Charge other = new Budgets.Charge(id(2), 3, 10, null);

          @Override
          public void write(Path in, Acknowledged acknowledged) {
            Budgets budgets = Budgets.inFolder(in.resolve("used"));
            for (int step = 0; step < 2; step++) {
              assertThat(budgets.charge(List.of(one, other), SHARE, NOW))
                  .isInstanceOf(Budgets.Charged.class);
              acknowledged.step();
            }
          }

          @Override
          public void check(Path in, int acknowledged) {
            Budgets budgets = Budgets.inFolder(in.resolve("used"));
            for (Budgets.Charge each : List.of(one, other)) {
              Budgets.Charge most = new Budgets.Charge(each.counter(), 11, 10, null);
              Budgets.Exhausted left = Objects.requireNonNull(budgets.look(List.of(most), NOW));
              assertThat(left.left()).isLessThanOrEqualTo(10 - 3L * acknowledged);
              assertThat(left.left()).isGreaterThanOrEqualTo(10 - 3L * (acknowledged + 1));
            }
            Budgets.Charge more = new Budgets.Charge(id(3), 3, 3, null);
            assertThat(budgets.charge(List.of(more), SHARE, NOW))
                .isInstanceOf(Budgets.Charged.class);
            assertThat(budgets.charge(List.of(more), SHARE, NOW))
                .isInstanceOf(Budgets.Exhausted.class);
          }
        });
  }
}
