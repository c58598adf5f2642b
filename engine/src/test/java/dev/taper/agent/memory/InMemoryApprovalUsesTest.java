package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryApprovalUsesTest extends ApprovalUsesContract {
  @Override
  protected ApprovalUses open(int capacity, Clock clock) {
    return InMemoryApprovalUses.of(capacity, clock);
  }

  @Test
  void known_usedHere_isSaidBeforeTheClaim() {
    ApprovalUses uses = uses(10);
    uses.claim(List.of(use("a", 60)), ALICE);

    assertThat(uses.known(List.of(use("a", 60), use("b", 60)))).containsExactly(use("a", 60));
  }

  @Test
  void claim_afterItsEndWithTheClockSetBack_isRefused() {
    InMemoryApprovalUses uses = (InMemoryApprovalUses) uses(10);
    uses.claim(List.of(use("a", 60)), ALICE);
    at(NOW.plusSeconds(60));
    uses.claim(List.of(use("b", 120)), ALICE); // makes room: "a" is forgotten
    assertThat(uses.size()).isEqualTo(1);

    at(NOW);

    assertThat(uses.claim(List.of(use("a", 60)), ALICE)).containsExactly(use("a", 60));
  }

  @Test
  void of_capacityBelowOne_throws() {
    assertThatThrownBy(() -> InMemoryApprovalUses.of(0, Clock.systemUTC()))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
