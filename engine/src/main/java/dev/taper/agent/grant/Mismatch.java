package dev.taper.agent.grant;

import dev.taper.agent.call.ShortText;
import org.jspecify.annotations.Nullable;

/**
 * One thing in which a request does not fit a grant or condition, for people and for reports.
 *
 * @param subject what it is about: {@code tool}, {@code operation}, {@code resource}, {@code
 *     argument limit}, {@code time}…
 * @param found what the request has, cut if it is long; null if it has nothing of the kind
 * @param wanted what was asked for, such as {@code jira.search} or {@code limit <= 50}
 */
public record Mismatch(String subject, @Nullable String found, String wanted) {
  private static final int SHOWN = 101;

  /** Cuts what was found to a length that can be shown. */
  public Mismatch {
    found = found == null ? null : ShortText.of(found, SHOWN);
  }

  /** A sentence, such as {@code tool jira.delete is not among: jira.search}. */
  @Override
  public String toString() {
    if (found == null) {
      if (subject.equals("approval") || subject.equals("justification")) {
        // One may be there that is over, or for another call.
        return "no " + subject + " counts for this call; needed: " + wanted;
      }
      return "no " + subject + " was given; needed: " + wanted;
    }
    return switch (subject) {
      case "tool", "operation", "resource", "audience" ->
          subject + " " + found + " is not among: " + wanted;
      case "arguments" -> subject + " are " + found + "; needed: " + wanted;
      default -> subject + " is " + found + "; needed: " + wanted;
    };
  }
}
