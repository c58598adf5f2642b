package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every memory of used approvals must do that processes share. A test's later calls of {@link
 * #open} open the same memory anew.
 */
public abstract class SharedApprovalUsesContract extends ApprovalUsesContract {
  @Override
  protected abstract List<String> elsewhere();

  @Test
  void claim_openedAnew_isRemembered() {
    ApprovalUses uses = open(100);
    claim(uses, ALICE, use("a", 60), use("b", 60));
    uses.release(List.of(use("b", 60)));
    ApprovalUses again = open(100);

    assertThat(claim(again, ALICE, use("a", 60))).containsExactly(use("a", 60));
    assertThat(claim(again, ALICE, use("b", 60))).isEmpty();
  }

  @Test
  void claim_processKilled_losesNothingThatItWasTold() {
    ApprovalUses uses = open(MUCH);

    assertThat(uses.mayWait()).as("or a verifier gave its calls no deadline").isTrue();
    List<Integer> told = ContractClaims.killed(elsewhere(), 10);

    for (int number : told) {
      int left = numbered(number).calls() - 1;
      for (int i = 0; i < left; i++) {
        assertThat(claim(uses, ALICE, numbered(number))).isEmpty();
      }
      assertThat(claim(uses, ALICE, numbered(number))).isNotEmpty();
    }
    assertThat(claim(uses, ALICE, numbered(told.size() + 1))).isEmpty();
  }
}
