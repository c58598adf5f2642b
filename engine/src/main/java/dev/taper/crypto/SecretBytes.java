package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * Holds bytes that must not leak: they are never printed, are compared in constant time, and are
 * read only by {@link #exposeCopy}. Thread-safe.
 *
 * <p>{@link #destroy} overwrites this object's array. That is the best that can be done in Java: a
 * garbage collector may have moved the array and left its old place unwritten.
 */
public final class SecretBytes implements Destroyable {
  private final byte[] bytes;
  private boolean destroyed;

  private SecretBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Holds a copy of the bytes. */
  public static SecretBytes copyOf(byte[] bytes) {
    return new SecretBytes(bytes.clone());
  }

  /** How many bytes there are. */
  public int size() {
    return bytes.length;
  }

  /**
   * Returns a copy of the secret, which the caller must guard and overwrite.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the secret was destroyed
   */
  public synchronized byte[] exposeCopy() {
    if (destroyed) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "the secret was destroyed");
    }
    return bytes.clone();
  }

  /** Overwrites the secret; afterwards it cannot be read, and equals no other. */
  @Override
  public synchronized void destroy() {
    Arrays.fill(bytes, (byte) 0);
    destroyed = true;
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  /** Compares in a time that depends on the lengths only. */
  @Override
  public boolean equals(Object o) {
    if (this == o) {
      return true;
    }
    if (!(o instanceof SecretBytes other) || isDestroyed() || other.isDestroyed()) {
      return false;
    }
    byte[] mine = exposeCopy();
    byte[] theirs = other.exposeCopy();
    boolean equal = MessageDigest.isEqual(mine, theirs);
    Arrays.fill(mine, (byte) 0);
    Arrays.fill(theirs, (byte) 0);
    return equal;
  }

  /**
   * Returns one hash for all secrets of one length: a hash of the bytes would leak something of
   * them.
   */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  /** The size, and nothing of the secret. */
  @Override
  public String toString() {
    return "SecretBytes(" + bytes.length + " bytes, redacted)";
  }
}
