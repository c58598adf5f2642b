package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as its caller reads it: the caller's form of a decision, from JSON. A service wrote it,
 * so its texts are what that service says, and no more. Members that are not known are left alone:
 * a later version may say more. Immutable and thread-safe.
 *
 * @param code why, such as {@code out_of_scope}; see {@link #known}
 * @param reason one sentence for people
 * @param audience the service
 * @param tool the tool that was called
 * @param operation what the service says that the call does; null if it names none
 * @param resource what the service says that the call is about; null if it names none
 * @param holders who held the token, in order; a bearer's part has no name
 * @param suggestion whom to ask for what; null if nothing is known to help
 * @param missing what a grant still waits for; null if it is not that
 */
public record Refusal(
    String code,
    String reason,
    String audience,
    String tool,
    @Nullable String operation,
    @Nullable String resource,
    List<String> holders,
    @Nullable Suggested suggestion,
    @Nullable Missing missing) {

  /**
   * What would help.
   *
   * @param whom who can grant it
   * @param grant what to ask for, as the text of a grant
   * @param anyValueOf arguments that the grant leaves open
   */
  public record Suggested(String whom, String grant, List<String> anyValueOf) {
    /** Copies the list. */
    public Suggested {
      anyValueOf = List.copyOf(anyValueOf);
    }
  }

  /**
   * What a grant waits for.
   *
   * @param activations what is missing, in words
   * @param approvers who can approve, as their keys and names are written
   * @param askService true if the service knows others, and does not publish them
   */
  public record Missing(List<String> activations, List<String> approvers, boolean askService) {
    /** Copies the lists. */
    public Missing {
      activations = List.copyOf(activations);
      approvers = List.copyOf(approvers);
    }
  }

  /** Copies the list. */
  public Refusal {
    holders = List.copyOf(holders);
  }

  /**
   * Reads a refusal.
   *
   * @param json the caller's form of a decision, which {@code decision.schema.json} describes
   * @throws TaperException {@link ErrorCode#MALFORMED_REFUSAL} if it is none, or too large, or says
   *     that the call was allowed
   */
  public static Refusal parse(String json) {
    return RefusalJson.read(json);
  }

  /** The code as a value; null if this version does not know it. */
  public @Nullable DenialCode known() {
    for (DenialCode known : DenialCode.values()) {
      if (known.text().equals(code)) {
        return known;
      }
    }
    return null;
  }

  /** True if the call could be made with an approval: {@link #missing} says by whom. */
  public boolean isApprovalRequired() {
    return known() == DenialCode.APPROVAL_REQUIRED;
  }

  /** The code and the reason, in one line. */
  @Override
  public String toString() {
    return ShownText.of(code + ": " + reason, 400);
  }
}
