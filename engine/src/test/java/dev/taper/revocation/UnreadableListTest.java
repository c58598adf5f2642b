package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.revocation.RunStorage.Space;
import dev.taper.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Private copies of lists that are cut, or freed while they are read. */
class UnreadableListTest {
  private static final int COUNT = 20_000;
  private static final int DIRECTORY = COUNT * SortedRun.ENTRY_BYTES;

  private final Lists lists = new Lists();
  private final List<RevocationEntry> revoked = Lists.random(1, COUNT);
  private final List<RevocationEntry> others = Lists.random(2, COUNT);
  private final byte[] snapshot = lists.issuer.snapshot(7, revoked, lists.validity());
  @TempDir Path folder;

  private RevocationList.Builder inFiles() {
    return lists.list().storage(new RunStorage(folder, 0, Space.USABLE));
  }

  private RevocationCheck check(RevocationList list, RevocationEntry entry) {
    return list.check(List.of(entry.fingerprint()), lists.clock.instant());
  }

  @Test
  void copy_ofALargeList_hasNoNameAndIsItsOwnersAlone() throws IOException {
    AtomicBoolean isPrivate = new AtomicBoolean();
    Space looking =
        where -> {
          try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            isPrivate.set(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    .equals("rw-------"));
          }
          return Long.MAX_VALUE;
        };
    RevocationList list = lists.list().storage(new RunStorage(folder, 0, looking)).build();
    list.apply(snapshot);

    assertThat(list.files()).hasSize(1);
    assertThat(isPrivate).isTrue();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    for (int i = 0; i < COUNT; i++) {
      assertThat(check(list, revoked.get(i)).revoked()).isZero();
      assertThat(check(list, others.get(i)).clear()).isTrue();
    }
  }

  /** Pages that are gone, a page that was cut within and reads as zeros, all but the directory. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 4096, 4100, DIRECTORY / 2, DIRECTORY / 2 + 5, DIRECTORY})
  void check_copyThatWasCut_knowsWhatIsRevokedOrDenies(int left) throws IOException {
    int lost = 0;
    // Interpreted at first, then compiled: the VM tells of faults in other ways.
    for (int round = 0; round < 30; round++) {
      RevocationList list = inFiles().build();
      list.apply(snapshot);
      list.files().get(0).cut(left);
      for (int i = 0; i < COUNT / 20; i++) {
        int at = (i * 20 + round) % COUNT;
        RevocationCheck present = check(list, revoked.get(at));
        assertThat(present.clear()).as("an entry of the list").isFalse();
        assertThat(present.revoked() == 0 || present.status() == RevocationStatus.UNAVAILABLE)
            .isTrue();
        RevocationCheck absent = check(list, others.get(at));
        assertThat(absent.revoked()).isEqualTo(-1);
        assertThat(absent.clear() || absent.status() == RevocationStatus.UNAVAILABLE).isTrue();
        lost += list.isLost() ? 1 : 0;
      }
      assertThat(list.isLost()).isTrue();
    }
    assertThat(lost).isPositive();
  }

  /** Tests run without the whole compiler, whose code throws errors of pages in other places. */
  @Test
  void check_copyThatWasCutAndTheWholeCompiler_knowsWhatIsRevokedOrDenies() throws Exception {
    Process child =
        new ProcessBuilder(
                ChildJvm.JAVA,
                "-XX:+UseSerialGC",
                "-XX:-BackgroundCompilation", // the same code each time
                "-cp",
                ChildJvm.classPath(),
                UnreadableListTest.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    child.getOutputStream().close();

    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(said).isZero();
  }

  /** The child, in a folder. */
  public static void main(String[] args) throws IOException {
    for (int left : new int[] {DIRECTORY, 1, 4096, DIRECTORY / 2, 0}) {
      UnreadableListTest test = new UnreadableListTest();
      test.folder = Files.createDirectory(Path.of(args[0], "cut-" + left));
      test.copy_ofALargeList_hasNoNameAndIsItsOwnersAlone();
      test.check_copyThatWasCut_knowsWhatIsRevokedOrDenies(left);
      for (int i = 0; i < 5; i++) {
        test.decide_copyThatWasCut_isDeniedUntilTheListIsAppliedAgain();
      }
    }
  }

  @Test
  void decide_copyThatWasCut_isDeniedUntilTheListIsAppliedAgain() throws IOException {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
    RevocationList list = inFiles().build();
    list.apply(snapshot);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .acceptSealed()
            .clock(lists.clock)
            .revocations(list)
            .build();
    String token =
        Issuer.of(root)
            .clock(lists.clock)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-1")
                    .grant("jira.*")
                    .expiresIn(Duration.ofHours(1)))
            .seal(planner)
            .encodeBase64();
    ToolCall call = ToolCall.of("jira.search");
    assertThat(verifier.decide(Credentials.of(token, null), call).allowed()).isTrue();
    list.files().get(0).cut(0);

    CallDecision denied = verifier.decide(Credentials.of(token, null), call);
    assertThat(denied)
        .isInstanceOfSatisfying(
            CallDecision.Denied.class,
            no -> {
              assertThat(no.code()).isEqualTo(DenialCode.REVOCATION_UNAVAILABLE);
              assertThat(no.reason()).contains("cannot read its list of what is revoked");
            });
    assertThat(verifier.health().ready()).isFalse();
    assertThat(list.health().sources())
        .anySatisfy(
            source -> {
              assertThat(source.name()).isEqualTo("its private copy");
              assertThat(source.failure()).isNotNull();
            });

    // No older list, and no delta alone, takes its place.
    assertRefused(list, lists.snapshot(6), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertRefused(list, lists.delta(7, 8), ErrorCode.REVOCATIONS_INCOMPLETE);
    assertRefused(list, lists.snapshot(7), ErrorCode.REVOCATIONS_ROLLED_BACK);
    assertThat(list.apply(snapshot)).isTrue();
    assertThat(verifier.decide(Credentials.of(token, null), call).allowed()).isTrue();
    assertThat(check(list, revoked.get(0)).revoked()).isZero();
    assertThat(list.health().sources()).isEmpty();
  }

  private static void assertRefused(RevocationList list, byte[] lists, ErrorCode code) {
    assertThatThrownBy(() -> list.apply(lists))
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void feed_copyThatWasCut_fetchesTheListAgain() throws IOException {
    Path file = Files.write(folder.resolve("list"), snapshot);
    RevocationList list = inFiles().build();
    try (RevocationFeed feed =
        RevocationFeed.start(RevocationSource.file(file), list, Duration.ofDays(1))) {
      assertThat(check(list, revoked.get(0)).revoked()).isZero();
      list.files().get(0).cut(0);
      assertThat(check(list, revoked.get(0)).status()).isEqualTo(RevocationStatus.UNAVAILABLE);

      assertThat(feed.refresh()).isTrue();
      assertThat(check(list, revoked.get(0)).revoked()).isZero();
      assertThat(check(list, others.get(0)).clear()).isTrue();
    }
  }

  /** What is read to take the next list must be genuine, or the next list could leave it out. */
  @Test
  void apply_behindACopyThatWasCut_takesNothingAndDenies() throws IOException {
    RevocationList list = inFiles().build();
    list.apply(snapshot);
    list.files().get(0).cut(DIRECTORY / 2);
    byte[] next = lists.issuer.snapshot(8, revoked, lists.validity());

    assertThatThrownBy(() -> list.apply(next))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot be read");
    assertThat(check(list, others.get(0)).status()).isEqualTo(RevocationStatus.UNAVAILABLE);
    assertThat(list.apply(next)).isTrue();
    assertThat(check(list, others.get(0)).clear()).isTrue();
  }

  /** What looks up while lists are replaced sees one list or the other, and never their loss. */
  @Test
  void check_whileCopiesAreReplaced_answersEachTime() throws Exception {
    RevocationList list = inFiles().build();
    list.apply(snapshot);
    AtomicBoolean done = new AtomicBoolean();
    List<String> wrong = new ArrayList<>();
    Thread looking =
        new Thread(
            () -> {
              for (int i = 0; !done.get() && wrong.isEmpty(); i = (i + 1) % COUNT) {
                if (check(list, revoked.get(i)).revoked() != 0) {
                  wrong.add("an entry is " + check(list, revoked.get(i)));
                }
                if (!check(list, others.get(i)).clear()) {
                  wrong.add("another thing is " + check(list, others.get(i)));
                }
              }
            });
    looking.start();
    for (int sequence = 8; sequence < 60; sequence++) {
      list.apply(lists.issuer.snapshot(sequence, revoked, lists.validity()));
      assertThat(list.files()).hasSize(1);
    }
    done.set(true);
    looking.join();
    assertThat(wrong).isEmpty();
    assertThat(list.isLost()).isFalse();
  }
}
