package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("CheckReturnValue") // most claims only fill the memory
class InMemoryApprovalUsesTest extends ApprovalUsesContract {
  @Override
  protected ApprovalUses open(int capacity) {
    return new InMemoryApprovalUses(capacity);
  }

  @Override
  protected int raced() {
    return 125_000; // by 8 threads, that is a million attempts
  }

  @Test
  void known_usedHere_isSaidBeforeTheClaim() {
    ApprovalUses uses = open(10);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);

    assertThat(uses.known(List.of(use("a", 60), use("b", 60)))).containsExactly(use("a", 60));
  }

  @Test
  void claim_whatHasEnded_makesRoom() {
    InMemoryApprovalUses uses = new InMemoryApprovalUses(10);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);

    uses.claim(List.of(use("b", 120)), ALICE, NOW.plusSeconds(61));

    assertThat(uses.size()).isEqualTo(1);
  }

  @Test
  void of_capacityBelowOne_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> new InMemoryApprovalUses(0));
  }

  @Test
  void approvalUse_goodForNoCall_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> new ApprovalUses.Use(use("a", 60).id(), NOW, 0));
  }

  @Test
  void mayWait_never() {
    assertThat(open(10).mayWait()).isFalse();
  }
}
