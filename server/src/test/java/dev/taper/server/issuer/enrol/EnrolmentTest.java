package dev.taper.server.issuer.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.issuer.EnrolledAgents;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enrolling by a code that a person confirms. */
class EnrolmentTest {
  private static final String ISSUER = "https://issuer.example.com";
  private static final Subject ALICE = new Subject("https://login.example.com", "alice-1");
  private static final Subject BOB = new Subject("https://login.example.com", "bob-1");

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private EnrolmentBook book;
  private Enrolling enrolling;

  @BeforeEach
  void open() {
    book = EnrolmentBook.open(folder.resolve("enrolments.json"), clock);
    enrolling = new Enrolling(ISSUER, book, List.of(), clock);
  }

  static String details(String name) {
    return "[{\"type\":\"taper_enrolment\",\"name\":\"" + name + "\"}]";
  }

  private String proof(PrivateKey of, String issuer, String details) {
    return ExchangeProof.make(
            of, new ExchangeProof.Subject(issuer, Enrolling.BY_CODE, details), clock)
        .encodeBase64();
  }

  private EnrolmentCodes.Begun begin(PrivateKey of, String name) throws EnrolmentException {
    String details = details(name);
    return enrolling.begin(details, proof(of, ISSUER, details));
  }

  private static void refuses(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(EnrolmentException.class)
        .extracting("code")
        .isEqualTo(code);
  }

  private void decide(EnrolmentCodes.Begun begun, Subject person, boolean yes)
      throws EnrolmentException {
    String digest = enrolling.codes().find(begun.code(), person).digest();
    enrolling.codes().decide(begun.code(), digest, person, yes);
  }

  @Test
  void decide_yes_enrolsTheKeyForGood() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    assertThat(begun.code()).matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}");
    refuses("authorization_pending", () -> enrolling.codes().ask(begun.secret()));
    decide(begun, ALICE, true);
    assertThat(enrolling.codes().ask(begun.secret()).name()).isEqualTo("agent:planner");
    EnrolmentBook again = EnrolmentBook.open(folder.resolve("enrolments.json"), clock);
    assertThat(Objects.requireNonNull(again.byKey(key.publicKey())).name())
        .isEqualTo("agent:planner");
    assertThat(Files.readString(folder.resolve("enrolments.json")))
        .contains("\"subject\" : \"alice-1\"", "\"way\" : \"code\"");
  }

  @Test
  void find_asTyped_takesOtherSpellings() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    String typed = " " + begun.code().toLowerCase(Locale.ROOT).replace("-", " ");
    assertThat(enrolling.codes().find(typed, ALICE).key()).isEqualTo(key.publicKey());
  }

  @Test
  void decide_no_enrolsNothing() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    decide(begun, ALICE, false);
    refuses("access_denied", () -> enrolling.codes().ask(begun.secret()));
    refuses("unknown_code", () -> decide(begun, ALICE, true));
    assertThat(book.byKey(key.publicKey())).isNull();
  }

  @Test
  void ask_tooOftenOrTooLate_isRefused() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    refuses("authorization_pending", () -> enrolling.codes().ask(begun.secret()));
    refuses("slow_down", () -> enrolling.codes().ask(begun.secret()));
    clock.pass(Duration.ofMinutes(10));
    refuses("expired_token", () -> enrolling.codes().ask(begun.secret()));
    refuses("unknown_code", () -> enrolling.codes().find(begun.code(), ALICE));
    refuses("expired_token", () -> enrolling.codes().ask(begun.code()));
  }

  @Test
  void begin_proofForSomethingElse_isRefused() {
    String details = details("agent:planner");
    refuses(
        "request_mismatch",
        () -> enrolling.begin(details, proof(key, "https://evil.example", details)));
    refuses(
        "request_mismatch",
        () -> enrolling.begin(details, proof(key, ISSUER, details("agent:other"))));
    String exchange =
        ExchangeProof.make(key, new ExchangeProof.Subject(ISSUER, "a.b.c", details), clock)
            .encodeBase64();
    refuses("request_mismatch", () -> enrolling.begin(details, exchange));
    refuses("malformed_holder_proof", () -> enrolling.begin(details, "AAAA"));
  }

  @Test
  void begin_proofTwice_isRefused() throws Exception {
    String details = details("agent:planner");
    String proof = proof(key, ISSUER, details);
    assertThat(enrolling.begin(details, proof)).isNotNull();
    refuses("holder_proof_replayed", () -> enrolling.begin(details, proof));
  }

  @Test
  void begin_again_endsTheCodeBefore() throws Exception {
    EnrolmentCodes.Begun first = begin(key, "agent:planner");
    EnrolmentCodes.Begun second = begin(key, "agent:planner");
    refuses("unknown_code", () -> enrolling.codes().find(first.code(), ALICE));
    assertThat(enrolling.codes().find(second.code(), ALICE)).isNotNull();
  }

  @Test
  void find_tenWrongCodes_looksAtNoneOfThePerson() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    for (int i = 0; i < 10; i++) {
      refuses("unknown_code", () -> enrolling.codes().find("BBBB-BBBB", ALICE));
    }
    refuses("too_many_guesses", () -> enrolling.codes().find(begun.code(), ALICE));
    refuses("too_many_guesses", () -> enrolling.codes().decide(begun.code(), "", ALICE, true));
    assertThat(enrolling.codes().find(begun.code(), BOB)).isNotNull();
  }

  @Test
  void find_twoHundredWrongCodes_looksAtNoneForTenMinutes() throws Exception {
    for (int i = 0; i < 200; i++) {
      Subject person = new Subject("https://login.example.com", "p" + i);
      refuses("unknown_code", () -> enrolling.codes().find("<script>", person));
    }
    refuses("too_many_guesses", () -> enrolling.codes().find("BBBB-BBBB", ALICE));
    clock.pass(Duration.ofMinutes(10));
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    assertThat(enrolling.codes().find(begun.code(), ALICE)).isNotNull();
  }

  @Test
  void decide_otherThanShown_isRefused() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    String digest =
        new PendingEnrolment("agent:other", key.publicKey(), clock.instant(), clock.instant())
            .digest();
    refuses("changed_enrolment", () -> enrolling.codes().decide(begun.code(), digest, ALICE, true));
    assertThat(book.byKey(key.publicKey())).isNull();
  }

  @Test
  void decide_oneOtherPartThanShown_isRefused() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    PendingEnrolment shown = enrolling.codes().find(begun.code(), ALICE);
    PublicKey other = PrivateKey.generate(Algorithm.ED25519).publicKey();
    for (PendingEnrolment changed :
        List.of(
            new PendingEnrolment("agent:other", shown.key(), shown.asked(), shown.until()),
            new PendingEnrolment(shown.name(), other, shown.asked(), shown.until()),
            new PendingEnrolment(
                shown.name(), shown.key(), shown.asked().plusSeconds(1), shown.until()),
            new PendingEnrolment(
                shown.name(), shown.key(), shown.asked(), shown.until().plusSeconds(1)))) {
      refuses(
          "changed_enrolment",
          () -> enrolling.codes().decide(begun.code(), changed.digest(), ALICE, true));
    }
    assertThat(book.byKey(key.publicKey())).isNull();
    enrolling.codes().decide(begun.code(), shown.digest(), ALICE, true);
    assertThat(book.byKey(key.publicKey())).isNotNull();
  }

  @Test
  void begin_nameOrKeyThatIsEnrolled_isRefused() throws Exception {
    decide(begin(key, "agent:planner"), ALICE, true);
    PrivateKey other = PrivateKey.generate(Algorithm.SECP256R1);
    refuses("name_taken", () -> begin(other, "agent:planner"));
    refuses("key_enrolled", () -> begin(key, "agent:planner"));
    refuses("key_enrolled", () -> begin(key, "agent:second"));
  }

  @Test
  void begin_nameOrKeyOfTheConfiguration_isRefused() throws Exception {
    PrivateKey fixed = PrivateKey.generate(Algorithm.ED25519);
    book.leaveAlone(
        EnrolledAgents.of(
            List.of(new EnrolledAgent("agent:planner", fixed.publicKey(), Set.of()))));
    refuses("name_taken", () -> begin(key, "agent:planner"));
    refuses("key_enrolled", () -> begin(fixed, "agent:second"));
    assertThat(begin(key, "agent:second")).isNotNull();
  }

  @Test
  void decide_twoOfOneName_enrolsTheFirst() throws Exception {
    EnrolmentCodes.Begun first = begin(key, "agent:planner");
    EnrolmentCodes.Begun second = begin(PrivateKey.generate(Algorithm.SECP256R1), "agent:planner");
    decide(first, ALICE, true);
    refuses("name_taken", () -> decide(second, ALICE, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "planner",
        "taper-login",
        "agent:",
        "agent:\\u202eplanner",
        "agent:pla\\u0000nner",
        " agent:planner",
        "agent:planner ",
      })
  void begin_ambiguousName_isRefused(String name) {
    refuses("invalid_authorization_details", () -> begin(key, name));
  }

  @Test
  void begin_otherDetails_isRefused() {
    for (String details :
        List.of(
            "",
            "{}",
            "[]",
            "[{\"type\":\"taper_grant\",\"name\":\"agent:a\"}]",
            "[{\"type\":\"taper_enrolment\",\"name\":\"agent:a\",\"x\":1}]",
            "[{\"type\":\"taper_enrolment\",\"name\":\"agent:a\",\"name\":\"agent:b\"}]",
            "[{\"type\":\"taper_enrolment\",\"name\":\"agent:" + "a".repeat(5000) + "\"}]")) {
      refuses(
          "invalid_authorization_details",
          () -> enrolling.begin(details, proof(key, ISSUER, details)));
    }
  }

  @Test
  void begin_tooMany_isRefused() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(begin(PrivateKey.generate(Algorithm.ED25519), "agent:a")).isNotNull();
    }
    refuses("enrolments_full", () -> begin(PrivateKey.generate(Algorithm.ED25519), "agent:a"));
    for (int i = 0; i < 55; i++) {
      assertThat(begin(PrivateKey.generate(Algorithm.ED25519), "agent:b" + i)).isNotNull();
    }
    refuses("enrolments_full", () -> begin(key, "agent:c"));
    clock.pass(Duration.ofSeconds(60));
    assertThat(begin(key, "agent:c")).isNotNull();
  }

  @Test
  void book_operatorTakesAnAgentOut_itIsGone() throws Exception {
    decide(begin(key, "agent:planner"), ALICE, true);
    Files.writeString(
        folder.resolve("enrolments.json"), "{\"format\":\"taper/1 enrolments\",\"agents\":[]}");
    clock.pass(Duration.ofSeconds(2));
    assertThat(book.byKey(key.publicKey())).isNull();
    assertThat(book.all()).isEmpty();
  }

  @Test
  void book_fileThatMakesNoSense_changesNothing() throws Exception {
    decide(begin(key, "agent:planner"), ALICE, true);
    Files.writeString(folder.resolve("enrolments.json"), "{}");
    clock.pass(Duration.ofSeconds(2));
    assertThat(book.byKey(key.publicKey())).isNotNull();
    assertThatThrownBy(() -> EnrolmentBook.open(folder.resolve("enrolments.json"), clock))
        .isInstanceOf(OperationException.class);
  }

  @Test
  void decide_whileTheFileMakesNoSense_leavesItAsItIs() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    Files.writeString(folder.resolve("enrolments.json"), "{");
    refuses("unavailable", () -> decide(begun, ALICE, true));
    assertThat(Files.readString(folder.resolve("enrolments.json"))).isEqualTo("{");
  }

  @Test
  void open_fileThatOthersCanChange_isRefused() throws Exception {
    Path file = folder.resolve("enrolments.json");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
    assertThatThrownBy(() -> EnrolmentBook.open(file, clock))
        .isInstanceOf(OperationException.class)
        .extracting("code")
        .isEqualTo("config_exposed");
  }

  @Test
  void decide_thatCannotBeKept_enrolsNothingAndWaitsOn() throws Exception {
    EnrolmentCodes.Begun begun = begin(key, "agent:planner");
    blocked(true);
    refuses("unavailable", () -> decide(begun, ALICE, true));
    assertThat(book.byKey(key.publicKey())).isNull();
    blocked(false);
    decide(begun, ALICE, true);
    assertThat(book.byKey(key.publicKey())).isNotNull();
  }

  /** A folder stands where the new file would be written. */
  private void blocked(boolean isBlocked) throws IOException {
    Path beside = folder.resolve("enrolments.json.new");
    if (isBlocked) {
      Files.createDirectory(beside);
    } else {
      Files.delete(beside);
    }
  }
}
