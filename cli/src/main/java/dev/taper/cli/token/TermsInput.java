package dev.taper.cli.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is granted, and under which conditions.
 *
 * @param grants grants as text, alternatives
 * @param expires a duration, a date or {@code never}; null if it is not said
 * @param notBefore a date from which on, or null
 * @param audiences the services that may take the token; empty for any
 * @param maxDepth how often the authority may be handed on, or null
 * @param verifiedHolders whether the holder must be known to the verifier by key
 */
public record TermsInput(
    List<String> grants,
    @Nullable String expires,
    @Nullable String notBefore,
    List<String> audiences,
    @Nullable Integer maxDepth,
    boolean verifiedHolders) {
  /** Copies the lists. */
  public TermsInput {
    grants = List.copyOf(grants);
    audiences = List.copyOf(audiences);
  }
}
