package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.Fill;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What stands behind a verifier answers as it would by itself, and is told how long to wait. */
class BehindTest {
  private static final Duration FOR_STEPS = Duration.ofMillis(800);
  private static final Duration FOR_RECORDS = Duration.ofMillis(200);
  private static final Fill FILL = new Fill(3, 7);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[1]);
  private static final Budgets.Charge CHARGE = new Budgets.Charge("a".repeat(64), 2, 3, null);

  private final AtomicLong nanos = new AtomicLong();
  private final Behind behind = new Behind(Duration.ofSeconds(1), Clock.systemUTC(), nanos::get);
  private final List<Duration> left = new ArrayList<>();

  /** Notes how long whoever is asked may take. */
  private void asked() {
    left.add(Objects.requireNonNull(Deadline.current()).left());
  }

  private Budgets budgets() {
    return Objects.requireNonNull(behind.budgets(Map.of("acme", new SlowBudgets())).get("acme"));
  }

  private static ApprovalUses.Use approval(char digit) {
    return ApprovalUses.Use.once(String.valueOf(digit).repeat(64), Story.NOON);
  }

  @Test
  void uses_ofAMemoryThatWaits_sayWhatItSays() {
    ApprovalUses lasting = behind.uses(new SlowUses(true));
    assertThat(lasting.claim(List.of(approval('a')), SHARE, Story.NOON)).isEmpty();

    assertThat(lasting.known(List.of(approval('a'), approval('b')))).containsExactly(approval('a'));
    assertThat(lasting.durable()).isTrue();
    assertThat(behind.uses(new SlowUses(false)).durable()).isFalse();
    assertThat(lasting.fill()).isEqualTo(FILL);
    assertThat(left).containsExactly(FOR_STEPS);
  }

  @Test
  void uses_releaseAfterTheDeadline_isGivenTheTimeOfRecords() {
    ApprovalUses uses = behind.uses(new SlowUses(true));
    assertThat(uses.claim(List.of(approval('a')), SHARE, Story.NOON)).isEmpty();

    afterTheDeadline(() -> uses.release(List.of(approval('a'))));

    assertThat(uses.known(List.of(approval('a')))).isEmpty();
    assertThat(left).containsExactly(FOR_STEPS, FOR_RECORDS);
  }

  @Test
  void proofs_ofAMemoryThatWaits_sayWhatItSays() {
    ReplayMemory memory = behind.proofs(new SlowReplays());
    ReplayMemory.Use use = new ReplayMemory.Use("a".repeat(64), Story.NOON, Story.NOON);
    assertThat(memory.known(use)).isFalse();
    assertThat(memory.claim(use, SHARE, Story.NOON)).isTrue();

    assertThat(memory.known(use)).isTrue();
    assertThat(memory.claim(use, SHARE, Story.NOON)).isFalse();
    assertThat(memory.fill()).isEqualTo(FILL);
    assertThat(left).containsExactly(FOR_STEPS, FOR_STEPS);
  }

  @Test
  void budgets_ofAStoreThatWaits_sayWhatItSays() {
    Budgets budgets = budgets();
    assertThat(budgets.look(List.of(CHARGE), Story.NOON)).isNull();
    assertThat(budgets.charge(List.of(CHARGE), SHARE, Story.NOON))
        .isInstanceOf(Budgets.Charged.class);

    assertThat(budgets.look(List.of(CHARGE), Story.NOON)).isEqualTo(new Budgets.Exhausted(0, 1));
    assertThat(budgets.fill()).isEqualTo(FILL);
    assertThat(left).containsExactly(FOR_STEPS, FOR_STEPS, FOR_STEPS);
  }

  @Test
  void budgets_giveBackAfterTheDeadline_isGivenTheTimeOfRecords() {
    Budgets budgets = budgets();
    Budgets.Charged charged = (Budgets.Charged) budgets.charge(List.of(CHARGE), SHARE, Story.NOON);

    afterTheDeadline(() -> budgets.giveBack(charged));

    assertThat(budgets.look(List.of(CHARGE), Story.NOON)).isNull();
    assertThat(left).containsExactly(FOR_STEPS, FOR_RECORDS, FOR_STEPS);
  }

  @Test
  void revocations_ofALookUpThatWaits_tellItsHealth() {
    Revocations.RevocationHealth health =
        new Revocations.RevocationHealth(
            Revocations.RevocationStatus.STALE, List.of(), List.of(), Duration.ZERO);

    Revocations lookUp = Objects.requireNonNull(behind.revocations(new SlowLookUp(health)));

    assertThat(lookUp.health()).isSameAs(health);
  }

  /** Works on a call that has used up its time. */
  private void afterTheDeadline(Runnable work) {
    behind.during(
        () -> {
          assertThat(Objects.requireNonNull(Deadline.current()).left()).isPositive(); // it begins
          nanos.addAndGet(Duration.ofSeconds(2).toNanos());
          work.run();
          return true;
        });
  }

  private final class SlowUses implements ApprovalUses {
    private final boolean durable;
    private final Set<ApprovalUses.Use> used = new HashSet<>();

    SlowUses(boolean durable) {
      this.durable = durable;
    }

    @Override
    public Set<ApprovalUses.Use> known(Collection<ApprovalUses.Use> wanted) {
      Set<ApprovalUses.Use> known = new HashSet<>(wanted);
      known.retainAll(used);
      return known;
    }

    @Override
    public Set<ApprovalUses.Use> claim(
        Collection<ApprovalUses.Use> wanted, MemoryShare share, Instant now) {
      asked();
      used.addAll(wanted);
      return Set.of();
    }

    @Override
    public void release(Collection<ApprovalUses.Use> claimed) {
      asked();
      used.removeAll(claimed);
    }

    @Override
    public boolean durable() {
      return durable;
    }

    @Override
    public Fill fill() {
      return FILL;
    }
  }

  private final class SlowReplays implements ReplayMemory {
    private final Set<ReplayMemory.Use> used = new HashSet<>();

    @Override
    public boolean known(ReplayMemory.Use use) {
      return used.contains(use);
    }

    @Override
    public boolean claim(ReplayMemory.Use use, MemoryShare share, Instant now) {
      asked();
      return used.add(use);
    }

    @Override
    public Fill fill() {
      return FILL;
    }
  }

  private final class SlowBudgets implements Budgets {
    private final Budgets budgets = Budgets.forThisProcessOnly();

    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
      asked();
      return budgets.charge(charges, share, now);
    }

    @Override
    public void giveBack(Charged charged) {
      asked();
      budgets.giveBack(charged);
    }

    @Override
    public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
      asked();
      return budgets.look(charges, now);
    }

    @Override
    public Fill fill() {
      return FILL;
    }
  }

  private record SlowLookUp(RevocationHealth health) implements Revocations {
    @Override
    public RevocationCheck check(List<Fingerprint> fingerprints, Instant now) {
      throw new AssertionError("asked for its health alone");
    }
  }
}
