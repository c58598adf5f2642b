package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("CheckReturnValue") // most claims only fill the memory
class FolderApprovalUsesTest extends SharedApprovalUsesContract {
  @TempDir private Path parent;

  /** Opens it in another process. */
  public static final class Opener implements ContractClaims.Opener {
    @Override
    public ContractClaims.Claimer open(String address) {
      return claimer(new FolderApprovalUses(Path.of(address), MUCH));
    }
  }

  @Override
  protected ApprovalUses open(int capacity) {
    return new FolderApprovalUses(parent.resolve("used"), capacity);
  }

  @Override
  protected List<String> elsewhere() {
    return List.of(Opener.class.getName(), parent.resolve("used").toString());
  }

  @Override
  protected int raced() {
    return 100;
  }

  private Path file() {
    return parent.resolve("used").resolve("approvals");
  }

  /** A machine that loses power may have written any part of the last claim. */
  @Test
  void claim_fileCutAnywhereInTheLastClaim_losesThatClaimAtMost() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    int first = Files.readAllBytes(file()).length;
    uses.claim(List.of(use("b", 60), use("c", 60)), ALICE, NOW);
    byte[] whole = Files.readAllBytes(file());

    for (int length = first; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      ApprovalUses after = open(100);
      assertThat(after.claim(List.of(use("a", 60)), ALICE, NOW)).isNotEmpty();
      assertThat(after.claim(List.of(use("b", 60)), ALICE, NOW)).isEmpty();
      assertThat(after.claim(List.of(use("b", 60), use("c", 60)), ALICE, NOW))
          .containsExactly(use("b", 60));
      assertThat(Files.size(file())).isLessThan(whole.length);
    }
  }

  @Test
  void claim_lastClaimFullOfZeros_losesThatClaimAtMost() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    int first = Files.readAllBytes(file()).length;
    uses.claim(List.of(use("b", 60), use("c", 60)), ALICE, NOW);
    byte[] bytes = Files.readAllBytes(file());
    Arrays.fill(bytes, first, bytes.length, (byte) 0);
    Files.write(file(), bytes);

    assertThat(open(100).claim(List.of(use("a", 60)), ALICE, NOW)).isNotEmpty();
    assertThat(open(100).claim(List.of(use("b", 60), use("c", 60)), ALICE, NOW)).isEmpty();
  }

  @Test
  void claim_fileDamagedBeforeTheLastClaim_isUnavailable() throws IOException {
    ApprovalUses uses = open(100);
    List<Integer> ends = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      uses.claim(List.of(use(name, 60)), ALICE, NOW);
      ends.add((int) Files.size(file()));
    }
    byte[] whole = Files.readAllBytes(file());
    for (int at = 0; at < ends.get(1); at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      Files.write(file(), damaged);
      ApprovalUses after = open(100);
      Refused.with(
          ErrorCode.APPROVAL_USES_UNAVAILABLE,
          () -> after.claim(List.of(use("d", 60)), ALICE, NOW));
    }
    Files.write(file(), new byte[0]);
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> open(100).claim(List.of(use("d", 60)), ALICE, NOW));
  }

  /** Every number is a generation's, also the one that nothing has that was not read yet. */
  @Test
  void claim_generationZero_isReadAsAnyOther() throws IOException {
    open(100).claim(List.of(use("a", 60)), ALICE, NOW);
    byte[] whole = Files.readAllBytes(file());
    byte[] zero = UseRecord.header(new UseRecord.Header(0, 0)).array();
    System.arraycopy(zero, 0, whole, 0, zero.length);
    Files.write(file(), whole);

    assertThat(open(100).claim(List.of(use("a", 60)), ALICE, NOW)).isNotEmpty();
    assertThat(open(100).claim(List.of(use("b", 60)), ALICE, NOW)).isEmpty();
    assertThat(Files.size(file())).isGreaterThan(whole.length);
  }

  @Test
  void claim_damagedWhileOpen_isUnavailableUntilItIsRestored() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), new byte[whole.length]);

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses.claim(List.of(use("b", 60)), ALICE, NOW));
    Refused.with(ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses.release(List.of(use("a", 60))));
    Files.write(file(), whole);
    assertThat(uses.claim(List.of(use("a", 60)), ALICE, NOW)).isNotEmpty();
    assertThat(uses.claim(List.of(use("b", 60)), ALICE, NOW)).isEmpty();
  }

  @Test
  void claim_mostHasEnded_fileIsWrittenAnewForAllProcesses() throws IOException {
    ApprovalUses uses = open(MUCH);
    ApprovalUses other = open(MUCH);
    for (int i = 0; i < 120; i++) {
      List<ApprovalUses.Use> many = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        many.add(use("many " + i + " " + j, 60));
      }
      uses.claim(many, ALICE, NOW);
    }
    other.claim(List.of(use("kept", 600)), ALICE, NOW);
    long before = Files.size(file());

    assertThat(uses.claim(List.of(use("new", 600)), ALICE, NOW.plusSeconds(90))).isEmpty();

    assertThat(Files.size(file())).isLessThan(before / 100);
    for (ApprovalUses each : List.of(uses, other, open(MUCH))) {
      assertThat(each.claim(List.of(use("new", 600)), ALICE, NOW)).isNotEmpty();
      assertThat(each.claim(List.of(use("kept", 600)), ALICE, NOW)).isNotEmpty();
      assertThat(each.claim(List.of(use("many 0 0", 60)), ALICE, NOW)).isNotEmpty();
    }
  }

  /** Or it is copied for few that count no more, or at each claim. */
  @ParameterizedTest
  @CsvSource({"1023, 0, false", "1024, 0, true", "1024, 512, true", "1024, 513, false"})
  void claim_manyOfWhichHalfCount_fileIsWrittenAnew(int records, int count, boolean isAnew)
      throws IOException {
    ApprovalUses uses = open(MUCH);
    List<ApprovalUses.Use> many = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      many.add(use("many " + i, i < count ? 600 : 60));
    }
    uses.claim(many, ALICE, NOW);

    uses.claim(List.of(use("new", 600)), ALICE, NOW.plusSeconds(90));

    assertThat(Files.size(file()))
        .isEqualTo(UseRecord.HEADER_BYTES + (1L + (isAnew ? count : records)) * UseRecord.BYTES);
  }

  @Test
  void claim_othersHaveTheFileUntilTheDeadline_isUnavailable() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    Path lock = parent.resolve("used").resolve("approvals.lock");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      Refused.with(
          ErrorCode.APPROVAL_USES_UNAVAILABLE,
          () ->
              Deadline.in(Duration.ofMillis(20))
                  .during(() -> uses.claim(List.of(use("b", 60)), ALICE, NOW)));
    }
    assertThat(uses.claim(List.of(use("b", 60)), ALICE, NOW)).isEmpty();
  }

  @Test
  void claim_lockFileDeleted_isMadeAgain() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    Files.delete(parent.resolve("used").resolve("approvals.lock"));

    assertThat(uses.claim(List.of(use("a", 60)), ALICE, NOW)).isNotEmpty();
    assertThat(uses.claim(List.of(use("b", 60)), ALICE, NOW)).isEmpty();
  }

  @Test
  void claim_fileDeleted_isUnavailableUntilAllIsBegunAnew() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    Files.delete(file());

    for (ApprovalUses each : List.of(uses, open(100))) {
      Refused.with(
          ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> each.claim(List.of(use("b", 60)), ALICE, NOW));
    }
    Files.delete(parent.resolve("used").resolve("approvals.begun"));
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses.claim(List.of(use("b", 60)), ALICE, NOW));
    assertThat(open(100).claim(List.of(use("a", 60)), ALICE, NOW)).isEmpty();
  }

  @Test
  void claim_fileCutOffWhileOpen_isUnavailableUntilItIsRestored() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    uses.claim(List.of(use("b", 60)), ALICE, NOW);
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length - UseRecord.BYTES));

    for (int i = 0; i < 2; i++) {
      Refused.with(
          ErrorCode.APPROVAL_USES_UNAVAILABLE, () -> uses.claim(List.of(use("b", 60)), ALICE, NOW));
    }
    Files.write(file(), whole);
    assertThat(uses.claim(List.of(use("b", 60)), ALICE, NOW)).isNotEmpty();
  }

  /** Also by who has only looked so far. */
  @Test
  void claim_fileCutOffAfterItWasRead_isUnavailable() throws IOException {
    ApprovalUses uses = open(100);
    uses.claim(List.of(use("a", 60)), ALICE, NOW);
    uses.claim(List.of(use("b", 60)), ALICE, NOW);
    ApprovalUses reader = open(100);
    assertThat(reader.claim(List.of(use("b", 60)), ALICE, NOW)).isNotEmpty();
    byte[] whole = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(whole, whole.length - UseRecord.BYTES));

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "was cut off",
        () -> reader.claim(List.of(use("c", 60)), ALICE, NOW));
  }

  @Test
  void claim_fileOfAnotherVersion_isRefusedAndSaysSo() throws IOException {
    open(100).claim(List.of(use("a", 60)), ALICE, NOW);
    byte[] whole = Files.readAllBytes(file());
    whole["taper uses ".length()] = '2';
    Files.write(file(), whole);

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "was written by another version",
        () -> open(100).claim(List.of(use("a", 60)), ALICE, NOW));
    Files.writeString(file(), "something else".repeat(100));
    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        "no journal of uses",
        () -> open(100).claim(List.of(use("a", 60)), ALICE, NOW));
  }

  @Test
  void claim_folderThatOthersCanChange_isUnavailable() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("used"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> open(10).claim(List.of(use("a", 60)), ALICE, NOW));
  }

  @Test
  void claim_folderThatIsAFile_isUnavailable() throws IOException {
    Files.writeString(parent.resolve("used"), "");

    Refused.with(
        ErrorCode.APPROVAL_USES_UNAVAILABLE,
        () -> open(10).claim(List.of(use("a", 60)), ALICE, NOW));
  }

  @Test
  void fill_tellsWhatTheLastTurnSaw() {
    FolderApprovalUses uses = new FolderApprovalUses(parent.resolve("used"), 10);
    assertThat(uses.fill().size()).isZero();
    uses.claim(List.of(use("a", 60)), ALICE, NOW);

    assertThat(uses.fill().size()).isEqualTo(1);
    assertThat(uses.fill().capacity()).isEqualTo(10);
  }
}
