package dev.taper.agent.approval;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an ask stands: what is asked, and what was answered. A service keeps it and tells it, and who
 * waits or answers reads it, with the same members (docs/binding.md). Nothing of it is verified.
 * Immutable and thread-safe.
 *
 * @param state how far it is
 * @param request the request for approval, as JSON; empty for one who has no use for it
 * @param approvals those that came, in base64url
 * @param refusal why somebody refused; null if nobody did
 */
public record AskStatus(
    State state, String request, List<String> approvals, @Nullable String refusal) {
  /** Where a service takes asks; each ask is below that, by its id. */
  public static final String PATH = "/v1/asks";

  /** What the member {@code format} of an ask says. */
  public static final String FORMAT = "taper/1 ask";

  /** How far an ask is. */
  public enum State {
    /** It waits for an answer. */
    OPEN("open"),
    /** It has all the approvals that it needs. */
    ANSWERED("answered"),
    /** Somebody refused. */
    REFUSED("refused");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** Its name in JSON. */
    public String text() {
      return text;
    }

    /** The state of a name; null if none has it. */
    public static @Nullable State of(@Nullable String text) {
      for (State state : values()) {
        if (state.text.equals(text)) {
          return state;
        }
      }
      return null;
    }
  }

  /** Copies the approvals. */
  public AskStatus {
    approvals = List.copyOf(approvals);
  }

  /** An ask that nobody has refused, with the approvals that it has from the start. */
  public static AskStatus open(String request, List<String> approvals) {
    return new AskStatus(State.OPEN, request, approvals, null);
  }

  /**
   * Reads {@code state}, {@code approvals} and {@code refusal}.
   *
   * @param members of the ask; others may be beside them
   * @param request the request for approval, which some have as an object and some as text
   * @throws X if one is of another form, or there is no state
   */
  public static <X extends Exception> AskStatus read(JsonMembers<X> members, String request)
      throws X {
    State state = State.of(members.text("state"));
    if (state == null) {
      throw members.invalid("state", "is not open, answered or refused");
    }
    return new AskStatus(state, request, members.texts("approvals"), members.textOrNull("refusal"));
  }

  /** The members {@code approvals} and {@code refusal}. */
  public JsonFields answers() {
    return new JsonFields().put("approvals", approvals).putIfPresent("refusal", refusal);
  }

  /** The same ask, refused; what was approved before is not told any more. */
  public AskStatus refused(String reason) {
    return new AskStatus(State.REFUSED, request, List.of(), reason);
  }

  /** The same ask with other approvals. */
  public AskStatus approved(List<String> others, State newState) {
    return new AskStatus(newState, request, others, refusal);
  }

  /** How far it is; nothing of what it says. */
  @Override
  public String toString() {
    return "AskStatus(" + state.text + ")";
  }
}
