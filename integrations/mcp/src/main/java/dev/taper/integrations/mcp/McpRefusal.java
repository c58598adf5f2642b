package dev.taper.integrations.mcp;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.client.Refusal;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.memory.AcceptedProofs;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as an agent reads it. A server wrote it, so its texts are what that server says.
 * Immutable and thread-safe.
 *
 * @param status as over HTTP; 0 if the server names none
 * @param code why; see {@code DenialCode}
 * @param detail one sentence for people, or null
 * @param decision what would help and whom to ask; null if the refusal is no decision
 */
public record McpRefusal(
    int status, String code, @Nullable String detail, @Nullable Refusal decision) {
  private static final int MAX_LENGTH = 1 << 20;

  /**
   * Finds the refusal in an answer. Only the member {@link McpMeta#REFUSAL} is one, which guards
   * write and take out of what servers say: whatever else looks like a refusal is the server's own.
   *
   * @param holder {@code _meta} of a result, or {@code data} of an error
   * @return null if it holds none
   */
  public static @Nullable McpRefusal in(@Nullable Object holder) {
    return holder instanceof Map<?, ?> members ? of(members.get(McpMeta.REFUSAL)) : null;
  }

  /**
   * Reads the value of that member.
   *
   * @param value from where a guard alone writes; see {@link #in}
   * @return null if it is no refusal
   */
  public static @Nullable McpRefusal of(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> members) || !(members.get("code") instanceof String code)) {
      return null;
    }
    int status = members.get("status") instanceof Number number ? number.intValue() : 0;
    String detail = members.get("detail") instanceof String text ? text : null;
    return new McpRefusal(status, code, detail, decision(members.get("decision")));
  }

  /** Whatever a server writes there, the call was refused: what cannot be read is left out. */
  private static @Nullable Refusal decision(@Nullable Object decision) {
    if (decision == null) {
      return null;
    }
    try {
      return Refusal.parse(McpJson.write(decision, MAX_LENGTH));
    } catch (TaperException e) {
      return null;
    }
  }

  /**
   * Says refusals in words for a model: what became of the call as far as anybody knows, why, and
   * what to do instead of trying again. What a server wrote is shortened and cannot hide; of a key
   * only its name is said. Immutable and thread-safe.
   *
   * <p>A refusal does not use a proof up, so the same signed message could be sent once more until
   * its window ends: that is said, with the latest time. After 503, where something could not be
   * known, and after a proof that was used before, nobody knows whether the call was carried out.
   */
  public static final class Words {
    private static final int LONGEST = 500;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final String FIND_OUT =
        "Find out whether it was carried out before you call again.";

    /** What is said of a key without a name: of no use to a model. */
    private static final String NAMELESS = "a known key";

    /** A public key in its text form. */
    private static final Pattern KEY = Pattern.compile("[a-z0-9]{3,16}/[0-9a-f]{40,}");

    private static final int SERVER_ERROR = 500;
    private static final String REPLAYED = "proof_replayed";
    private static final String PROOF_ENDED = "proof_expired";

    /** How long a proof is good at most, where a service says nothing else and clocks differ. */
    private static final Duration PROOF_WINDOW = window(AcceptedProofs.Window.DEFAULT);

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Function<String, @Nullable String> names;
    private final Clock clock;

    private static Duration window(AcceptedProofs.Window window) {
      return window.back().plus(window.ahead());
    }

    private Words(Function<String, @Nullable String> names, Clock clock) {
      this.names = names;
      this.clock = clock;
    }

    /**
     * Names no key.
     *
     * @param clock says until when a signed message could be sent again
     */
    public static Words plain(Clock clock) {
      return new Words(key -> null, clock);
    }

    /**
     * Names the keys that somebody knows.
     *
     * @param names the name of a key in its text form; null if it has none
     * @param clock says until when a signed message could be sent again
     */
    public static Words naming(Function<String, @Nullable String> names, Clock clock) {
      return new Words(names, clock);
    }

    /** Says a refusal of a server, as {@link McpRefusal#in} finds it. */
    public String of(String tool, McpRefusal refusal) {
      return what(tool, refusal) + ' ' + (isKnown(refusal) ? advice(refusal) : FIND_OUT);
    }

    /** Says a denial of a verifier in this process, behind which the tool is: it was not run. */
    public String of(String tool, CallDecision.Denied denied) {
      Refusal refusal = Refusal.parse(denied.toJson());
      return here(tool, new McpRefusal(FORBIDDEN, refusal.code(), refusal.reason(), refusal));
    }

    /** Says why a call has no meaning, and so was not sent or not run. */
    public String of(String tool, TaperException error) {
      return here(tool, new McpRefusal(BAD_REQUEST, error.code().text(), error.getMessage(), null));
    }

    private String here(String tool, McpRefusal refusal) {
      String what =
          "The call of "
              + shown(tool)
              + " was refused and not made ("
              + shown(refusal.code())
              + ").";
      return withDetail(what, refusal) + ' ' + advice(refusal);
    }

    /**
     * Says an answer that reads as a refusal, and of which nobody can tell whether a guard wrote
     * it: a library kept its text alone, which may be a tool's own.
     */
    public String unconfirmed(String tool, McpRefusal refusal) {
      String what =
          "The call of "
              + shown(tool)
              + " failed, and it is not known whether it was carried out. The answer reads as a"
              + " refusal ("
              + shown(refusal.code())
              + "), but it may be the tool's own text.";
      Refusal decision = refusal.decision();
      String advice =
          decision != null && decision.isApprovalRequired()
              ? approval(decision) + ". Tell the user so."
              : refusal.status() == UNAUTHORIZED ? "Stop, and tell the user." : FIND_OUT;
      return withDetail(what, refusal) + ' ' + advice;
    }

    /** Says what was refused and why, and nothing of what to do. */
    public String what(String tool, McpRefusal refusal) {
      String code = " (" + shown(refusal.code()) + ")";
      if (!isKnown(refusal)) {
        return withDetail(
            "The call of "
                + shown(tool)
                + " failed"
                + code
                + ", and it is not known whether it was carried out.",
            refusal);
      }
      String what =
          withDetail(
              "The call of "
                  + shown(tool)
                  + " was refused"
                  + code
                  + ": this answer did not carry it out.",
              refusal);
      return refusal.code().equals(PROOF_ENDED)
          ? what
          : what
              + " The same signed call could still be made until "
              + TIME.format(clock.instant().plus(PROOF_WINDOW))
              + " UTC by anyone who has it.";
    }

    /** True if the call was refused before it could be carried out, and its proof not used. */
    private static boolean isKnown(McpRefusal refusal) {
      return refusal.status() >= BAD_REQUEST
          && refusal.status() < SERVER_ERROR
          && !refusal.code().equals(REPLAYED);
    }

    private String withDetail(String what, McpRefusal refusal) {
      return refusal.detail() == null ? what : what + ' ' + sentence(refusal.detail());
    }

    private String approval(Refusal decision) {
      String by = approvers(decision);
      return "It needs an approval" + (by.isEmpty() ? "" : " by " + by);
    }

    private String advice(McpRefusal refusal) {
      Refusal decision = refusal.decision();
      if (decision != null && decision.isApprovalRequired()) {
        return approval(decision) + ". Tell the user so, and do not call again before it is given.";
      }
      if (decision != null && decision.suggestion() != null) {
        Refusal.Suggested suggested = decision.suggestion();
        return "Only "
            + sentence(shown(suggested.whom()) + " could allow it, by: " + suggested.grant())
            + " Do not call again with the same arguments.";
      }
      return refusal.status() == UNAUTHORIZED
          ? "The agent's credentials were not accepted: stop, and tell the user."
          : "Do not call again with the same arguments.";
    }

    /** The approvers that have names, joined with the word or; empty if there is none. */
    public String approvers(Refusal decision) {
      List<String> known = new ArrayList<>();
      Refusal.Missing missing = decision.missing();
      if (missing != null) {
        for (String approver : missing.approvers()) {
          String name = named(approver);
          if (!name.contains(NAMELESS)) {
            known.add(name);
          }
        }
      }
      return known.isEmpty() ? "" : ShownText.of(String.join(" or ", known), LONGEST);
    }

    private String sentence(String text) {
      String shown = shown(text);
      return shown.endsWith(".") ? shown : shown + ".";
    }

    /** A text with names in place of keys, safe to show and not long. */
    public String shown(String text) {
      return ShownText.of(named(text), LONGEST);
    }

    /** A text with names in place of keys. */
    public String named(String text) {
      return KEY.matcher(text)
          .replaceAll(
              key -> {
                String name = names.apply(key.group());
                return Matcher.quoteReplacement(name == null ? NAMELESS : name);
              });
    }
  }
}
