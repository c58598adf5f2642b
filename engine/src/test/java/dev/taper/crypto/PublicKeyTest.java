package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Refused;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {
  private static final String P256_P =
      "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  // No point of edwards25519 has y = 2; none of P-256 has x = 1.
  private static final String NO_ED25519_POINT = "02" + "00".repeat(31);
  private static final String NO_P256_POINT = "02" + "00".repeat(31) + "01";

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void parse_printedText_sameKey(Algorithm algorithm) {
    PublicKey key = PrivateKey.generate(algorithm).publicKey();
    String name = algorithm.text() + "/";
    String digits = key.toString().substring(name.length());

    assertThat(PublicKey.parse(key.toString())).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(PublicKey.parse(name + digits.toUpperCase(Locale.ROOT))).isEqualTo(key);
    assertThat(PublicKey.of(algorithm, key.bytes())).isEqualTo(key);
    assertThat(digits).isEqualTo(digits.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ed25519",
        "ed25519/",
        "/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "ed448/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "Ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "ed25519-private/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af466",
        "ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c00",
        "ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660 ",
        "ed25519/３d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "secp256r1/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "secp256r1/0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
        "secp256r1/0060fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
      })
  void parse_badText_invalidKey(String text) {
    assertInvalid(() -> PublicKey.parse(text));
  }

  /** The eight points of small order, and every other encoding of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      })
  void of_smallOrderPoint_invalidKey(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertInvalid(() -> PublicKey.of(Algorithm.ED25519, bytes));
    byte[] signature = new byte[64];
    System.arraycopy(bytes, 0, signature, 0, 32);
    assertThat(Ed25519Encoding.isAcceptableSignature(signature)).isFalse();
  }

  @Test
  void of_yAtOrAboveThePrime_invalidKey() {
    for (int low = 0xed; low <= 0xff; low++) {
      for (String high : new String[] {"7f", "ff"}) {
        byte[] bytes = HexFormat.of().parseHex(Integer.toHexString(low) + "ff".repeat(30) + high);
        assertInvalid(() -> PublicKey.of(Algorithm.ED25519, bytes));
      }
    }
    byte[] below = HexFormat.of().parseHex("eb" + "ff".repeat(30) + "7f");
    assertThat(PublicKey.of(Algorithm.ED25519, below).bytes()).isEqualTo(below);
  }

  @Test
  void of_p256CoordinateOutsideTheField_invalidKey() {
    assertInvalid(() -> PublicKey.of(Algorithm.SECP256R1, hex("02" + P256_P)));
    assertInvalid(() -> PublicKey.of(Algorithm.SECP256R1, hex("03" + "ff".repeat(32))));
  }

  @Test
  void validate_noPointOfTheCurve_invalidKey() {
    PublicKey ed25519 = PublicKey.of(Algorithm.ED25519, hex(NO_ED25519_POINT));
    PublicKey p256 = PublicKey.of(Algorithm.SECP256R1, hex(NO_P256_POINT));

    assertInvalid(ed25519::validate);
    assertInvalid(p256::validate);
    assertInvalid(() -> PublicKey.parse("ed25519/" + NO_ED25519_POINT));
    assertInvalid(() -> PublicKey.parse("secp256r1/" + NO_P256_POINT));
  }

  @Test
  void verify_noPointOfTheCurve_false() {
    byte[] message = {1};
    for (SignatureBackend backend : SignatureBackend.available()) {
      for (Algorithm algorithm : Algorithm.values()) {
        byte[] signature = PrivateKey.generate(algorithm).sign(message);
        String digits = algorithm == Algorithm.ED25519 ? NO_ED25519_POINT : NO_P256_POINT;
        PublicKey key = PublicKey.of(algorithm, hex(digits));

        assertThat(backend.verify(key, message, signature)).isFalse();
        assertThat(backend.verify(key, message, signature)).isFalse();
      }
    }
  }

  /** One library never verifies by what another one made of the key. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void verificationKey_eachBackend_itsOwn(Algorithm algorithm) {
    PublicKey key = PrivateKey.generate(algorithm).publicKey();
    Set<@Nullable VerificationKey> made = Collections.newSetFromMap(new IdentityHashMap<>());
    for (SignatureBackend backend : SignatureBackend.available()) {
      VerificationKey own = key.verificationKey(backend);

      assertThat(key.verificationKey(backend)).isNotNull().isSameAs(own);
      made.add(own);
    }
    assertThat(made).hasSameSizeAs(SignatureBackend.available());
  }

  @Test
  void parse_wrongLength_saysWhatIsRight() {
    Refused.with(
        ErrorCode.INVALID_KEY,
        "a key after ed25519/ has 64 hex digits, not 3",
        () -> PublicKey.parse("ed25519/abc"));
  }

  @Test
  void of_laterChangeOfTheArray_keyUnchanged() {
    byte[] bytes = PrivateKey.generate(Algorithm.ED25519).publicKey().bytes();
    PublicKey key = PublicKey.of(Algorithm.ED25519, bytes);
    String before = key.toString();

    bytes[0] ^= 1;
    key.bytes()[0] ^= 1;

    assertThat(key).hasToString(before);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static void assertInvalid(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
  }
}
