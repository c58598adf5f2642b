package dev.taper.agent;

import dev.taper.token.Token;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of tokens that a service takes.
 *
 * @param bearer whether it takes bearer tokens
 * @param sealed whether it takes sealed ones
 */
record AcceptedKinds(boolean bearer, boolean sealed) {
  /** Why tokens of a kind are refused; null if they are taken. */
  @Nullable DenialCode refusal(Token.Kind kind) {
    return switch (kind) {
      case HELD -> null;
      case BEARER -> bearer ? null : DenialCode.BEARER_NOT_ACCEPTED;
      case SEALED -> sealed ? null : DenialCode.SEALED_NOT_ACCEPTED;
    };
  }

  /** Why, in a sentence. */
  static String reason(Token.Kind kind) {
    return "this service takes no " + kind.text() + " tokens";
  }

  /** All that are taken. */
  Set<Token.Kind> all() {
    EnumSet<Token.Kind> kinds = EnumSet.allOf(Token.Kind.class);
    kinds.removeIf(kind -> refusal(kind) != null);
    return Collections.unmodifiableSet(kinds);
  }
}
