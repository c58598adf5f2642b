package dev.taper.cli.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Remembers used approvals from run to run: an empty file for each, in the folder that {@link
 * ReplayFolder} uses for proofs. Of two processes only one gets an approval; if both want several
 * and each gets some, both may be refused, and none is spent.
 */
final class ApprovalFolder implements ApprovalUses {
  private static final int MAX_APPROVALS = 10_000;
  private static final Pattern NAME = Pattern.compile("([0-9]{12})-[0-9a-f]{64}\\.approval");

  private final UseFolder folder;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder
   * @param now the time
   */
  ApprovalFolder(Path folder, Instant now) {
    this.folder = new UseFolder(folder, NAME, now.getEpochSecond());
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share) {
    try {
      if (folder.prepare() + uses.size() > MAX_APPROVALS) {
        throw new TaperException(
            ErrorCode.APPROVAL_USES_FULL,
            "the folder holds " + MAX_APPROVALS + " used approvals; there is no room for another");
      }
      return create(uses);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private Set<ApprovalUse> create(Collection<ApprovalUse> uses) throws IOException {
    Set<ApprovalUse> before = new LinkedHashSet<>();
    List<ApprovalUse> made = new ArrayList<>();
    for (ApprovalUse use : uses) {
      if (folder.add(file(use))) {
        made.add(use);
      } else {
        before.add(use);
      }
    }
    if (!before.isEmpty()) {
      for (ApprovalUse use : made) {
        folder.remove(file(use));
      }
    }
    return before;
  }

  private static String file(ApprovalUse use) {
    return "%012d-%s.approval".formatted(use.until().getEpochSecond(), use.id());
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try {
      for (ApprovalUse use : uses) {
        folder.remove(file(use));
      }
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private static TaperException unavailable(IOException e) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, "cannot use the folder: " + e.getMessage(), e);
  }
}
