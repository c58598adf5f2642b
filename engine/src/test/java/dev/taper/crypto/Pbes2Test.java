package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.testing.Refused;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Encrypted keys as others may write them, encrypted by the JDK, and what a hostile one asks for.
 */
class Pbes2Test {
  private static final char[] PASSPHRASE = "correct-horse".toCharArray();
  private static final PrivateKey KEY = PrivateKey.generate(Algorithm.ED25519);
  private static final byte[] PLAIN = Pkcs8.encodePrivate(KEY);
  private static final byte[] SALT = new byte[16];
  private static final byte[] IV = new byte[16];

  private static final String PBES2 = "1.2.840.113549.1.5.13";
  private static final String PBKDF2 = "1.2.840.113549.1.5.12";
  private static final String SCRYPT = "1.3.6.1.4.1.11591.4.11";
  private static final String HMAC = "1.2.840.113549.2.";
  private static final String AES = "2.16.840.1.101.3.4.1.";
  private static final String AES256 = AES + "42";
  private static final String SHA256 = HMAC + "9";

  @ParameterizedTest
  @CsvSource({
    "PBKDF2WithHmacSHA1, 7, 16, 2",
    "PBKDF2WithHmacSHA256, 9, 16, 2",
    "PBKDF2WithHmacSHA256, 9, 24, 22",
    "PBKDF2WithHmacSHA256, 9, 32, 42",
    "PBKDF2WithHmacSHA384, 10, 32, 42",
    "PBKDF2WithHmacSHA512, 11, 32, 42",
  })
  void decrypt_everyFunctionAndCipher_sameKey(
      String name, String function, int keyBytes, String cipher) throws Exception {
    byte[] encrypted = encrypted(pbkdf2(name, keyBytes));

    for (int declared : new int[] {0, keyBytes}) {
      KeyDerivationFunc derivation = pbkdf2(SALT, 1000, declared, HMAC + function);
      assertThat(read(PBES2, derivation, AES + cipher, IV, encrypted)).isEqualTo(KEY);
    }
    refused(
        "not an encrypted private key",
        PBES2,
        pbkdf2(SALT, 1000, keyBytes + 8, HMAC + function),
        AES + cipher,
        IV,
        encrypted);
  }

  @Test
  void decrypt_scrypt_sameKeyWithAndWithoutItsLength() throws Exception {
    byte[] password = new String(PASSPHRASE).getBytes(UTF_8);
    byte[] encrypted = encrypted(SCrypt.generate(password, SALT, 16, 2, 3, 32));

    assertThat(read(PBES2, scrypt(SALT, 16, 2, 3), AES256, IV, encrypted)).isEqualTo(KEY);
    assertThat(read(PBES2, scrypt(SALT, 16, 2, 3, 32), AES256, IV, encrypted)).isEqualTo(KEY);
    String said = "not an encrypted private key";
    refused(said, PBES2, scrypt(SALT, 16, 2, 3, 16), AES256, IV, encrypted);
    refused(said, PBES2, scrypt(SALT, 16, 2, 3, 32, 32), AES256, IV, encrypted);
    refused(said, PBES2, scrypt(SALT, 16, 2), AES256, IV, encrypted);
    refused("passphrase is wrong", PBES2, scrypt(SALT, 16, 2, 4), AES256, IV, encrypted);
  }

  @Test
  void decrypt_unsupported_namesIt() throws Exception {
    byte[] encrypted = encrypted(pbkdf2("PBKDF2WithHmacSHA256", 32));
    KeyDerivationFunc good = pbkdf2(SALT, 1000, 0, SHA256);
    KeyDerivationFunc another = new KeyDerivationFunc(id("1.2.3"), DERNull.INSTANCE);

    refused("encryption scheme 1.2.4", "1.2.4", good, AES256, IV, encrypted);
    refused("key derivation function 1.2.3", PBES2, another, AES256, IV, encrypted);
    refused("cipher 1.2.5 is not", PBES2, good, "1.2.5", IV, encrypted);
    refused(
        "pseudo-random function " + HMAC + "8",
        PBES2,
        pbkdf2(SALT, 1000, 0, HMAC + "8"),
        AES256,
        IV,
        encrypted);
  }

  /** What would take long is refused before any of it is done. */
  @Test
  void decrypt_tooMuchWork_isRefused() throws Exception {
    byte[] encrypted = encrypted(pbkdf2("PBKDF2WithHmacSHA256", 32));
    String said = "asks for too much work, or none";

    for (int iterations : new int[] {Integer.MIN_VALUE, -1, 0, 2_000_001, Integer.MAX_VALUE}) {
      refused(said, PBES2, pbkdf2(SALT, iterations, 0, SHA256), AES256, IV, encrypted);
    }
    int most = 1 << 20;
    int[][] costs = {
      {0, 1, 1},
      {2, 0, 1},
      {2, 1, 0},
      {-2, 1, 1},
      {2, -1, 1},
      {2, 1, -1},
      {-2, -1, 1},
      {2 * most, 1, 1},
      {2, most, 1},
      {2, 1, most},
      {2, 1 << 10, 1 << 10},
      {1 << 18, 8, 1},
      {2, most + 1, 1},
      {2, 1, most + 1},
      {most, most, most}
    };
    for (int[] cost : costs) {
      refused(said, PBES2, scrypt(SALT, cost[0], cost[1], cost[2]), AES256, IV, encrypted);
    }
  }

  @Test
  void decrypt_asMuchWorkAsIsAllowed_isDone() throws Exception {
    byte[] encrypted = encrypted(new byte[32]); // by another key
    assertThatThrownBy(() -> read(PBES2, scrypt(SALT, 1 << 17, 8, 1), AES256, IV, encrypted))
        .isInstanceOf(TaperException.class)
        .hasMessageNotContaining("asks for too much work");
  }

  @Test
  void decrypt_longestSalt_isTakenAndNotOneByteMore() throws Exception {
    byte[] longest = new byte[128];
    SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
    byte[] key = factory.generateSecret(new PBEKeySpec(PASSPHRASE, longest, 10, 256)).getEncoded();
    byte[] encrypted = encrypted(key);

    assertThat(read(PBES2, pbkdf2(longest, 10, 0, SHA256), AES256, IV, encrypted)).isEqualTo(KEY);
    String said = "not an encrypted private key";
    refused(said, PBES2, pbkdf2(new byte[129], 10, 0, SHA256), AES256, IV, encrypted);
    refused(said, PBES2, scrypt(new byte[129], 16, 1, 1), AES256, IV, encrypted);
  }

  @Test
  void decrypt_notWholeBlocks_isRefused() throws Exception {
    byte[] encrypted = encrypted(pbkdf2("PBKDF2WithHmacSHA256", 32));
    KeyDerivationFunc good = pbkdf2(SALT, 1000, 0, SHA256);
    String said = "not an encrypted private key";

    refused(said, PBES2, good, AES256, new byte[15], encrypted);
    refused(said, PBES2, good, AES256, new byte[17], encrypted);
    refused(said, PBES2, good, AES256, IV, new byte[0]);
    refused(said, PBES2, good, AES256, IV, Arrays.copyOf(encrypted, encrypted.length - 1));
    refused("passphrase is wrong", PBES2, good, AES256, IV, Arrays.copyOf(encrypted, 16));
  }

  private static byte[] pbkdf2(String name, int keyBytes) throws Exception {
    return SecretKeyFactory.getInstance(name)
        .generateSecret(new PBEKeySpec(PASSPHRASE, SALT, 1000, Byte.SIZE * keyBytes))
        .getEncoded();
  }

  private static byte[] encrypted(byte[] key) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(IV));
    return cipher.doFinal(PLAIN);
  }

  private static KeyDerivationFunc pbkdf2(
      byte[] salt, int iterations, int keyBytes, String function) {
    AlgorithmIdentifier prf = new AlgorithmIdentifier(id(function), DERNull.INSTANCE);
    ASN1EncodableVector parameters = new ASN1EncodableVector();
    parameters.add(new DEROctetString(salt));
    parameters.add(new ASN1Integer(iterations));
    if (keyBytes != 0) {
      parameters.add(new ASN1Integer(keyBytes));
    }
    parameters.add(prf);
    return new KeyDerivationFunc(id(PBKDF2), PBKDF2Params.getInstance(new DERSequence(parameters)));
  }

  private static KeyDerivationFunc scrypt(byte[] salt, int... numbers) {
    ASN1EncodableVector parameters = new ASN1EncodableVector();
    parameters.add(new DEROctetString(salt));
    for (int number : numbers) {
      parameters.add(new ASN1Integer(BigInteger.valueOf(number)));
    }
    return new KeyDerivationFunc(id(SCRYPT), new DERSequence(parameters));
  }

  private static PrivateKey read(
      String scheme, KeyDerivationFunc derivation, String cipher, byte[] iv, byte[] encrypted)
      throws Exception {
    PBES2Parameters parameters =
        new PBES2Parameters(derivation, new EncryptionScheme(id(cipher), new DEROctetString(iv)));
    byte[] der =
        new EncryptedPrivateKeyInfo(new AlgorithmIdentifier(id(scheme), parameters), encrypted)
            .getEncoded("DER");
    String pem =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    return Pem.readPrivateKey(pem, PASSPHRASE);
  }

  private static void refused(
      String said,
      String scheme,
      KeyDerivationFunc derivation,
      String cipher,
      byte[] iv,
      byte[] encrypted) {
    Refused.with(
        ErrorCode.INVALID_PEM, said, () -> read(scheme, derivation, cipher, iv, encrypted));
  }

  private static ASN1ObjectIdentifier id(String text) {
    return new ASN1ObjectIdentifier(text);
  }
}
