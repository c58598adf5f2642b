package dev.taper.operations.key;

/** How a key is written. */
public enum KeyFormat {
  /** When reading: text or PEM, whichever it is. */
  AUTO,
  /** Algorithm and hexadecimal digits, such as {@code ed25519/...}. */
  TEXT,
  /** A PEM document. */
  PEM,
  /** The bytes alone. */
  RAW
}
