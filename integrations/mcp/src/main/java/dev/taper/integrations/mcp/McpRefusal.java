package dev.taper.integrations.mcp;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.CallDecision;
import dev.taper.agent.Refusal;
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
   * Reads a refusal.
   *
   * @param value the object that a result has in {@code _meta} under {@link McpMeta#REFUSAL}, or an
   *     error as its data
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
   * Says refusals in words for a model: what was refused, why, and what to do instead of trying
   * again. What a server wrote is shortened and cannot hide; of a key only its name is said.
   * Immutable and thread-safe.
   */
  public static final class Words {
    private static final int LONGEST = 500;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    /** What is said of a key without a name: of no use to a model. */
    private static final String NAMELESS = "a known key";

    /** A public key in its text form. */
    private static final Pattern KEY = Pattern.compile("[a-z0-9]{3,16}/[0-9a-f]{40,}");

    private static final Words PLAIN = new Words(key -> null);

    private final Function<String, @Nullable String> names;

    private Words(Function<String, @Nullable String> names) {
      this.names = names;
    }

    /** Names no key. */
    public static Words plain() {
      return PLAIN;
    }

    /**
     * Names the keys that somebody knows.
     *
     * @param names the name of a key in its text form; null if it has none
     */
    public static Words naming(Function<String, @Nullable String> names) {
      return new Words(names);
    }

    /** Says a refusal of a server. */
    public String of(String tool, McpRefusal refusal) {
      return what(tool, refusal) + ' ' + advice(refusal);
    }

    /** Says a denial of a verifier in this process. */
    public String of(String tool, CallDecision.Denied denied) {
      Refusal refusal = Refusal.parse(denied.toJson());
      return of(tool, new McpRefusal(FORBIDDEN, refusal.code(), refusal.reason(), refusal));
    }

    /** Says why a call has no meaning. */
    public String of(String tool, TaperException error) {
      return of(tool, new McpRefusal(BAD_REQUEST, error.code().text(), error.getMessage(), null));
    }

    /** Says what was refused and why, and nothing of what to do. */
    public String what(String tool, McpRefusal refusal) {
      String what =
          "The call of "
              + shown(tool)
              + " was refused, and nothing was done ("
              + shown(refusal.code())
              + ").";
      return refusal.detail() == null ? what : what + ' ' + sentence(refusal.detail());
    }

    private String advice(McpRefusal refusal) {
      Refusal decision = refusal.decision();
      if (decision != null && decision.isApprovalRequired()) {
        String by = approvers(decision);
        return "It needs an approval"
            + (by.isEmpty() ? "" : " by " + by)
            + ". Tell the user so, and do not call again before it is given.";
      }
      if (decision != null && decision.suggestion() != null) {
        Refusal.Suggested suggested = decision.suggestion();
        return "Only "
            + sentence(shown(suggested.whom()) + " could allow it, by: " + suggested.grant())
            + " Do not call again with the same arguments.";
      }
      return switch (refusal.status()) {
        case UNAUTHORIZED -> "The agent's credentials were not accepted: stop, and tell the user.";
        case UNAVAILABLE -> "It cannot be decided now; the same call may be allowed later.";
        default -> "Do not call again with the same arguments.";
      };
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
