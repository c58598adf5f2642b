package dev.taper.token;

/** How a token ends, and so who can use and extend it. */
public enum TokenKind {
  /** With nothing: only the holder of its next key can use it, with a proof, and extend it. */
  HELD("held"),
  /** With the secret of its next key: whoever has the token can use and extend it. */
  BEARER("bearer"),
  /** With a final signature: whoever has the token can use it, and nobody can extend it. */
  SEALED("sealed");

  private final String text;

  TokenKind(String text) {
    this.text = text;
  }

  /** The kind as it stands in {@code presented} facts, records and options. */
  public String text() {
    return text;
  }
}
