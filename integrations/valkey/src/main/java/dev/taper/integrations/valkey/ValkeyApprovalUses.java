package dev.taper.integrations.valkey;

import dev.taper.ErrorCode;
import dev.taper.Fill;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts the uses of approvals in a store. A use is kept for a day after the approval's end. */
final class ValkeyApprovalUses implements ApprovalUses {
  private final StoreClaims claims;

  ValkeyApprovalUses(StoreClaims claims) {
    this.claims = claims;
  }

  @Override
  public Set<ApprovalUses.Use> claim(
      Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
    return StoreClaims.asked(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "whether an approval was used before is not known",
        () -> claims.take(null, List.of(), uses, share, now).usedUp());
  }

  @Override
  public void release(Collection<ApprovalUses.Use> uses) {
    boolean unused =
        StoreClaims.asked(
            ErrorCode.APPROVAL_USES_UNAVAILABLE,
            "an approval that was not needed may count as used",
            () -> claims.release(uses));
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public @Nullable Fill fill() {
    return claims.fill(ValkeyStore.Memory.APPROVALS);
  }
}
