package dev.taper.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.escalation.ApprovalUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalFolderTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  @TempDir Path parent;

  private ApprovalFolder at(Instant now) {
    return new ApprovalFolder(parent.resolve("used"), now);
  }

  private static ApprovalUse use(char digit) {
    return new ApprovalUse(String.valueOf(digit).repeat(64), NOW.plusSeconds(60));
  }

  @Test
  void claim_inAnotherRun_isRememberedUntilItEnds() throws IOException {
    assertThat(at(NOW).claim(List.of(use('a')))).isEmpty();
    assertThat(at(NOW.plusSeconds(59)).claim(List.of(use('a')))).containsExactly(use('a'));

    at(NOW.plusSeconds(60)).claim(List.of());
    try (var files = Files.list(parent.resolve("used"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void claim_oneOfSeveralUsedBefore_usesNone() {
    at(NOW).claim(List.of(use('b')));

    assertThat(at(NOW).claim(List.of(use('a'), use('b')))).containsExactly(use('b'));
    assertThat(at(NOW).claim(List.of(use('a')))).isEmpty();
  }

  @Test
  void claim_folderThatIsAFile_isUnavailable() throws IOException {
    Files.writeString(parent.resolve("used"), "");

    assertThatThrownBy(() -> at(NOW).claim(List.of(use('a'))))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.APPROVAL_USES_UNAVAILABLE));
  }
}
