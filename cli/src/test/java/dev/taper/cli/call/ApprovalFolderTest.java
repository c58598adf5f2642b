package dev.taper.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.MemoryShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalFolderTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});

  @TempDir Path parent;

  private ApprovalFolder at(Instant now) {
    return new ApprovalFolder(parent.resolve("used"), now);
  }

  private static ApprovalUse use(char digit) {
    return use(digit, 1);
  }

  private static ApprovalUse use(char digit, int most) {
    return new ApprovalUse(String.valueOf(digit).repeat(64), NOW.plusSeconds(60), most);
  }

  @Test
  void claim_inAnotherRun_isRememberedUntilItEnds() throws IOException {
    assertThat(at(NOW).claim(List.of(use('a')), SHARE)).isEmpty();
    assertThat(at(NOW.plusSeconds(59)).claim(List.of(use('a')), SHARE)).containsExactly(use('a'));

    at(NOW.plusSeconds(60)).claim(List.of(), SHARE);
    try (var files = Files.list(parent.resolve("used"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void claim_oneOfSeveralUsedBefore_usesNone() {
    at(NOW).claim(List.of(use('b')), SHARE);

    assertThat(at(NOW).claim(List.of(use('a'), use('b')), SHARE)).containsExactly(use('b'));
    assertThat(at(NOW).claim(List.of(use('a')), SHARE)).isEmpty();
  }

  @Test
  void claim_severalUses_areCountedOverRuns() {
    for (int i = 0; i < 3; i++) {
      assertThat(at(NOW).claim(List.of(use('a', 3)), SHARE)).isEmpty();
    }

    assertThat(at(NOW).claim(List.of(use('a', 3)), SHARE)).containsExactly(use('a', 3));
  }

  @Test
  void release_givesBackWhatWasClaimed() {
    ApprovalFolder run = at(NOW);
    assertThat(run.claim(List.of(use('a', 2), use('b')), SHARE)).isEmpty();

    run.release(List.of(use('a', 2)));

    assertThat(at(NOW).claim(List.of(use('a', 2)), SHARE)).isEmpty();
    assertThat(at(NOW).claim(List.of(use('a', 2)), SHARE)).isEmpty();
    assertThat(at(NOW).claim(List.of(use('a', 2)), SHARE)).containsExactly(use('a', 2));
    assertThat(at(NOW).claim(List.of(use('b')), SHARE)).containsExactly(use('b'));
  }

  @Test
  void claim_folderThatIsAFile_isUnavailable() throws IOException {
    Files.writeString(parent.resolve("used"), "");

    assertThatThrownBy(() -> at(NOW).claim(List.of(use('a')), SHARE))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_UNAVAILABLE));
  }
}
