package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.ContractClaims;
import dev.taper.agent.memory.SharedApprovalUsesContract;
import dev.taper.testing.Refused;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValkeyApprovalUsesTest extends SharedApprovalUsesContract {
  private final TestStore store = new TestStore();

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(TestStore.builder(address).open().approvalUses());
    }
  }

  @Override
  protected ApprovalUses open(int capacity) {
    return store.open(ValkeyStore.Memory.APPROVALS, capacity).approvalUses();
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), store.address());
  }

  @Override
  protected int raced() {
    return 50;
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void claim_lastsLongerThanTheStoreWasTold_isUnavailable() {
    ApprovalUses uses = open(100);
    long most = Duration.ofDays(30).toSeconds() + 30; // by an approver whose clock is ahead

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> uses.claim(List.of(use("a", most + 1)), ALICE, NOW));
    assertThat(uses.claim(List.of(use("a", most)), ALICE, NOW)).isEmpty();
  }

  @Test
  void fill_afterAClaim_isWhatTheServerSaid() {
    ApprovalUses uses = open(100);
    assertThat(uses.fill()).isNull();
    assertThat(uses.claim(List.of(use("a", 60), use("b", 60)), ALICE, NOW)).isEmpty();

    assertThat(uses.fill()).isEqualTo(new Fill(2, 100));
  }

  @Test
  void anything_storeClosed_isUnavailable() {
    ValkeyStore closed = store.open(ValkeyStore.Memory.APPROVALS, 100);
    ApprovalUses uses = closed.approvalUses();
    closed.close();

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses.claim(List.of(use("a", 60)), ALICE, NOW));
    Refused.with(ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses.release(List.of(use("a", 60))));
  }
}
