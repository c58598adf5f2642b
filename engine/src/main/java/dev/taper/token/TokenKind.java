package dev.taper.token;

/** What a token ends with, and so who can use and extend it. */
public enum TokenKind {
  /** The secret of its next key: whoever has the token can use and extend it. */
  BEARER,
  /** A final signature: whoever has the token can use it, nobody can extend it. */
  SEALED,
  /** Nothing: only the holder of its next key can use and extend it. */
  HELD
}
