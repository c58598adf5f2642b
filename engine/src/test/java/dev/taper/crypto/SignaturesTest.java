package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Refused;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
  private static final byte[] MESSAGE = {1, 2, 3};

  @Test
  void isWellFormed_ed25519_onlyTheLengthCounts() {
    assertThat(Signatures.isWellFormed(Algorithm.ED25519, new byte[64])).isTrue();
    assertThat(Signatures.isWellFormed(Algorithm.ED25519, new byte[63])).isFalse();
    assertThat(Signatures.isWellFormed(Algorithm.ED25519, new byte[65])).isFalse();
    assertThat(Signatures.isWellFormed(Algorithm.ED25519, new byte[0])).isFalse();
  }

  /** ECDSA in DER: from two integers of one byte to two of 33. */
  @Test
  void canHave_lengths_areThoseOfTheAlgorithm() {
    for (int bytes = 0; bytes < 100; bytes++) {
      assertThat(Signatures.canHave(bytes, Algorithm.ED25519)).isEqualTo(bytes == 64);
      assertThat(Signatures.canHave(bytes, Algorithm.SECP256R1))
          .as("%d bytes", bytes)
          .isEqualTo(bytes >= 8 && bytes <= 72);
    }
  }

  /** Others may verify at the same time, so there are at least so many. */
  @Test
  void verifications_eachSignatureThatIsVerified_isCounted() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] signature = key.sign(MESSAGE);
    int times = 1_000;
    long before = Signatures.verifications();
    for (int i = 0; i < times; i++) {
      assertThat(SignatureBackend.preferred().verify(key.publicKey(), MESSAGE, signature)).isTrue();
    }

    assertThat(Signatures.verifications() - before).isGreaterThanOrEqualTo(times);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "3000",
        "30020200",
        "300402000200",
        // r = 0, s = 0
        "3006020100020101",
        "3006020101020100",
        // negative
        "3006020181020101",
        "3006020101020181",
        // padded
        "300702020001020101",
        "300702010102020001",
        "3008020300000102" + "0101",
        "3008020101" + "0203000001",
        // another tag, a longer form of a length, an indefinite length
        "3106020101020101",
        "3006030101020101",
        "3006020101030101",
        "308106020101020101",
        "30070281010102010100",
        "30800201010201010000",
        // something before the end, after the end, missing at the end
        "300802010102010102ff",
        "300702010102010100",
        "300602010102010100",
        "3007020101020101",
        "3005020101020101",
        "30060201010201",
        // lengths that point outside
        "3006027f01020101",
        "300602ff01020101",
        "300602010102ff01",
        "3006020101020201",
        "3006020301010102",
        "3006020401010101",
      })
  void isWellFormed_notDer_false(String hex) {
    byte[] signature = HexFormat.of().parseHex(hex);

    assertThat(Signatures.isWellFormed(Algorithm.SECP256R1, signature)).isFalse();
    assertThatThrownBy(() -> Signatures.revocationKey(Algorithm.SECP256R1, signature))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_SIGNATURE));
  }

  static BigInteger[] scalars() {
    return new BigInteger[] {
      BigInteger.ONE,
      BigInteger.valueOf(0x7f),
      BigInteger.valueOf(0x80),
      BigInteger.ONE.shiftLeft(255),
      P256.N.shiftRight(1),
      P256.N.shiftRight(1).add(BigInteger.ONE),
      P256.N.subtract(BigInteger.ONE)
    };
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void isWellFormed_scalarInRange_trueAndSameAfterParsing(BigInteger scalar) {
    EcdsaSignature signature = new EcdsaSignature(scalar, P256.N.subtract(scalar));

    assertThat(Signatures.isWellFormed(Algorithm.SECP256R1, signature.toDer())).isTrue();
    assertThat(EcdsaSignature.parse(signature.toDer())).isEqualTo(signature);
  }

  @Test
  void isWellFormed_shortestAndLongest_true() {
    BigInteger last = P256.N.subtract(BigInteger.ONE);

    assertThat(EcdsaSignature.parse(HexFormat.of().parseHex("3006020101020101")))
        .isEqualTo(new EcdsaSignature(BigInteger.ONE, BigInteger.ONE));
    assertThat(new EcdsaSignature(last, last).toDer()).hasSize(72);
    assertThat(EcdsaSignature.parse(new EcdsaSignature(last, last).toDer()))
        .isEqualTo(new EcdsaSignature(last, last));
  }

  @Test
  void isWellFormed_scalarOutOfRange_false() {
    for (BigInteger scalar : new BigInteger[] {P256.N, BigInteger.ONE.shiftLeft(256)}) {
      assertThat(EcdsaSignature.parse(new EcdsaSignature(scalar, BigInteger.ONE).toDer())).isNull();
      assertThat(EcdsaSignature.parse(new EcdsaSignature(BigInteger.ONE, scalar).toDer())).isNull();
    }
  }

  @Test
  void revocationKey_bothFormsOfAnEcdsaSignature_same() {
    for (int i = 0; i < 20; i++) {
      PrivateKey key = PrivateKey.generate(Algorithm.SECP256R1);
      byte[] low = key.sign(MESSAGE);
      EcdsaSignature parsed = Objects.requireNonNull(EcdsaSignature.parse(low));
      byte[] high = new EcdsaSignature(parsed.r(), P256.N.subtract(parsed.s())).toDer();

      for (SignatureBackend backend : SignatureBackend.available()) {
        assertThat(backend.verify(key.publicKey(), MESSAGE, high)).isTrue();
      }
      assertThat(high).isNotEqualTo(low);
      assertThat(Signatures.revocationKey(Algorithm.SECP256R1, high)).isEqualTo(low);
      assertThat(Signatures.revocationKey(Algorithm.SECP256R1, low)).isEqualTo(low);
    }
  }

  /**
   * The order is odd: of no number are both forms the same, and the two in the middle are a pair.
   */
  @Test
  void revocationKey_edgesOfS_theLowerForm() {
    BigInteger half = P256.N.shiftRight(1);
    for (BigInteger low :
        List.of(BigInteger.ONE, BigInteger.TWO, half.subtract(BigInteger.ONE), half)) {
      byte[] lower = new EcdsaSignature(BigInteger.TEN, low).toDer();
      byte[] higher = new EcdsaSignature(BigInteger.TEN, P256.N.subtract(low)).toDer();

      assertThat(Signatures.revocationKey(Algorithm.SECP256R1, lower)).isEqualTo(lower);
      assertThat(Signatures.revocationKey(Algorithm.SECP256R1, higher)).isEqualTo(lower);
    }
  }

  @Test
  void revocationKey_ed25519_theSignature() {
    byte[] signature = PrivateKey.generate(Algorithm.ED25519).sign(MESSAGE);

    byte[] key = Signatures.revocationKey(Algorithm.ED25519, signature);

    assertThat(key).isEqualTo(signature).isNotSameAs(signature);
    assertThatThrownBy(() -> Signatures.revocationKey(Algorithm.ED25519, new byte[63]))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_SIGNATURE));
  }

  /** What a device or a service answers; a signer gives out one form of it, or nothing. */
  @Test
  void checked_bothFormsOfAnEcdsaSignature_givesTheLowOne() {
    PrivateKey key = PrivateKey.generate(Algorithm.SECP256R1);
    byte[] low = key.sign(MESSAGE);
    EcdsaSignature parsed = Objects.requireNonNull(EcdsaSignature.parse(low));
    byte[] high = new EcdsaSignature(parsed.r(), P256.N.subtract(parsed.s())).toDer();

    assertThat(Signatures.checked(key.publicKey(), MESSAGE, high)).isEqualTo(low);
    assertThat(Signatures.checked(key.publicKey(), MESSAGE, low)).isEqualTo(low);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void checked_wrongAnswer_isRefused(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);
    byte[] another = PrivateKey.generate(algorithm).sign(MESSAGE);

    for (byte[] answer : new byte[][] {another, key.sign(new byte[] {1}), {}, {0x30, 0}}) {
      Refused.with(
          ErrorCode.SIGNING_FAILED,
          "is not by " + key.publicKey(),
          () -> Signatures.checked(key.publicKey(), MESSAGE, answer));
    }
  }
}
