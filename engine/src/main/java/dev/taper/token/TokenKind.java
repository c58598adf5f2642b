package dev.taper.token;

/** The kind of a token: how it ends, and so who can use and extend it. */
public enum TokenKind {
  /** The token ends with nothing: only its holder can use it, with a proof, and extend it. */
  HELD("held"),
  /** The token ends with the secret of its next key: everybody who has it can use and extend it. */
  BEARER("bearer"),
  /**
   * The token ends with a final signature: everybody who has it can use it, and nobody can extend
   * it.
   */
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
