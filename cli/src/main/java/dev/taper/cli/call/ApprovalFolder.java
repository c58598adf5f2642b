package dev.taper.cli.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Counts the uses of approvals from run to run: an empty file for each use, in the folder that
 * {@link ReplayFolder} uses for proofs. Of two processes only one gets a use; if both want several
 * and each gets some, both may be refused, and none is spent.
 */
final class ApprovalFolder implements ApprovalUses {
  private static final int MAX_APPROVALS = 10_000;
  private static final Pattern NAME = Pattern.compile("([0-9]{12})-[0-9a-f]{64}-[0-9]{5}\\.approval");

  private final UseFolder folder;

  /** The files of the uses that this run claimed. */
  private final Map<ApprovalUse, String> claimed = new HashMap<>();

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
            "the folder holds " + MAX_APPROVALS + " uses of approvals; there is no room for another");
      }
      return create(uses);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private Set<ApprovalUse> create(Collection<ApprovalUse> uses) throws IOException {
    Set<ApprovalUse> before = new LinkedHashSet<>();
    Map<ApprovalUse, String> made = new HashMap<>();
    for (ApprovalUse use : uses) {
      String file = add(use);
      if (file == null) {
        before.add(use);
      } else {
        made.put(use, file);
      }
    }
    if (before.isEmpty()) {
      claimed.putAll(made);
    } else {
      for (String file : made.values()) {
        folder.remove(file);
      }
    }
    return before;
  }

  /** Makes the file of the next use; null if there is one for each. */
  private @Nullable String add(ApprovalUse use) throws IOException {
    for (int number = 1; number <= use.calls(); number++) {
      String file =
          "%012d-%s-%05d.approval".formatted(use.until().getEpochSecond(), use.id(), number);
      if (folder.add(file)) {
        return file;
      }
    }
    return null;
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try {
      for (ApprovalUse use : uses) {
        String file = claimed.remove(use);
        if (file != null) {
          folder.remove(file);
        }
      }
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  @Override
  public boolean durable() {
    return true;
  }

  private static TaperException unavailable(IOException e) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, "cannot use the folder: " + e.getMessage(), e);
  }
}
