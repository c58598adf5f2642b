package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.FullSize;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@FullSize
class PemTest {
  private static final int DAMAGED = FullSize.Cases.of(500, 2_000);

  private static final char[] PASSPHRASE = "correct-horse".toCharArray();

  // What "openssl pkey -text" prints of the two keys.
  private static final String ED25519 =
      "ed25519-private/1499bc68b53ba19aadfa120a798fd2108ff1a594df1dc5501946a7fa7546161d";
  private static final String ED25519_PUBLIC =
      "ed25519/7509256fa6e2d18426255876fa74ca301bcb88d67101306981679370bab43567";
  private static final String P256 =
      "secp256r1-private/87d16468d279305fb30472a7ad5bbbdce4cf291e12fd43058807e5f73f4d11bb";
  private static final String P256_PUBLIC =
      "secp256r1/02d1bcd10a32de0c2a5eceaae318302ba42830993df15ee17999a356840feda885";

  @ParameterizedTest
  @CsvSource({
    "ed25519.pub.pem, " + ED25519_PUBLIC,
    "p256.pub.pem, " + P256_PUBLIC,
    "p256-compressed.pub.pem, " + P256_PUBLIC
  })
  void readPublicKey_opensslFile_sameKey(String file, String expected) {
    assertThat(Pem.readPublicKey(fixture(file))).hasToString(expected);
  }

  @Test
  void readPublicKey_longestDocument_isTakenAndNotOneCharacterMore() {
    String pem = fixture("ed25519.pub.pem");
    String longest = pem + "\n".repeat(4096 - pem.length());
    assertThat(Pem.readPublicKey(longest)).hasToString(ED25519_PUBLIC);
    Refused.with(ErrorCode.INVALID_PEM, "at most 4096", () -> Pem.readPublicKey(longest + "\n"));
  }

  @Test
  void readPublicKey_bodyOfAnyLength_saysWhatIsWrong() {
    String begin = "-----BEGIN PUBLIC KEY-----";
    String end = "-----END PUBLIC KEY-----";
    Refused.with(ErrorCode.INVALID_PEM, "ends with", () -> Pem.readPublicKey(begin));
    assertThatThrownBy(() -> Pem.readPublicKey(begin + end)).hasMessageNotContaining("ends with");
    for (int bytes : new int[] {1024, 1025}) {
      String body = Base64.getEncoder().encodeToString(new byte[bytes]);
      boolean tooLong = bytes > 1024;
      assertThatThrownBy(() -> Pem.readPublicKey(begin + body + end))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PEM))
          .satisfies(
              e ->
                  assertThat(String.valueOf(e.getMessage()).contains("at most 1024"))
                      .isEqualTo(tooLong));
    }
  }

  @ParameterizedTest
  @CsvSource({"ed25519.pem, " + ED25519, "p256.pem, " + P256})
  void readPrivateKey_opensslFile_sameKey(String file, String expected) {
    assertThat(Pem.isEncrypted(fixture(file))).isFalse();
    assertThat(Pem.readPrivateKey(fixture(file)).exposeText()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519-pbkdf2.pem, correct-horse, " + ED25519,
    "ed25519-scrypt.pem, correct-horse, " + ED25519,
    "ed25519-aes128-sha512.pem, correct-horse, " + ED25519,
    "ed25519-utf8.pem, pässwörd €, " + ED25519,
    "p256-pbkdf2.pem, correct-horse, " + P256,
    "p256-scrypt.pem, correct-horse, " + P256
  })
  void readPrivateKey_opensslEncryptedFile_sameKey(
      String file, String passphrase, String expected) {
    String pem = fixture(file);

    assertThat(Pem.isEncrypted(pem)).isTrue();
    assertThat(Pem.readPrivateKey(pem, passphrase.toCharArray()).exposeText()).isEqualTo(expected);
  }

  @Test
  void write_keysOfOpensslFiles_sameDocuments() {
    assertThat(Pem.write(PublicKey.parse(ED25519_PUBLIC))).isEqualTo(fixture("ed25519.pub.pem"));
    assertThat(Pem.write(PublicKey.parse(P256_PUBLIC))).isEqualTo(fixture("p256.pub.pem"));
    assertThat(Pem.writeUnencrypted(PrivateKey.parse(ED25519))).isEqualTo(fixture("ed25519.pem"));
    assertThat(Pem.writeUnencrypted(PrivateKey.parse(P256))).isEqualTo(fixture("p256.pem"));
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void writeEncrypted_thenRead_sameKey(Algorithm algorithm) {
    PrivateKey key = PrivateKey.generate(algorithm);
    char[] passphrase = "zwölf Boxkämpfer".toCharArray();

    String pem = Pem.writeEncrypted(key, passphrase);

    assertThat(Pem.readPrivateKey(pem, passphrase)).isEqualTo(key);
    assertThat(passphrase).isEqualTo("zwölf Boxkämpfer".toCharArray());
    assertThat(Pem.writeEncrypted(key, passphrase)).isNotEqualTo(pem);
  }

  @Test
  void readPrivateKey_wrongPassphrase_invalidPem() {
    assertInvalid(() -> Pem.readPrivateKey(fixture("ed25519-pbkdf2.pem"), "wrong".toCharArray()));
    assertInvalid(() -> Pem.readPrivateKey(fixture("p256-scrypt.pem"), new char[0]));
  }

  /** Padding fits by chance for one wrong passphrase of 256. */
  @Test
  void readPrivateKey_whatThePassphraseOpensIsJunk_saysThatItMayBeWrong() throws IOException {
    byte[] document = Pbes2.encrypt(new byte[40], PASSPHRASE);
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(document);
    String label = "ENCRYPTED PRIVATE KEY-----\n";

    assertInvalid(
            () ->
                Pem.readPrivateKey(
                    "-----BEGIN " + label + body + "\n-----END " + label, PASSPHRASE))
        .hasMessageContaining("passphrase is wrong");
  }

  @Test
  void read_otherKindOfDocument_invalidPemThatSaysSo() {
    assertInvalid(() -> Pem.readPublicKey(fixture("ed25519.pem"))).hasMessageContaining("private");
    assertInvalid(() -> Pem.readPrivateKey(fixture("ed25519.pub.pem")))
        .hasMessageContaining("public");
    assertInvalid(() -> Pem.readPrivateKey(fixture("ed25519-pbkdf2.pem")))
        .hasMessageContaining("passphrase");
    assertInvalid(() -> Pem.readPrivateKey(fixture("ed25519.pem"), PASSPHRASE))
        .hasMessageContaining("not encrypted");
    assertInvalid(() -> Pem.readPrivateKey(fixture("p256-sec1.pem")))
        .hasMessageContaining("openssl pkcs8");
    assertInvalid(() -> Pem.readPrivateKey(fixture("p384.pem")));
    assertInvalid(() -> Pem.readPublicKey(fixture("p384.pub.pem")));
    assertInvalid(() -> Pem.readPrivateKey(fixture("x25519.pem")));
    assertInvalid(() -> Pem.readPrivateKey(fixture("ed25519-des3.pem"), PASSPHRASE))
        .hasMessageContaining("cipher");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nM*ow\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMCowé\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PRIVATE KEY-----",
        "text before -----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----",
      })
  void readPublicKey_malformedText_invalidPem(String pem) {
    assertInvalid(() -> Pem.readPublicKey(pem));
  }

  @Test
  void readPublicKey_textAround_onlyWhiteSpaceAllowed() {
    String pem = fixture("ed25519.pub.pem");

    assertThat(Pem.readPublicKey("\n  " + pem.replace("\n", "\r\n") + "\n\n"))
        .hasToString(ED25519_PUBLIC);
    assertInvalid(() -> Pem.readPublicKey(pem + pem));
    assertInvalid(() -> Pem.readPublicKey(pem + "more"));
    assertInvalid(() -> Pem.readPublicKey(pem + " ".repeat(5000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // No point of P-256 has x = 1; a hybrid encoding; y = 1 of Ed25519 is of small order.
        "3039301306072a8648ce3d020106082a8648ce3d030107032200"
            + "020000000000000000000000000000000000000000000000000000000000000001",
        "3039301306072a8648ce3d020106082a8648ce3d030107032200"
            + "06d1bcd10a32de0c2a5eceaae318302ba42830993df15ee17999a356840feda885",
        "302a300506032b6570032100"
            + "0100000000000000000000000000000000000000000000000000000000000000"
      })
  void readPublicKey_invalidPoint_invalidKey(String der) {
    String pem = armour("PUBLIC KEY", HexFormat.of().parseHex(der));

    assertThatThrownBy(() -> Pem.readPublicKey(pem))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
  }

  @Test
  void readPrivateKey_foreignPublicKeyInside_invalidPem() {
    byte[] der = body(fixture("p256.pem"));
    byte[] other = body(Pem.writeUnencrypted(PrivateKey.generate(Algorithm.SECP256R1)));
    // The uncompressed point is at the end.
    System.arraycopy(other, other.length - 65, der, der.length - 65, 65);

    assertInvalid(() -> Pem.readPrivateKey(armour("PRIVATE KEY", der)))
        .hasMessageContaining("does not belong");
  }

  @Test
  void readPrivateKey_tooMuchWork_invalidPemAtOnce() {
    // Iterations 2048 (02 02 0800) become 2^31 - 1; the enclosing lengths grow by two.
    String pbkdf2 = HexFormat.of().formatHex(body(fixture("ed25519-pbkdf2.pem")));
    String huge =
        pbkdf2
            .replaceFirst("02020800", "02047fffffff")
            .replaceFirst("^3081a3305f", "3081a53061")
            .replaceFirst("3052", "3054")
            .replaceFirst("3031", "3033")
            .replaceFirst("3024", "3026");
    // N = 16384 (02 02 4000) becomes 2^22.
    String scrypt = HexFormat.of().formatHex(body(fixture("ed25519-scrypt.pem")));
    String tall =
        scrypt
            .replaceFirst("02024000", "0203400000")
            .replaceFirst("^30819b3057", "30819c3058")
            .replaceFirst("304a", "304b")
            .replaceFirst("3029", "302a")
            .replaceFirst("301c", "301d");
    for (String der : new String[] {huge, tall}) {
      String pem = armour("ENCRYPTED PRIVATE KEY", HexFormat.of().parseHex(der));
      assertInvalid(() -> Pem.readPrivateKey(pem, PASSPHRASE)).hasMessageContaining("work");
    }
  }

  @Test
  void writeEncrypted_badPassphrase_invalidArgument() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    for (char[] passphrase : new char[][] {{}, {'a', '\ud800'}}) {
      assertThatThrownBy(() -> Pem.writeEncrypted(key, passphrase))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }

  /** Every damaged document ends in the right key or in one of Taper's own exceptions. */
  @ParameterizedTest
  @ValueSource(strings = {"ed25519.pem", "p256.pem", "ed25519-aes128-sha512.pem", "p256.pub.pem"})
  void read_damagedDer_noOtherException(String file) {
    String pem = fixture(file);
    String label = pem.substring(11, pem.indexOf("-----", 11));
    byte[] der = body(pem);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      byte[] damaged =
          random.nextInt(10) == 0 ? Arrays.copyOf(der, random.nextInt(der.length)) : der.clone();
      // Not the passphrase's salt or the encrypted part only: mostly the structure.
      for (int n = random.nextInt(3); n >= 0 && damaged.length > 0; n--) {
        damaged[random.nextInt(Math.min(damaged.length, 104))] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        read(label, armour(label, damaged));
      } catch (TaperException e) {
        assertThat(e.code()).isIn(ErrorCode.INVALID_PEM, ErrorCode.INVALID_KEY);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(DAMAGED / 4);
  }

  private static void read(String label, String pem) {
    switch (label) {
      case "PUBLIC KEY" -> Pem.readPublicKey(pem);
      case "PRIVATE KEY" -> Pem.readPrivateKey(pem);
      default -> Pem.readPrivateKey(pem, PASSPHRASE);
    }
  }

  private static AbstractThrowableAssert<?, ?> assertInvalid(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PEM));
  }

  private static String armour(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getEncoder().encodeToString(der)
        + "\n-----END "
        + label
        + "-----";
  }

  private static byte[] body(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  private static String fixture(String name) {
    try (InputStream in = PemTest.class.getResourceAsStream("pem/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
