package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keys as PEM documents (RFC 7468): {@code PUBLIC KEY} (SubjectPublicKeyInfo), {@code PRIVATE KEY}
 * (PKCS #8) and {@code ENCRYPTED PRIVATE KEY} (PKCS #8 with PBES2 of RFC 8018), as OpenSSL writes
 * and reads them. Stateless and thread-safe.
 *
 * <p>A document is one such block with nothing but white space around it, at most 4096 characters
 * long. Keys are validated: a public key is a point of the curve, a public key stored beside a
 * secret belongs to it.
 *
 * <p>A passphrase is stretched with PBKDF2 or scrypt. The document says how much work that takes,
 * so reading sets an upper limit: 2,000,000 iterations of PBKDF2, or an N·r·p of 2<sup>20</sup>
 * (128 MiB) for scrypt. That takes a second or two.
 */
public final class Pem {
  private static final String PUBLIC = "PUBLIC KEY";
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final int MAX_CHARS = 4096;
  private static final int LINE = 64;

  private Pem() {}

  /**
   * Reads a public key.
   *
   * @throws TaperException {@link ErrorCode#INVALID_PEM} if the document is malformed or holds
   *     something else, {@link ErrorCode#INVALID_KEY} if the key is not valid
   */
  public static PublicKey readPublicKey(String pem) {
    return Pkcs8.decodePublic(contents(pem, PUBLIC));
  }

  /**
   * Reads a private key that is not encrypted.
   *
   * @throws TaperException {@link ErrorCode#INVALID_PEM} if the document is malformed, encrypted or
   *     holds something else, {@link ErrorCode#INVALID_KEY} if the key is not valid
   */
  public static PrivateKey readPrivateKey(String pem) {
    byte[] der = contents(pem, PRIVATE);
    try {
      return Pkcs8.decodePrivate(der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /**
   * Reads an encrypted private key.
   *
   * @param pem the document
   * @param passphrase what it was encrypted with; not changed
   * @throws TaperException {@link ErrorCode#INVALID_PEM} if the document is malformed, not
   *     encrypted, holds something else or asks for too much work, or if the passphrase is wrong;
   *     {@link ErrorCode#INVALID_KEY} if the key is not valid
   */
  public static PrivateKey readPrivateKey(String pem, char[] passphrase) {
    byte[] der = Pbes2.decrypt(contents(pem, ENCRYPTED), passphrase);
    try {
      return Pkcs8.decodePrivate(der);
    } catch (TaperException e) {
      if (e.code() != ErrorCode.INVALID_PEM) {
        throw e;
      }
      // One wrong passphrase of 256 opens the document all the same, and leaves junk.
      throw invalid("the passphrase is wrong, or what it opens is no key: " + e.getMessage(), null);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /** True if a document says that it is an encrypted private key, which needs a passphrase. */
  public static boolean isEncrypted(String pem) {
    return pem.stripLeading().startsWith(BEGIN + ENCRYPTED + DASHES);
  }

  /** Writes a public key. */
  public static String write(PublicKey key) {
    return armour(PUBLIC, Pkcs8.encodePublic(key.validate()));
  }

  /**
   * Writes a private key unencrypted: everybody who can read the document can use the key.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the key was destroyed
   */
  public static String writeUnencrypted(PrivateKey key) {
    byte[] der = Pkcs8.encodePrivate(key);
    String pem = armour(PRIVATE, der);
    Arrays.fill(der, (byte) 0);
    return pem;
  }

  /**
   * Writes a private key, encrypted with AES-256-CBC under a key that 600,000 iterations of
   * PBKDF2-HMAC-SHA256 make of a passphrase.
   *
   * @param key the key
   * @param passphrase the passphrase, not empty; not changed
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the passphrase is empty or not
   *     Unicode text, or the key was destroyed
   */
  public static String writeEncrypted(PrivateKey key, char[] passphrase) {
    if (passphrase.length == 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a passphrase must not be empty");
    }
    byte[] der = Pkcs8.encodePrivate(key);
    try {
      return armour(ENCRYPTED, Pbes2.encrypt(der, passphrase));
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static String armour(String label, byte[] der) {
    String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return BEGIN + label + DASHES + "\n" + body + "\n" + END + label + DASHES + "\n";
  }

  private static byte[] contents(String pem, String expected) {
    if (pem.length() > MAX_CHARS) {
      throw invalid("a PEM document of one key has at most " + MAX_CHARS + " characters", null);
    }
    String text = pem.strip();
    int labelEnd = text.indexOf(DASHES, BEGIN.length());
    if (!text.startsWith(BEGIN) || labelEnd < 0) {
      throw invalid("a PEM document starts with " + BEGIN + expected + DASHES, null);
    }
    String label = text.substring(BEGIN.length(), labelEnd);
    if (!label.equals(expected)) {
      throw invalid(otherLabel(label, expected), null);
    }
    String end = END + label + DASHES;
    int bodyStart = labelEnd + DASHES.length();
    int bodyEnd = text.length() - end.length();
    if (bodyEnd < bodyStart || !text.endsWith(end)) {
      throw invalid("a PEM document ends with " + end, null);
    }
    return base64(text, bodyStart, bodyEnd);
  }

  private static byte[] base64(String text, int start, int end) {
    byte[] characters = new byte[end - start];
    int count = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        throw invalid("a PEM document holds only base64 between its first and last line", null);
      }
      if (c != '\n' && c != '\r' && c != ' ' && c != '\t') {
        characters[count++] = (byte) c;
      }
    }
    byte[] packed = Arrays.copyOf(characters, count);
    try {
      return Base64.getDecoder().decode(packed);
    } catch (IllegalArgumentException e) {
      // The cause is left out: its message may quote a secret's characters.
      throw invalid("a PEM document holds only base64 between its first and last line", null);
    } finally {
      Arrays.fill(characters, (byte) 0);
      Arrays.fill(packed, (byte) 0);
    }
  }

  private static String otherLabel(String label, String expected) {
    return switch (label) {
      case PUBLIC -> "this is a public key, not a private one";
      case PRIVATE ->
          expected.equals(PUBLIC)
              ? "this is a private key, not a public one"
              : "this private key is not encrypted";
      case ENCRYPTED ->
          expected.equals(PUBLIC)
              ? "this is a private key, not a public one"
              : "this private key is encrypted; it takes a passphrase";
      case "EC PRIVATE KEY", "EC PARAMETERS" ->
          "this is a key in an older form; convert it with: openssl pkcs8 -topk8";
      default -> "this is no " + expected;
    };
  }

  static TaperException invalid(String message, @Nullable Throwable cause) {
    return new TaperException(ErrorCode.INVALID_PEM, message, cause);
  }
}
