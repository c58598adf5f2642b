package dev.taper.cli.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.cli.io.Outputs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Remembers used approvals from run to run: an empty file for each, as {@link ReplayFolder} does
 * for proofs, in the same folder. Of two processes only one gets to use an approval; if both want
 * several and each gets some, both may be refused, and none is spent.
 */
final class ApprovalFolder implements ApprovalUses {
  private static final int MAX_APPROVALS = 10_000;
  private static final Pattern NAME = Pattern.compile("[0-9]{12}-[0-9a-f]{64}\\.approval");
  private static final int TIME_DIGITS = 12;

  private final Path folder;
  private final Instant now;

  /**
   * Uses a folder, which is made when it is needed.
   *
   * @param folder the folder
   * @param now the earlier of the real time and the time that a call is decided for
   */
  ApprovalFolder(Path folder, Instant now) {
    this.folder = folder;
    this.now = now;
  }

  @Override
  public Set<ApprovalUse> claim(Collection<ApprovalUse> uses, MemoryShare share) {
    try {
      Outputs.privateFolder(folder);
      if (dropEnded() + uses.size() > MAX_APPROVALS) {
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
    List<Path> made = new ArrayList<>();
    for (ApprovalUse use : uses) {
      Path file = file(use);
      try {
        Files.createFile(file);
        made.add(file);
      } catch (FileAlreadyExistsException e) {
        before.add(use);
      }
    }
    if (!before.isEmpty()) {
      for (Path file : made) {
        Files.delete(file);
      }
    }
    return before;
  }

  private Path file(ApprovalUse use) {
    return folder.resolve("%012d-%s.approval".formatted(use.until().getEpochSecond(), use.id()));
  }

  @Override
  public void release(Collection<ApprovalUse> uses) {
    try {
      for (ApprovalUse use : uses) {
        Files.deleteIfExists(file(use));
      }
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private static TaperException unavailable(IOException e) {
    return new TaperException(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, "cannot use the folder: " + e.getMessage(), e);
  }

  private int dropEnded() throws IOException {
    int left = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (NAME.matcher(name).matches()) {
          if (Long.parseLong(name, 0, TIME_DIGITS, 10) <= now.getEpochSecond()) {
            Files.deleteIfExists(file);
          } else {
            left++;
          }
        }
      }
    }
    return left;
  }
}
