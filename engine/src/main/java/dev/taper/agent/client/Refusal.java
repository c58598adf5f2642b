package dev.taper.agent.client;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.decision.DenialCode;
import java.util.ArrayList;
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
  private static final int VERSION = 2;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER = 64;
  private static final int MAX_CODE = 64;
  private static final JsonReader<TaperException> READER =
      JsonReader.of(MAX_DEPTH, MAX_CHARS, MAX_NUMBER, Refusal::malformed);

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
    JsonMembers<TaperException> members =
        READER.read(Given.that(json, "the JSON of a refusal"), "it");
    Long version = members.numberOrNull("version");
    if (!"taper/1 decision".equals(members.textIfAny("format"))
        || version == null
        || version != VERSION
        || !"caller".equals(members.textIfAny("view"))) {
      throw malformed(
          members.objectIfAny("decision") != null
              ? "it is a guarded service's answer; the refusal is its member decision"
              : "it is no decision for a caller, of version " + VERSION,
          null);
    }
    if (!members.has("allowed") || members.flag("allowed")) {
      throw malformed("it does not say that the call was refused", null);
    }
    String code = members.text("code");
    if (code.length() > MAX_CODE || !code.matches("[a-z_]+")) {
      throw malformed("its code is none", null);
    }
    JsonMembers<TaperException> call = members.object("call");
    List<String> holders = new ArrayList<>();
    for (JsonMembers<TaperException> hop : members.objects("hops")) {
      holders.addAll(hop.textsIfAny("holder"));
    }
    JsonMembers<TaperException> suggestion = members.objectOrNull("suggestion");
    JsonMembers<TaperException> missing = members.objectOrNull("missing_activation");
    if (missing == null && suggestion != null) {
      missing = suggestion.objectOrNull("missing_activation"); // for what would help
    }
    return new Refusal(
        code,
        members.text("reason"),
        members.text("audience"),
        call.text("tool"),
        call.textOrNull("operation"),
        call.textOrNull("resource"),
        holders,
        suggestion == null
            ? null
            : new Suggested(
                suggestion.text("whom"),
                suggestion.text("grant"),
                suggestion.texts("any_value_of")),
        missing == null
            ? null
            : new Missing(
                missing.texts("missing"), missing.texts("approvers"), missing.flag("ask_service")));
  }

  private static TaperException malformed(String what, @Nullable Throwable cause) {
    return new TaperException(
        ErrorCode.MALFORMED_REFUSAL, "this is no refusal that a caller can read: " + what, cause);
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
