package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.jspecify.annotations.Nullable;

/**
 * Encryption under a passphrase: PBES2 (RFC 8018, 6.2) with PBKDF2 or scrypt (RFC 7914, 7) and
 * AES-CBC.
 *
 * <p>Writing uses 600,000 iterations of PBKDF2-HMAC-SHA256, as OWASP's "Password Storage Cheat
 * Sheet" (2023) recommends.
 */
final class Pbes2 {
  private static final int WRITE_ITERATIONS = 600_000;
  private static final int WRITE_SALT_BYTES = 16;
  private static final int WRITE_KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;

  // About 1.5 s of PBKDF2; 128 MiB and 0.5 s of scrypt.
  private static final int MAX_ITERATIONS = 2_000_000;
  private static final int MAX_SCRYPT = 1 << 20;
  private static final int MAX_SALT_BYTES = 128;

  // RFC 7914, section 7.
  private static final ASN1ObjectIdentifier SCRYPT =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11591.4.11");
  private static final SecureRandom RANDOM = new SecureRandom();

  private Pbes2() {}

  static byte[] decrypt(byte[] der, char[] passphrase) {
    byte[] password = utf8(passphrase);
    try {
      EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(Pkcs8.readDer(der));
      AlgorithmIdentifier scheme = info.getEncryptionAlgorithm();
      if (!scheme.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
        throw unsupported("encryption scheme", scheme.getAlgorithm());
      }
      PBES2Parameters parameters = PBES2Parameters.getInstance(scheme.getParameters());
      EncryptionScheme cipher = parameters.getEncryptionScheme();
      int keyBytes = keyBytes(cipher.getAlgorithm());
      byte[] iv = ASN1OctetString.getInstance(cipher.getParameters()).getOctets();
      byte[] key = deriveKey(parameters.getKeyDerivationFunc(), password, keyBytes);
      return aes(false, key, iv, info.getEncryptedData());
    } catch (InvalidCipherTextException e) {
      throw Pem.invalid("the passphrase is wrong, or the document is damaged", e);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw Pem.invalid("not an encrypted private key in DER", e);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  static byte[] encrypt(byte[] plain, char[] passphrase) {
    byte[] salt = random(WRITE_SALT_BYTES);
    byte[] iv = random(BLOCK_BYTES);
    byte[] password = utf8(passphrase);
    byte[] key = pbkdf2(new SHA256Digest(), password, salt, WRITE_ITERATIONS, WRITE_KEY_BYTES);
    Arrays.fill(password, (byte) 0);
    byte[] encrypted;
    try {
      encrypted = aes(true, key, iv, plain);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("encryption does not check padding", e);
    }
    AlgorithmIdentifier prf =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE);
    PBES2Parameters parameters =
        new PBES2Parameters(
            new KeyDerivationFunc(
                PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(salt, WRITE_ITERATIONS, prf)),
            new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
    return Pkcs8.writeDer(
        new EncryptedPrivateKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), encrypted));
  }

  private static byte[] deriveKey(KeyDerivationFunc function, byte[] password, int keyBytes) {
    if (function.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
      PBKDF2Params parameters = PBKDF2Params.getInstance(function.getParameters());
      checkKeyLength(parameters.getKeyLength(), keyBytes);
      int iterations = bounded(parameters.getIterationCount(), MAX_ITERATIONS);
      Digest digest = digest(parameters.getPrf().getAlgorithm());
      return pbkdf2(digest, password, salt(parameters.getSalt()), iterations, keyBytes);
    }
    if (function.getAlgorithm().equals(SCRYPT)) {
      return scrypt(ASN1Sequence.getInstance(function.getParameters()), password, keyBytes);
    }
    throw unsupported("key derivation function", function.getAlgorithm());
  }

  private static byte[] scrypt(ASN1Sequence parameters, byte[] password, int keyBytes) {
    if (parameters.size() < 4 || parameters.size() > 5) {
      throw new IllegalArgumentException("scrypt has four or five parameters");
    }
    byte[] salt = salt(ASN1OctetString.getInstance(parameters.getObjectAt(0)).getOctets());
    int n = bounded(ASN1Integer.getInstance(parameters.getObjectAt(1)).getValue(), MAX_SCRYPT);
    int r = bounded(ASN1Integer.getInstance(parameters.getObjectAt(2)).getValue(), MAX_SCRYPT);
    int p = bounded(ASN1Integer.getInstance(parameters.getObjectAt(3)).getValue(), MAX_SCRYPT);
    if (parameters.size() == 5) {
      checkKeyLength(ASN1Integer.getInstance(parameters.getObjectAt(4)).getValue(), keyBytes);
    }
    BigInteger work = BigInteger.valueOf(n).multiply(BigInteger.valueOf((long) r * p));
    bounded(work, MAX_SCRYPT);
    return SCrypt.generate(password, salt, n, r, p, keyBytes);
  }

  private static byte[] pbkdf2(
      Digest digest, byte[] password, byte[] salt, int iterations, int keyBytes) {
    PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest);
    generator.init(password, salt, iterations);
    return ((KeyParameter) generator.generateDerivedParameters(Byte.SIZE * keyBytes)).getKey();
  }

  private static byte[] aes(boolean encrypt, byte[] key, byte[] iv, byte[] input)
      throws InvalidCipherTextException {
    if (iv.length != BLOCK_BYTES
        || (!encrypt && (input.length == 0 || input.length % BLOCK_BYTES != 0))) {
      throw new IllegalArgumentException("not whole blocks of AES");
    }
    PaddedBufferedBlockCipher cipher =
        new PaddedBufferedBlockCipher(
            CBCBlockCipher.newInstance(AESEngine.newInstance()), new PKCS7Padding());
    cipher.init(encrypt, new ParametersWithIV(new KeyParameter(key), iv));
    Arrays.fill(key, (byte) 0);
    byte[] output = new byte[cipher.getOutputSize(input.length)];
    int size = cipher.processBytes(input, 0, input.length, output, 0);
    size += cipher.doFinal(output, size);
    byte[] exact = Arrays.copyOf(output, size);
    Arrays.fill(output, (byte) 0);
    return exact;
  }

  private static int keyBytes(ASN1ObjectIdentifier cipher) {
    if (cipher.equals(NISTObjectIdentifiers.id_aes256_CBC)) {
      return 32;
    }
    if (cipher.equals(NISTObjectIdentifiers.id_aes192_CBC)) {
      return 24;
    }
    if (cipher.equals(NISTObjectIdentifiers.id_aes128_CBC)) {
      return 16;
    }
    throw unsupported("cipher", cipher);
  }

  private static Digest digest(ASN1ObjectIdentifier prf) {
    if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA1)) {
      return new SHA1Digest();
    }
    if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA256)) {
      return SHA256Digest.newInstance();
    }
    if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA384)) {
      return new SHA384Digest();
    }
    if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA512)) {
      return new SHA512Digest();
    }
    throw unsupported("pseudo-random function", prf);
  }

  private static void checkKeyLength(@Nullable BigInteger declared, int keyBytes) {
    if (declared != null && !declared.equals(BigInteger.valueOf(keyBytes))) {
      throw new IllegalArgumentException("the key's length does not fit the cipher");
    }
  }

  private static byte[] salt(byte[] salt) {
    if (salt.length > MAX_SALT_BYTES) {
      throw new IllegalArgumentException("the salt is too long");
    }
    return salt;
  }

  private static int bounded(BigInteger value, int max) {
    if (value.signum() <= 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
      throw Pem.invalid("the document asks for too much work, or none, to read it", null);
    }
    return value.intValue();
  }

  private static byte[] utf8(char[] passphrase) {
    try {
      return PBEParametersGenerator.PKCS5PasswordToUTF8Bytes(passphrase);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // The cause is left out: its message might quote the passphrase.
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the passphrase is not Unicode text");
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static TaperException unsupported(String what, ASN1ObjectIdentifier identifier) {
    return Pem.invalid("the " + what + " " + identifier.getId() + " is not supported", null);
  }
}
