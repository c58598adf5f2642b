package dev.taper.agent.request;

/** How a token was presented with a request. */
public enum Presentation {
  /** By its holder, who proved it with a signature over the request. */
  HELD("held"),
  /** With the secret of its last key inside: by anyone who has it. */
  BEARER("bearer"),
  /** Sealed: by anyone who has it, who cannot extend it. */
  SEALED("sealed");

  private final String text;

  Presentation(String text) {
    this.text = text;
  }

  /** The manner as it stands in {@code presented} facts. */
  public String text() {
    return text;
  }
}
