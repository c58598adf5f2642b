package dev.taper.server.issuer.enrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.server.oidc.ReadyProvider;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Enrolling by the token of a workload, whose provider is not ours. */
class WorkloadTest {
  private static final String ISSUER = "https://issuer.example.com";
  private static final MockOAuth2Server PROVIDER = new MockOAuth2Server();

  @TempDir Path folder;

  private final TestClock clock = new TestClock();
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private EnrolmentBook book;
  private Enrolling enrolling;

  @BeforeAll
  static void start() {
    ReadyProvider.start(PROVIDER, "acme");
  }

  @AfterAll
  static void stop() {
    PROVIDER.shutdown();
  }

  @BeforeEach
  void open() {
    book = EnrolmentBook.open(folder.resolve("enrolments.json"), clock);
    enrolling =
        new Enrolling(
            ISSUER,
            book,
            List.of(
                rule("repo:acme/deploy:ref:refs/heads/main", "agent:deploy"),
                rule("system:serviceaccount:agents:*", "agent:k8s-*")),
            clock);
  }

  private static WorkloadRule rule(String subject, String name) {
    return new WorkloadRule(issuer("ci"), ISSUER, subject, name, Duration.ofHours(2));
  }

  private static String issuer(String id) {
    return PROVIDER.issuerUrl(id).toString();
  }

  private static String token(String issuer, String subject, String audience) {
    return PROVIDER
        .issueToken(
            issuer,
            "client",
            new DefaultOAuth2TokenCallback(
                issuer, subject, "JWT", List.of(audience), Map.of(), 3600))
        .serialize();
  }

  private Enrolment enrol(PrivateKey of, String name, String token) throws EnrolmentException {
    String details = EnrolmentTest.details(name);
    String proof =
        ExchangeProof.make(of, new ExchangeProof.Subject(ISSUER, token, details), clock)
            .encodeBase64();
    return enrolling.enrol(details, proof, token);
  }

  private static void refuses(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(EnrolmentException.class)
        .extracting("code")
        .isEqualTo(code);
  }

  @Test
  void enrol_workload_isGoodForItsTime() throws Exception {
    String token = token("ci", "repo:acme/deploy:ref:refs/heads/main", ISSUER);
    assertThat(enrol(key, "agent:deploy", token).until()).isNotNull();
    assertThat(book.byKey(key.publicKey())).isNotNull();
    clock.pass(Duration.ofHours(2));
    assertThat(book.byKey(key.publicKey())).isNull();
    assertThat(book.all()).isEmpty();
  }

  @Test
  void enrol_sameWorkloadWithANewKey_addsThat() throws Exception {
    enrol(key, "agent:k8s-a", token("ci", "system:serviceaccount:agents:a", ISSUER));
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    enrol(next, "agent:k8s-a", token("ci", "system:serviceaccount:agents:a", ISSUER));
    assertThat(book.byKey(key.publicKey())).isNotNull();
    assertThat(book.byKey(next.publicKey())).isNotNull();
  }

  @Test
  void enrol_sameWorkloadSeventeenTimes_isRefusedUntilSomeEnd() throws Exception {
    for (int i = 0; i < 16; i++) {
      enrol(
          PrivateKey.generate(Algorithm.ED25519),
          "agent:k8s-a",
          token("ci", "system:serviceaccount:agents:a", ISSUER));
    }
    String token = token("ci", "system:serviceaccount:agents:a", ISSUER);
    refuses("agents_full", () -> enrol(key, "agent:k8s-a", token));
  }

  @Test
  void enrol_tokenThatAnotherKeyUsed_isRefused() throws Exception {
    String token = token("ci", "system:serviceaccount:agents:a", ISSUER);
    enrol(key, "agent:k8s-a", token);
    enrol(key, "agent:k8s-a", token);
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    refuses("token_used", () -> enrol(other, "agent:k8s-a", token));
    assertThat(book.byKey(other.publicKey())).isNull(); // nor was it for a moment
  }

  @Test
  void enrol_proofOverAnotherToken_isRefused() {
    String details = EnrolmentTest.details("agent:k8s-a");
    String proof =
        ExchangeProof.make(
                key,
                new ExchangeProof.Subject(
                    ISSUER, token("ci", "system:serviceaccount:agents:b", ISSUER), details),
                clock)
            .encodeBase64();
    refuses(
        "request_mismatch",
        () ->
            enrolling.enrol(details, proof, token("ci", "system:serviceaccount:agents:a", ISSUER)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repo:acme/deploy:ref:refs/heads/mainx",
        "repo:acme/deploy:ref:refs/heads/main/x",
        "xrepo:acme/deploy:ref:refs/heads/main",
        "system:serviceaccount:agents:",
        "system:serviceaccount:agents:deploy:x",
        "system:serviceaccount:agents:deploy/x",
        "system:serviceaccount:other:deploy",
      })
  void enrol_otherSubject_isRefused(String subject) {
    refuses("other_name", () -> enrol(key, "agent:deploy", token("ci", subject, ISSUER)));
  }

  @Test
  void enrol_nameOfAnotherWorkload_isRefused() {
    refuses(
        "other_name",
        () -> enrol(key, "agent:k8s-b", token("ci", "system:serviceaccount:agents:a", ISSUER)));
  }

  @Test
  void enrol_tokenOfAnotherProviderOrForAnotherAudience_isRefused() {
    String subject = "system:serviceaccount:agents:a";
    refuses(
        "invalid_subject_token", () -> enrol(key, "agent:k8s-a", token("other", subject, ISSUER)));
    refuses(
        "invalid_subject_token",
        () -> enrol(key, "agent:k8s-a", token("ci", subject, "https://other.example")));
    String token = token("ci", subject, ISSUER);
    refuses(
        "invalid_subject_token",
        () -> enrol(key, "agent:k8s-a", token.substring(0, token.length() - 8) + "AAAAAAAA"));
    clock.pass(Duration.ofHours(2));
    refuses("invalid_subject_token", () -> enrol(key, "agent:k8s-a", token));
    refuses("invalid_subject_token", () -> enrol(key, "agent:k8s-a", "x"));
  }

  @Test
  void enrol_nameThatAPersonConfirmed_isRefused() throws Exception {
    book.add(
        new Enrolment(
            "agent:k8s-a",
            PrivateKey.generate(Algorithm.ED25519).publicKey(),
            new Subject("https://login.example.com", "alice-1"),
            Enrolment.Way.CODE,
            clock.instant(),
            null));
    refuses(
        "name_taken",
        () -> enrol(key, "agent:k8s-a", token("ci", "system:serviceaccount:agents:a", ISSUER)));
  }

  @ParameterizedTest
  @CsvSource({"a*b*,agent:x", "a,agent:*", "a*,agent:*-*", "a,planner"})
  void rule_thatSaysTooMuch_isRefused(String subject, String name) {
    assertThatThrownBy(() -> rule(subject, name)).isInstanceOf(OperationException.class);
  }

  @Test
  void read_misspeltMember_isNamed() {
    assertThatThrownBy(
            () ->
                WorkloadText.read(
                    "{\"format\":\"taper/1 workloads\",\"workloads\":[{\"isuer\":\"https://x\"}]}"))
        .hasMessageContaining("a workload has no member isuer; did you mean issuer?");
  }

  @Test
  void read_file_givesRules() {
    String json =
        "{\"format\":\"taper/1 workloads\",\"workloads\":[{\"issuer\":\"https://ci.example\","
            + "\"audience\":\"https://issuer\",\"subject\":\"s:*\",\"name\":\"agent:*\","
            + "\"life\":\"2h\"}]}";
    assertThat(WorkloadText.read(json))
        .containsExactly(
            new WorkloadRule(
                "https://ci.example", "https://issuer", "s:*", "agent:*", Duration.ofHours(2)));
    for (String wrong :
        List.of(
            json.replace("workloads\",", "enrolments\","),
            json.replace("\"life\"", "\"until\""),
            json.replace("\"issuer\"", "\"isuer\""),
            json.replace("\"2h\"", "\"91d\""),
            json.replace("]}", "],\"x\":1}"))) {
      assertThat(wrong).isNotEqualTo(json);
      assertThatThrownBy(() -> WorkloadText.read(wrong)).isInstanceOf(OperationException.class);
    }
  }
}
