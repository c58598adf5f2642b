package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ExchangeProof.Subject;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeProofTest {
  private static final MemoryShare SHARE = MemoryShare.of("user:alice", new byte[] {1});
  private static final Subject ASKED =
      new Subject("https://issuer.example.com", "eyJ.eyJ.sig", "[{\"type\":\"taper_grant\"}]");

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final AcceptedProofs accepted =
      AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), clock);
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);

  @ParameterizedTest
  @EnumSource
  void check_ofWhatWasSigned_isGoodOnce(Algorithm algorithm) {
    PrivateKey agent = PrivateKey.generate(algorithm);
    ExchangeProof made = ExchangeProof.make(agent, ASKED, clock);
    ExchangeProof read = ExchangeProof.decode(made.encodeBase64());
    assertThat(read.encode()).isEqualTo(made.encode());
    assertThat(read.agent()).isEqualTo(agent.publicKey());
    assertThat(read.issuedAt()).isEqualTo(clock.instant());
    read.check(ASKED, accepted).claim(SHARE);
    Refused.with(
        ErrorCode.HOLDER_PROOF_REPLAYED,
        () -> {
          var unused = read.check(ASKED, accepted);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "https://issuer.example.org, eyJ.eyJ.sig, details, issuer",
    "https://issuer.example.com, eyJ.eyJ.other, details, subject token",
    "https://issuer.example.com, eyJ.eyJ.sig, other, details"
  })
  void check_ofSomethingElse_isRefused(String issuer, String token, String details, String part) {
    Subject signed = new Subject("https://issuer.example.com", "eyJ.eyJ.sig", "details");
    ExchangeProof proof = ExchangeProof.make(key, signed, clock);
    Refused.with(
        ErrorCode.REQUEST_MISMATCH,
        "the " + part + " is not what was signed",
        () -> {
          var unused = proof.check(new Subject(issuer, token, details), accepted);
        });
  }

  /** The four bytes of each digest beside the signature are not signed, and prove nothing. */
  @ParameterizedTest
  @CsvSource({
    "https://issuer.example.org, eyJ.eyJ.sig, details",
    "https://issuer.example.com, eyJ.eyJ.other, details",
    "https://issuer.example.com, eyJ.eyJ.sig, other"
  })
  void check_ofSomethingElseWithItsHints_isRefused(String issuer, String token, String details) {
    Subject other = new Subject(issuer, token, details);
    byte[] signed =
        ExchangeProof.make(
                key, new Subject("https://issuer.example.com", "eyJ.eyJ.sig", "details"), clock)
            .encode();
    byte[] hints = ExchangeProof.make(key, other, clock).encode();
    System.arraycopy(hints, 2 + 32 + 8 + 16, signed, 2 + 32 + 8 + 16, 3 * 4);
    ExchangeProof proof = ExchangeProof.decode(signed);

    Refused.with(
        ErrorCode.HOLDER_PROOF_MISMATCH,
        () -> {
          var unused = proof.check(other, accepted);
        });
  }

  @Test
  void make_twiceInOneMoment_isTwoProofs() {
    ExchangeProof.make(key, ASKED, clock).check(ASKED, accepted).claim(SHARE);
    ExchangeProof.make(key, ASKED, clock).check(ASKED, accepted).claim(SHARE);
  }

  /** What is written of it shows neither the person's token nor what is asked for. */
  @Test
  void toString_subject_isTheIssuerAlone() {
    assertThat(ASKED).hasToString("exchange at https://issuer.example.com");
  }

  @Test
  void check_outsideTheWindow_isRefused() {
    ExchangeProof proof = ExchangeProof.make(key, ASKED, clock);
    clock.set(proof.issuedAt().plus(Duration.ofMillis(60_001)));
    refused(ErrorCode.HOLDER_PROOF_EXPIRED, proof);
    clock.set(proof.issuedAt().minus(Duration.ofMillis(30_001)));
    refused(ErrorCode.HOLDER_PROOF_NOT_YET_VALID, proof);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 40, 45, 70, 120})
  void check_ofChangedBytes_isRefused(int at) {
    byte[] bytes = ExchangeProof.make(key, ASKED, clock).encode();
    bytes[at] ^= 1; // the key, the time, the nonce, the signature
    ErrorCode code;
    try {
      var unused = ExchangeProof.decode(bytes).check(ASKED, accepted);
      code = null;
    } catch (TaperException e) {
      code = e.code();
    }
    assertThat(code)
        .isIn(ErrorCode.HOLDER_PROOF_MISMATCH, ErrorCode.INVALID_KEY, ErrorCode.REQUEST_MISMATCH);
  }

  @Test
  void check_ofAnotherKindOfSignature_isRefused() {
    // The same parts, signed with the tag of a call.
    ExchangeProof proof =
        ExchangeProof.make(
            new Signer() {
              @Override
              public PublicKey publicKey() {
                return key.publicKey();
              }

              @Override
              public byte[] sign(byte[] message) {
                byte[] other = message.clone();
                System.arraycopy(
                    "\0TAPER\0PROOF\0".getBytes(StandardCharsets.US_ASCII), 0, other, 0, 13);
                return key.sign(other);
              }
            },
            ASKED,
            clock);
    refused(ErrorCode.HOLDER_PROOF_MISMATCH, proof);
  }

  private void refused(ErrorCode code, ExchangeProof proof) {
    Refused.with(
        code,
        () -> {
          var unused = proof.check(ASKED, accepted);
        });
  }

  static Stream<Arguments> noProofs() {
    return Stream.of(
        Arguments.of(null, "is missing"),
        Arguments.of("", "is too short"),
        Arguments.of("AQ", "is too short"),
        Arguments.of("AgA", "has another version than 1"),
        Arguments.of("AAAAAAAA", "has another version than 1"),
        Arguments.of("AQk", "has the unknown algorithm 9"),
        Arguments.of("AQAA", "is too short or too long"),
        Arguments.of("AQAA=", "is not canonical base64url without padding"),
        Arguments.of("!", "is not canonical base64url without padding"),
        Arguments.of("A".repeat(256), "has another version than 1"),
        Arguments.of("A".repeat(257), "is too long"));
  }

  @ParameterizedTest
  @MethodSource("noProofs")
  @SuppressWarnings("NullAway") // what a field that is not there gives
  void decode_ofNoProof_isRefusedWithTheReason(@Nullable String text, String reason) {
    String message =
        Refused.with(
            ErrorCode.MALFORMED_HOLDER_PROOF,
            reason,
            () -> {
              var unused = ExchangeProof.decode(text);
            });
    assertThat(message).isEqualTo("the proof " + reason);
  }

  @Test
  void decode_ofAnotherSpelling_isRefused() {
    String text = ExchangeProof.make(key, ASKED, clock).encodeBase64();
    for (String other : new String[] {text + "=", text + "A", text.repeat(2), text.substring(1)}) {
      Refused.with(
          ErrorCode.MALFORMED_HOLDER_PROOF,
          () -> {
            var unused = ExchangeProof.decode(other);
          });
    }
  }

  @Test
  void decode_timeBefore1970_isRefused() {
    clock.set(Instant.EPOCH);
    ExchangeProof first = ExchangeProof.make(key, ASKED, clock);
    assertThat(ExchangeProof.decode(first.encode()).issuedAt()).isEqualTo(Instant.EPOCH);
    assertThat(first).hasToString("ExchangeProof(" + key.publicKey() + ", 1970-01-01T00:00:00Z)");
    byte[] bytes = first.encode();
    bytes[2 + 32] = (byte) 0x80; // the first byte of the time

    Refused.with(
        ErrorCode.MALFORMED_HOLDER_PROOF,
        "a time that is out of range",
        () -> {
          var unused = ExchangeProof.decode(bytes);
        });
    clock.set(Instant.ofEpochMilli(-1));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> {
          var unused = ExchangeProof.make(key, ASKED, clock);
        });
  }

  @Test
  void decode_signatureOfP256_hasALengthThatDerAllows() {
    byte[] made =
        ExchangeProof.make(PrivateKey.generate(Algorithm.SECP256R1), ASKED, clock).encode();
    int start = 2 + 33 + 8 + 16 + 3 * 4;
    for (int length = 0; length < 80; length++) {
      byte[] bytes = Arrays.copyOf(made, start + length);
      if (length >= 8 && length <= 72) {
        assertThat(ExchangeProof.decode(bytes).encode()).isEqualTo(bytes);
      } else {
        Refused.with(
            ErrorCode.MALFORMED_HOLDER_PROOF,
            "too short or too long",
            () -> {
              var unused = ExchangeProof.decode(bytes);
            });
      }
    }
  }

  @Test
  void make_bySignerOfNoSignature_isRefused() {
    Signer broken =
        new Signer() {
          @Override
          public PublicKey publicKey() {
            return key.publicKey();
          }

          @Override
          public byte[] sign(byte[] message) {
            return new byte[63];
          }
        };
    Refused.with(
        ErrorCode.SIGNING_FAILED,
        "a signature of 63 bytes",
        () -> {
          var unused = ExchangeProof.make(broken, ASKED, clock);
        });
  }

  @Test
  void makeUnseen_byWhoKnowsTheTokensDigestAlone_isTheSameProof() {
    ExchangeProof proof =
        ExchangeProof.makeUnseen(key, ASKED.issuer(), ASKED.tokenDigest(), ASKED.details(), clock);
    ExchangeProof.decode(proof.encode()).check(ASKED, accepted).claim(SHARE);
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> {
          var unused =
              ExchangeProof.makeUnseen(key, ASKED.issuer(), new byte[31], ASKED.details(), clock);
        });
  }

  @Test
  void make_byAMaker_isItsOwn() {
    ExchangeProof own = ExchangeProof.make(key, ASKED, clock);
    ExchangeProof.Maker maker =
        new ExchangeProof.Maker() {
          @Override
          public PublicKey publicKey() {
            return key.publicKey();
          }

          @Override
          public byte[] sign(byte[] message) {
            throw new AssertionError("it signs no proof that was made elsewhere");
          }

          @Override
          public ExchangeProof make(Subject subject) {
            assertThat(subject).isEqualTo(ASKED);
            return own;
          }
        };
    assertThat(ExchangeProof.make(maker, ASKED, clock)).isSameAs(own);
  }
}
