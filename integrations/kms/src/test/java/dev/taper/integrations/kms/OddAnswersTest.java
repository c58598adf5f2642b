package dev.taper.integrations.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.Refused;
import dev.taper.testing.TearDown;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * Servers that answer wrongly, oddly, late or not at all: nothing is signed, and a code says so.
 */
class OddAnswersTest {
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);
  private static final Duration LONG = Duration.ofMinutes(5);

  private OddKms server;
  private KmsClient client;

  @BeforeEach
  void start() throws Exception {
    server = new OddKms();
    client = Clients.at(server.uri());
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(client, server);
  }

  private KmsSigner signer() {
    return KmsSigner.of(client, OddKms.ARN, LONG);
  }

  private static void refuses(KmsSigner signer, String part) {
    Refused.with(ErrorCode.SIGNING_FAILED, part, () -> signer.sign(MESSAGE));
  }

  /** KMS hashes up to 4096 bytes itself; of more it takes the digest alone. */
  @ParameterizedTest
  @CsvSource({"0, DIGEST", "1, RAW", "4096, RAW", "4097, DIGEST", "100000, DIGEST"})
  void sign_messageOfAnyLength_verifies(int length, String type) {
    KmsSigner signer = signer();
    byte[] message = new byte[length];

    assertThat(signer.publicKey().verify(message, signer.sign(message))).isTrue();
    String asked = server.asked().get(1);
    assertThat(OddKms.member(asked, "MessageType")).isEqualTo(type);
    assertThat(OddKms.message(asked))
        .isEqualTo(type.equals("RAW") ? message : Digests.sha256(message));
    assertThat(OddKms.member(asked, "KeyId")).isEqualTo(OddKms.ARN);
    assertThat(OddKms.member(asked, "SigningAlgorithm")).isEqualTo("ECDSA_SHA_256");
  }

  @Test
  void sign_answerIsNoSignatureByTheKey_isRefused() throws GeneralSecurityException {
    KmsSigner signer = signer();
    Signature twice = Signature.getInstance("SHA256withECDSA");
    twice.initSign(server.pair().getPrivate());
    twice.update(Digests.sha256(MESSAGE));

    for (byte[] answer :
        new byte[][] {
          PrivateKey.generate(Algorithm.SECP256R1).sign(MESSAGE),
          twice.sign(),
          new byte[64],
          {0x30, 0},
          new byte[100_000],
        }) {
      server.always(200, OddKms.signature(answer));
      refuses(signer, "is not by " + signer.publicKey());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "", "{", "[]", "null", "<html>", "{\"Signature\":7}"})
  void sign_answerHasNoSignature_isRefused(String content) {
    KmsSigner signer = signer();
    server.always(200, content);

    refuses(signer, "cannot be used now");
  }

  @ParameterizedTest
  @CsvSource({
    "400, DisabledException",
    "400, KMSInvalidStateException",
    "400, AccessDeniedException",
    "403, ExpiredTokenException",
    "500, KMSInternalException"
  })
  void sign_kmsRefuses_saysItsCodeAndNothingElse(int status, String code) {
    KmsSigner signer = signer();
    server.always(
        status,
        "{\"__type\":\"%s\",\"message\":\"x-amz-security-token:%s\"}"
            .formatted(code, Clients.NOT_TO_BE_SAID));

    refuses(signer, code + " (status " + status + ", request r-1)");
    Throwable thrown = catchThrowable(() -> signer.sign(MESSAGE));
    assertThat(thrown).hasNoCause();
    assertThat(thrown.getMessage()).doesNotContain(Clients.NOT_TO_BE_SAID).hasSizeLessThan(400);
  }

  @Test
  void sign_codeIsNotToBeSeen_isEscapedAndCut() {
    KmsSigner signer = signer();
    server.always(400, "{\"__type\":\"\\u202e\\n%s\"}".formatted("x".repeat(10_000)));

    refuses(signer, "\\u{202e}");
    assertThat(catchThrowable(() -> signer.sign(MESSAGE)).getMessage()).hasSizeLessThan(500);
  }

  /** The client asks again a few times, and not for ever. */
  @Test
  void sign_kmsIsBusy_isAskedAgain() {
    KmsSigner signer = signer();
    server.next(400, "{\"__type\":\"ThrottlingException\"}");
    server.next(500, "{\"__type\":\"KMSInternalException\"}");

    assertThat(signer.publicKey().verify(MESSAGE, signer.sign(MESSAGE))).isTrue();
    assertThat(server.asked()).hasSize(4);
    server.always(500, "{}");
    assertThat(catchThrowable(() -> signer.sign(MESSAGE))).hasMessageContaining("(status 500");
    assertThat(server.asked()).hasSizeBetween(6, 8);
  }

  @Test
  void sign_noAnswer_isWaitedForOnlySoLong() {
    KmsSigner signer = signer();
    server.hang();

    Deadline soon = Deadline.in(Duration.ofMillis(300));
    soon.during(
        () -> {
          Refused.with(ErrorCode.SIGNING_FAILED, () -> signer.sign(MESSAGE));
          return null;
        });
    // A slow machine leaves less, never more; the client's own watch may be some ms ahead.
    assertThat(soon.left()).as("it waited for an answer").isLessThan(Duration.ofMillis(150));
    Duration patience = Duration.ofMillis(300);
    Refused.with(
        ErrorCode.SIGNING_FAILED,
        "ApiCallTimeoutException",
        () -> KmsSigner.of(client, OddKms.ARN, patience));
  }

  @Test
  void sign_deadlineHasPassed_asksNobody() {
    KmsSigner signer = signer();

    Deadline.in(Duration.ZERO)
        .during(
            () -> {
              refuses(signer, "no time is left");
              Refused.with(ErrorCode.SIGNING_FAILED, "no time is left", () -> signer());
              return null;
            });
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void sign_threadIsInterrupted_isRefusedAndStaysInterrupted() {
    KmsSigner signer = signer();

    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> signer.sign(MESSAGE));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(TaperException.class).hasMessageContaining("AbortedException");
  }

  @Test
  void sign_nobodyListens_isRefused() {
    KmsSigner signer = signer();
    server.close();

    refuses(signer, "cannot be used now: SdkClientException");
    Refused.with(ErrorCode.SIGNING_FAILED, "SdkClientException", () -> signer());
  }

  @Test
  void sign_clientWasClosed_isRefused() {
    KmsSigner signer = signer();
    client.close();
    server.close();

    refuses(signer, "cannot be used now");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alias/one", "arn:aws:kms:eu-central-1:123456789012:key/other"})
  void of_answerIsAboutAnotherKey_isRefused(String keyId) {
    server.always(200, good(keyId, "SIGN_VERIFY"));

    Refused.with(ErrorCode.SIGNING_FAILED, "the answer", () -> signer());
  }

  private String good(String keyId, String usage) {
    return OddKms.publicKey(keyId, usage, server.pair().getPublic().getEncoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENCRYPT_DECRYPT", "KEY_AGREEMENT", "", "new\u202e"})
  void of_anotherUsage_isRefused(String usage) {
    server.always(200, good(OddKms.ARN, usage));

    Refused.with(ErrorCode.INVALID_KEY, "is not one of P-256", () -> signer());
  }

  @Test
  void of_noPublicKeyOfP256_isRefused() throws GeneralSecurityException {
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    for (byte[] der :
        new byte[][] {
          edwards.getPublic().getEncoded(),
          OddKms.pair("secp384r1").getPublic().getEncoded(),
          {1, 2, 3},
          {},
          new byte[1_000_000],
        }) {
      server.always(200, OddKms.publicKey(OddKms.ARN, "SIGN_VERIFY", der));
      Refused.with(ErrorCode.INVALID_KEY, "is not one of P-256", () -> signer());
    }
  }

  /** So KMS says it of keys that have no public half. */
  @ParameterizedTest
  @ValueSource(strings = {"UnsupportedOperationException", "InvalidKeyUsageException"})
  void of_symmetricKey_isRefused(String code) {
    server.always(400, "{\"__type\":\"" + code + "\"}");

    Refused.with(ErrorCode.INVALID_KEY, code, () -> signer());
  }
}
