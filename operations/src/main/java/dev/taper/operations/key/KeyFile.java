package dev.taper.operations.key;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads keys in all their written forms. */
public final class KeyFile {
  private static final String PEM_START = "-----BEGIN ";

  private KeyFile() {}

  /**
   * Reads a private key.
   *
   * @param content the file's bytes; overwritten with zeros
   * @param format how it is written
   * @param algorithm the algorithm of a raw key, or null for Ed25519
   * @param passphrase opens an encrypted PEM document, or null; what it gives is overwritten
   * @throws OperationException {@code usage} if a passphrase is missing, or an algorithm is given
   *     for another form
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if it is no private key
   */
  public static PrivateKey privateKey(
      byte[] content,
      KeyFormat format,
      @Nullable Algorithm algorithm,
      @Nullable Supplier<char[]> passphrase) {
    try {
      if (format == KeyFormat.RAW) {
        return PrivateKey.of(algorithm == null ? Algorithm.ED25519 : algorithm, content);
      }
      String text = text(content, algorithm);
      if (!isPem(text, format)) {
        return PrivateKey.parse(text);
      }
      return Pem.isEncrypted(text) ? decrypted(text, passphrase) : Pem.readPrivateKey(text);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Overwrites the secret of a key in this process, as far as Java allows; others stay. */
  public static void wipe(Signer signer) {
    if (signer instanceof PrivateKey key) {
      key.destroy();
    }
  }

  private static PrivateKey decrypted(String pem, @Nullable Supplier<char[]> passphrase) {
    if (passphrase == null) {
      throw OperationException.usage(
          "the private key is encrypted: its passphrase is needed, from a file or a variable");
    }
    char[] secret = passphrase.get();
    try {
      return Pem.readPrivateKey(pem, secret);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /** True for the text of a public key, which is no file's name then. */
  public static boolean isPublicText(String written) {
    for (Algorithm algorithm : Algorithm.values()) {
      if (written.startsWith(algorithm.text() + "/")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads a public key, and checks that it is one.
   *
   * @param content the file's bytes
   * @param format how it is written
   * @param algorithm the algorithm of a raw key, or null for what its length says
   * @throws OperationException {@code usage} if an algorithm is given for another form
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if it is no public key
   */
  public static PublicKey publicKey(
      byte[] content, KeyFormat format, @Nullable Algorithm algorithm) {
    if (format == KeyFormat.RAW) {
      return PublicKey.of(algorithm == null ? byLength(content) : algorithm, content).validate();
    }
    String text = text(content, algorithm);
    return isPem(text, format) ? Pem.readPublicKey(text) : PublicKey.parse(text).validate();
  }

  private static String text(byte[] content, @Nullable Algorithm algorithm) {
    if (algorithm != null) {
      throw OperationException.usage(
          "an algorithm is given for raw keys only; other forms name theirs");
    }
    return new String(content, StandardCharsets.UTF_8).strip();
  }

  private static Algorithm byLength(byte[] bytes) {
    for (Algorithm algorithm : Algorithm.values()) {
      if (bytes.length == algorithm.publicKeyBytes()) {
        return algorithm;
      }
    }
    throw new TaperException(
        ErrorCode.INVALID_KEY, "no raw public key has " + bytes.length + " bytes");
  }

  private static boolean isPem(String text, KeyFormat format) {
    return format == KeyFormat.PEM || (format == KeyFormat.AUTO && text.startsWith(PEM_START));
  }
}
