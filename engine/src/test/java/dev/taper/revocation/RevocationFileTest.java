package dev.taper.revocation;

import static dev.taper.revocation.Lists.task;
import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.revocation.RevocationEntry.LiftedEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer.IssuedList;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer's file: what is in it stays, for as long as it was promised. */
class RevocationFileTest {
  private static final RevocationIssuer.Horizon WEEK =
      new RevocationIssuer.Horizon(Duration.ofDays(7), Duration.ofDays(9));

  @TempDir private Path folder;
  private final Lists lists = new Lists();
  private Path path;
  private RevocationFile file;

  @BeforeEach
  void name() {
    path = folder.resolve("revoked.list");
    file = RevocationFile.of(path, lists.clock);
  }

  @Test
  void revoke_nothingSaidOfTheHorizon_keepsTheLastOne() throws IOException {
    file.renew(lists.issuer, WEEK);
    lists.clock.forward(Duration.ofHours(1));

    IssuedList issued =
        file.revoke(lists.issuer, List.of(task("T-1")), RevocationIssuer.Horizon.KEPT);

    assertThat(issued.validity().nextUpdate())
        .isEqualTo(lists.clock.instant().plus(Duration.ofDays(7)));
    assertThat(issued.validity().maxAge()).isEqualTo(Duration.ofDays(9));
    assertThat(issued.isShorter()).isFalse();
    assertThat(file.renew(lists.issuer, RevocationIssuer.Horizon.KEPT).validity().nextUpdate())
        .isEqualTo(lists.clock.instant().plus(Duration.ofDays(7)));
  }

  @Test
  void revoke_shorterHorizon_saysSo() throws IOException {
    file.renew(lists.issuer, WEEK);

    assertThat(
            file.revoke(
                    lists.issuer,
                    List.of(),
                    new RevocationIssuer.Horizon(Duration.ofMinutes(15), null))
                .isShorter())
        .isTrue();
  }

  @Test
  void revoke_firstList_hasTheDefaults() throws IOException {
    IssuedList issued =
        file.revoke(lists.issuer, List.of(task("T-1")), RevocationIssuer.Horizon.KEPT);

    assertThat(issued.sequence()).isEqualTo(1);
    assertThat(issued.last()).isNull();
    assertThat(issued.validity())
        .isEqualTo(
            Validity.from(
                lists.clock,
                RevocationIssuer.Horizon.DEFAULT_NEXT_UPDATE,
                RevocationIssuer.Horizon.DEFAULT_MAX_AGE));
  }

  @Test
  void revoke_whatWasRevokedBefore_changesNothing() throws IOException {
    assertThat(file.revoke(lists.issuer, List.of(task("T-1")), WEEK).changed()).isEqualTo(1);
    assertThat(file.revoke(lists.issuer, List.of(task("T-1")), WEEK).changed()).isZero();
    assertThat(file.revoke(lists.issuer, List.of(task("T-1", Lists.NOON)), WEEK).changed())
        .isZero();
    List<RevocationEntry> ending = List.of(task("T-2", Lists.NOON), task("T-1"), task("T-3"));
    assertThat(file.revoke(lists.issuer, ending, WEEK).changed()).isEqualTo(2);
    List<RevocationEntry> later = List.of(task("T-2", Lists.NOON.plusSeconds(1)), task("T-3"));
    IssuedList issued = file.revoke(lists.issuer, later, WEEK);
    assertThat(issued.changed()).isEqualTo(1);
    assertThat(issued.changed(7))
        .isEqualTo(new IssuedList(issued.sequence(), issued.validity(), issued.last(), 7));
  }

  @Test
  void lift_andRenew_isTakenByWhoHadItAndByWhoDidNot() throws IOException {
    RevocationList verifier = lists.list().build();
    file.revoke(lists.issuer, List.of(task("T-1"), task("T-2")), WEEK);
    verifier.apply(Files.readAllBytes(path));
    RevocationList late = lists.list().build();
    late.apply(Files.readAllBytes(path));

    assertThat(file.lift(lists.issuer, Fingerprint.ofTask("T-1"), "a mistake", WEEK).changed())
        .isEqualTo(1);
    verifier.apply(Files.readAllBytes(path));
    file.renew(lists.issuer, WEEK);
    file.renew(lists.issuer, WEEK);

    verifier.apply(Files.readAllBytes(path));
    late.apply(Files.readAllBytes(path)); // never saw the delta
    for (RevocationList each : List.of(verifier, late)) {
      assertThat(lists.revoked(each, "T-1")).isFalse();
      assertThat(lists.revoked(each, "T-2")).isTrue();
    }
    assertThat(SignedLists.read(Files.readAllBytes(path), List.of(lists.key.publicKey())).lifted())
        .extracting(LiftedEntry::reason)
        .containsExactly("a mistake");
  }

  @Test
  void lift_whatIsNotRevoked_isRefusedAndChangesNothing() throws IOException {
    file.revoke(lists.issuer, List.of(task("T-1")), WEEK);
    byte[] before = Files.readAllBytes(path);

    refused(
        () -> file.lift(lists.issuer, Fingerprint.ofTask("T-2"), "none", WEEK),
        ErrorCode.INVALID_ARGUMENT);

    assertThat(Files.readAllBytes(path)).isEqualTo(before);
  }

  @Test
  void renew_entryThatEnded_isKeptForADayMore() throws IOException {
    file.revoke(lists.issuer, List.of(task("T-1", Lists.NOON.plusSeconds(60))), WEEK);
    lists.clock.forward(Duration.ofHours(24));
    file.renew(lists.issuer, WEEK);
    assertThat(entries()).hasSize(1);

    lists.clock.forward(Duration.ofSeconds(61));
    file.renew(lists.issuer, WEEK);

    assertThat(entries()).isEmpty();
  }

  private List<RevocationEntry> entries() throws IOException {
    return SignedLists.read(Files.readAllBytes(path), List.of(lists.key.publicKey())).entries();
  }

  @Test
  void revoke_lockFileDeletedWhileAnotherWriterHoldsTheList_doesNotGetIn() throws IOException {
    file.renew(lists.issuer, WEEK);
    try (FileChannel other =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = other.lock()) {
      assertThat(lock.isValid()).isTrue();
      Files.delete(folder.resolve("revoked.list.lock"));
      byte[] before = Files.readAllBytes(path);

      // In one process a lock that somebody holds is an exception, in another one it is waited for.
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> file.revoke(lists.issuer, List.of(task("T-1")), WEEK))
          .isInstanceOf(java.nio.channels.OverlappingFileLockException.class);
      assertThat(Files.readAllBytes(path)).isEqualTo(before);
    }
  }
}
