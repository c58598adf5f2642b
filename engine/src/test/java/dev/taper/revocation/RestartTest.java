package dev.taper.revocation;

import static dev.taper.revocation.Lists.join;
import static dev.taper.revocation.Lists.task;
import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A verifier that restarts takes nothing older than what it had. */
class RestartTest {
  @TempDir private Path folder;
  private final Lists lists = new Lists();
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("sequence");
  }

  @Test
  void apply_olderListAfterARestart_isRolledBack() {
    byte[] old = lists.snapshot(4, task("T-1"));
    started().apply(lists.snapshot(5, task("T-1"), task("T-2")));
    RevocationList restarted = started();

    refused(() -> restarted.apply(old), ErrorCode.REVOCATIONS_ROLLED_BACK);

    assertThat(restarted.highestSequence(lists.key.publicKey())).isEqualTo(5);
    assertThat(lists.check(restarted, "T-9").status()).isEqualTo(RevocationStatus.UNAVAILABLE);
  }

  @Test
  void apply_sameListAfterARestart_isTaken() {
    byte[] current = lists.snapshot(5, task("T-1"));
    started().apply(current);
    RevocationList restarted = started();

    assertThat(restarted.apply(current)).isTrue();
    assertThat(lists.revoked(restarted, "T-1")).isTrue();
  }

  @Test
  void apply_anotherListOfTheSameNumberAfterARestart_isRolledBack() {
    started().apply(lists.snapshot(5, task("T-1")));
    RevocationList restarted = started();

    refused(() -> restarted.apply(lists.snapshot(5)), ErrorCode.REVOCATIONS_ROLLED_BACK);
    refused(
        () -> restarted.apply(join(lists.snapshot(5), lists.delta(5, 6))),
        ErrorCode.REVOCATIONS_ROLLED_BACK);
  }

  @Test
  void apply_snapshotWithoutTheDeltasOfBefore_isRolledBackUntilTheyAreThere() {
    byte[] snapshot = lists.snapshot(5, task("T-1"));
    byte[] delta = lists.delta(5, 6, task("T-2"));
    started().apply(join(snapshot, delta));
    RevocationList restarted = started();

    refused(() -> restarted.apply(snapshot), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(restarted.apply(join(snapshot, delta))).isTrue();
    assertThat(lists.revoked(restarted, "T-2")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "taper-revocations 1\n",
        "taper-revocations 1\nsha256 "
            + "6b8a6c3b5d0e35e2fe6e3b4e1ea0ec1fd1d9a2b2a8cd2b5a0a4f4a2a1e7f0b3c\n",
        "taper-revocations 1 5 0000000000000000000000000000000000000000000000000000000000000000\n"
      })
  void build_fileThatCannotBeUnderstood_isRefused(String content) throws IOException {
    Files.writeString(file, content);

    refused(this::started, ErrorCode.REVOCATION_MEMORY);
  }

  @Test
  void build_fileCutOrEditedAnywhere_isRefused() throws IOException {
    started().apply(lists.snapshot(7, task("T-1")));
    byte[] whole = Files.readAllBytes(file);

    for (int i = 0; i < whole.length; i++) {
      Files.write(file, Arrays.copyOf(whole, i));
      refused(this::started, ErrorCode.REVOCATION_MEMORY);
      byte[] edited = whole.clone();
      edited[i] ^= 1;
      Files.write(file, edited);
      refused(this::started, ErrorCode.REVOCATION_MEMORY);
    }
    Files.write(file, join(whole, whole));
    refused(this::started, ErrorCode.REVOCATION_MEMORY);
    Files.write(file, whole);
    assertThat(started().highestSequence(lists.key.publicKey())).isEqualTo(7);
  }

  @Test
  void build_fileOfALaterVersion_isRefusedWithThatReason() throws IOException {
    Files.writeString(file, "taper-revocations 2\nanything\n");

    assertThatThrownBy(this::started)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REVOCATION_MEMORY))
        .hasMessageContaining("written by another version");
    Files.writeString(file, "anything\n");
    assertThatThrownBy(this::started).hasMessageContaining("was cut or edited");
  }

  /** Whoever works out the sum anew can write any number, but nothing that is none. */
  @ParameterizedTest
  @ValueSource(
      strings = {"x 5 DIGEST", "ed25519/00 0 DIGEST", "ed25519/00 5 00", "ed25519 5 DIGEST"})
  void build_fileWithALineThatIsNone_isRefused(String line) throws IOException {
    started().apply(lists.snapshot(7));
    String good = Files.readAllLines(file).get(1);
    String bad = line.replace("DIGEST", "0".repeat(64));
    for (String lines : List.of(bad, bad + "\n" + good, good + "\n" + bad)) {
      String text = "taper-revocations 1\n" + lines + "\n";
      byte[] sum = Digests.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
      Files.writeString(file, text + "sha256 " + HexFormat.of().formatHex(sum) + "\n");

      refused(this::started, ErrorCode.REVOCATION_MEMORY);
    }
  }

  @Test
  void apply_listsOfTwoIssuers_areRememberedByIssuer() {
    Lists other = new Lists();
    RevocationList both = both(other);
    both.apply(join(lists.snapshot(5), other.snapshot(2)));

    RevocationList restarted = both(other);

    assertThat(restarted.highestSequence(lists.key.publicKey())).isEqualTo(5);
    assertThat(restarted.highestSequence(other.key.publicKey())).isEqualTo(2);
    refused(() -> restarted.apply(other.snapshot(1)), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(restarted.apply(other.snapshot(3))).isTrue();
    assertThat(started().highestSequence(lists.key.publicKey())).isEqualTo(5);
  }

  private RevocationList both(Lists other) {
    return RevocationList.trusting(lists.key.publicKey(), other.key.publicKey())
        .clock(lists.clock)
        .rememberedIn(file)
        .build();
  }

  @Test
  void build_fileThatCannotBeRead_isRefused() throws IOException {
    Files.createDirectory(file);

    refused(this::started, ErrorCode.REVOCATION_MEMORY);
  }

  @Test
  void apply_numberCannotBeKept_saysSoAndRevokesAllTheSame() throws IOException {
    file = folder.resolve("missing").resolve("sequence");
    RevocationList list = started();
    byte[] snapshot = lists.snapshot(1, task("T-1"));

    refused(() -> list.apply(snapshot), ErrorCode.REVOCATION_MEMORY);
    assertThat(lists.revoked(list, "T-1")).isTrue();

    Files.createDirectory(folder.resolve("missing"));
    assertThat(list.apply(snapshot)).isFalse();
    assertThat(started().highestSequence(lists.key.publicKey())).isEqualTo(1);
  }

  @Test
  void apply_nothingNew_needsNoDisk() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    file = own.resolve("sequence");
    RevocationList list = started();
    byte[] snapshot = lists.snapshot(1, task("T-1"));
    list.apply(snapshot);
    Files.delete(file);
    Files.delete(own);

    assertThat(list.apply(snapshot)).isFalse();
    refused(() -> list.apply(lists.delta(1, 2)), ErrorCode.REVOCATION_MEMORY);
  }

  @Test
  void apply_newList_leavesOnlyTheFile() throws IOException {
    RevocationList list = started();
    list.apply(lists.snapshot(1));
    list.apply(lists.delta(1, 12));

    assertThat(folder)
        .isDirectoryContaining("glob:**sequence")
        .isDirectoryNotContaining("glob:**.new");
    assertThat(Files.readString(file))
        .matches(
            "taper-revocations 1\n"
                + lists.key.publicKey()
                + " 12 [0-9a-f]{64}\nsha256 [0-9a-f]{64}\n");
  }

  private RevocationList started() {
    return RevocationList.trusting(lists.key.publicKey())
        .clock(lists.clock)
        .rememberedIn(file)
        .build();
  }
}
