package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * A key held in memory. Thread-safe.
 *
 * <p>Signatures are deterministic: Ed25519 always is, ECDSA by RFC 6979. Of the two ECDSA forms,
 * the one with the smaller s is made.
 */
public final class PrivateKey implements Signer, Destroyable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretBytes secret;
  private final PublicKey publicKey;

  private PrivateKey(SecretBytes secret, PublicKey publicKey) {
    this.secret = secret;
    this.publicKey = publicKey;
  }

  /** Makes a new key from the platform's secure random generator. */
  public static PrivateKey generate(Algorithm algorithm) {
    byte[] bytes = new byte[Algorithm.SECRET_BYTES];
    do {
      RANDOM.nextBytes(bytes);
    } while (!isSecret(algorithm, bytes));
    PrivateKey key = of(algorithm, bytes);
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  /**
   * Makes a key from its secret bytes, which are copied.
   *
   * @param algorithm the algorithm
   * @param bytes for Ed25519 the 32-byte seed; for P-256 the scalar, 32 bytes, big-endian
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if the length is wrong or the scalar is
   *     not in 1..n-1
   */
  public static PrivateKey of(Algorithm algorithm, byte[] bytes) {
    if (!isSecret(algorithm, bytes)) {
      throw new TaperException(
          ErrorCode.INVALID_KEY, "not the bytes of a secret key for " + algorithm.text());
    }
    SecretBytes secret = SecretBytes.copyOf(bytes);
    return new PrivateKey(secret, SignatureBackend.preferred().derive(algorithm, bytes));
  }

  private static boolean isSecret(Algorithm algorithm, byte[] bytes) {
    return bytes.length == Algorithm.SECRET_BYTES
        && (algorithm != Algorithm.SECP256R1 || P256.isScalar(new BigInteger(1, bytes)));
  }

  /**
   * Reads the text form, such as {@code ed25519-private/} and 64 hex digits in either case.
   *
   * @throws TaperException {@link ErrorCode#INVALID_KEY} if the text or the key is not valid; the
   *     message holds nothing of the secret
   */
  public static PrivateKey parse(String text) {
    KeyText parsed = KeyText.parsePrivate(text);
    PrivateKey key = of(parsed.algorithm(), parsed.bytes());
    Arrays.fill(parsed.bytes(), (byte) 0);
    return key;
  }

  /**
   * Reads a key from a file that only its owner can read and write: the text form, or PEM that is
   * not encrypted.
   *
   * @throws TaperException {@link ErrorCode#SECRET_EXPOSED} if others can get at the file; {@link
   *     ErrorCode#FILE_UNAVAILABLE} if it cannot be read; {@link ErrorCode#INVALID_KEY} or {@link
   *     ErrorCode#INVALID_PEM} if it is no such key
   */
  public static PrivateKey load(Path file) {
    return KeyFiles.privateKey(file, null);
  }

  /**
   * Reads a key from an encrypted PEM file that only its owner can read and write.
   *
   * @param file the file
   * @param passphrase what it was encrypted with; not changed
   * @throws TaperException as {@link #load(Path)}, and {@link ErrorCode#INVALID_PEM} if it is not
   *     encrypted or the passphrase is wrong
   */
  public static PrivateKey load(Path file, char[] passphrase) {
    return KeyFiles.privateKey(file, Given.that(passphrase, "the passphrase"));
  }

  /**
   * Reads a key as {@link #load(Path)}, from a file that others can get at too: for places where
   * that is meant, such as a secret that a cluster hands to one container.
   *
   * @throws TaperException as {@link #load(Path)}, but for {@link ErrorCode#SECRET_EXPOSED}
   */
  public static PrivateKey loadThoughOthersCanRead(Path file) {
    return KeyFiles.exposedKey(file);
  }

  /**
   * Writes the text form to a new file that only its owner can read (0600), which {@link
   * #load(Path)} reads.
   *
   * @throws TaperException {@link ErrorCode#FILE_UNAVAILABLE} if there is one already, or it cannot
   *     be written; {@link ErrorCode#INVALID_ARGUMENT} if the key was destroyed
   */
  public void save(Path file) {
    KeyFiles.save(file, exposeText() + "\n");
  }

  /**
   * Writes the key to a new file that only its owner can read, encrypted as {@link
   * Pem#writeEncrypted} does.
   *
   * @throws TaperException as {@link #save(Path)} and {@link Pem#writeEncrypted}
   */
  public void save(Path file, char[] passphrase) {
    KeyFiles.save(file, Pem.writeEncrypted(this, Given.that(passphrase, "the passphrase")));
  }

  /** The algorithm. */
  public Algorithm algorithm() {
    return publicKey.algorithm();
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  /** The secret: the seed for Ed25519, the big-endian scalar for P-256. */
  public SecretBytes secret() {
    return secret;
  }

  /**
   * The text form with the secret in it, which {@link #parse} reads.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the key was destroyed
   */
  public String exposeText() {
    return KeyText.printPrivate(algorithm(), secret.exposeCopy());
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if the key was destroyed
   */
  @Override
  public byte[] sign(byte[] message) {
    byte[] bytes;
    try {
      bytes = secret.exposeCopy();
    } catch (TaperException e) {
      throw new TaperException(ErrorCode.SIGNING_FAILED, "the key was destroyed", e);
    }
    try {
      return SignatureBackend.preferred().sign(publicKey, bytes, message);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Overwrites the secret, as far as Java allows; the public key stays. */
  @Override
  public void destroy() {
    secret.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return secret.isDestroyed();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PrivateKey other
        && publicKey.equals(other.publicKey)
        && secret.equals(other.secret);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  /** The public key, and nothing of the secret. */
  @Override
  public String toString() {
    return "PrivateKey(of " + publicKey + ", redacted)";
  }
}
