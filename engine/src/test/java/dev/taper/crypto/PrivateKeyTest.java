package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyTest {
  private static final String N =
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void sign_thenVerify_true(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);

    byte[] signature = key.sign(MESSAGE);

    assertThat(key.publicKey().verify(MESSAGE, signature)).isTrue();
    assertThat(key.publicKey().verify("another".getBytes(UTF_8), signature)).isFalse();
    assertThat(PrivateKey.generate(algorithm).publicKey().verify(MESSAGE, signature)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void sign_sameMessageTwice_sameSignature(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);

    assertThat(key.sign(MESSAGE)).isEqualTo(key.sign(MESSAGE));
  }

  @Test
  void sign_ed25519_matchesRfc8032() {
    // RFC 8032, 7.1, test 2.
    PrivateKey key =
        PrivateKey.parse(
            "ed25519-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");

    assertThat(key.publicKey())
        .hasToString("ed25519/3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    assertThat(HexFormat.of().formatHex(key.sign(new byte[] {0x72})))
        .isEqualTo(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  }

  @Test
  void sign_p256_matchesRfc6979InItsLowForm() {
    // RFC 6979, A.2.5, SHA-256, message "sample". Its s is in the upper half.
    PrivateKey key =
        PrivateKey.parse(
            "secp256r1-private/C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
    BigInteger r =
        new BigInteger("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716", 16);
    BigInteger s =
        new BigInteger("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8", 16);

    byte[] signature = key.sign("sample".getBytes(UTF_8));

    assertThat(key.publicKey())
        .hasToString(
            "secp256r1/0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
    assertThat(EcdsaSignature.parse(signature))
        .isEqualTo(new EcdsaSignature(r, new BigInteger(N, 16).subtract(s)));
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void parse_exposedText_sameKey(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);

    PrivateKey again = PrivateKey.parse(key.exposeText());

    assertThat(again).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(again.publicKey()).isEqualTo(key.publicKey());
    assertThat(again).isNotEqualTo(PrivateKey.generate(algorithm));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "ed25519-private",
        "ed25519-private/",
        "ed25519/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "ED25519-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "rsa-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "ed25519-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6",
        "ed25519-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb00",
        "ed25519-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fg",
        " ed25519-private/4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "secp256r1-private/0000000000000000000000000000000000000000000000000000000000000000",
        "secp256r1-private/" + N,
        "secp256r1-private/ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      })
  void parse_badText_invalidKeyWithoutTheSecret(String text) {
    assertThatThrownBy(() -> PrivateKey.parse(text))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY))
        .hasNoCause()
        .hasMessageNotContaining("4ccd089b");
  }

  @Test
  void of_extremeP256Scalars_sign() {
    byte[] one = new byte[32];
    one[31] = 1;
    byte[] last = HexFormat.of().parseHex(N);
    last[31]--;
    for (byte[] scalar : new byte[][] {one, last}) {
      PrivateKey key = PrivateKey.of(Algorithm.SECP256R1, scalar);
      assertThat(key.publicKey().verify(MESSAGE, key.sign(MESSAGE))).isTrue();
    }
  }

  @Test
  void of_laterChangeOfTheArray_keyUnchanged() {
    byte[] seed = new byte[32];
    PrivateKey key = PrivateKey.of(Algorithm.ED25519, seed);
    byte[] before = key.sign(MESSAGE);

    Arrays.fill(seed, (byte) 7);
    Arrays.fill(key.secret().exposeCopy(), (byte) 7);

    assertThat(key.sign(MESSAGE)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void toString_anyKey_noSecret(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);

    assertThat(key.toString())
        .contains(key.publicKey().toString())
        .doesNotContain(HexFormat.of().formatHex(key.secret().exposeCopy()));
  }

  @Test
  void sign_destroyedKey_signingFailed() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    assertThat(key.isDestroyed()).isFalse();
    key.destroy();

    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(() -> key.sign(MESSAGE))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIGNING_FAILED));
  }
}
