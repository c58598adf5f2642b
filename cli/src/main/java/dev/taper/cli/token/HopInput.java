package dev.taper.cli.token;

import org.jspecify.annotations.Nullable;

/**
 * How a token is handed on.
 *
 * @param next to whom
 * @param holder the next holder; null unless it is another one
 * @param terms what is left
 */
public record HopInput(Next next, @Nullable HolderInput holder, TermsInput terms) {
  /** To whom. */
  public enum Next {
    /** To another holder. */
    HOLDER,
    /** To nobody: the holder narrows its own token. */
    SELF,
    /** To whoever has the token. */
    BEARER
  }
}
