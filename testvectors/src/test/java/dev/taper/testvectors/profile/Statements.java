package dev.taper.testvectors.profile;

import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.PrivateKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Blocks that approve, refuse or justify the planner's deletion of an issue. */
final class Statements {
  static final String APPROVAL = "taper/1 approval";
  static final String REFUSAL = "taper/1 refusal";
  static final String JUSTIFICATION = "taper/1 justification";
  static final String CALL =
      "{\"tool\":\"jira.delete\",\"resource\":\"jira:project/ACME/Q3/12\",\"args\":{\"limit\":1}}";
  static final Duration QUARTER = Duration.ofMinutes(15);

  private static final String ID = "hex:000102030405060708090a0b0c0d0e0f";
  private static final String OTHER_ID = "hex:0f0e0d0c0b0a09080706050403020100";

  private Statements() {}

  /** What an approval states. */
  record Approval(
      String id,
      String audiences,
      String request,
      boolean exact,
      long from,
      long until,
      boolean single) {
    static Approval of(String request) {
      return new Approval(ID, quoted(Cast.JIRA), request, true, 0, 900, false);
    }

    /** At other services: their names, quoted, with commas between them. */
    Approval atServices(String others) {
      return new Approval(id, others, request, exact, from, until, single);
    }

    Approval anyArguments() {
      return new Approval(id, audiences, request, false, from, until, single);
    }

    /** Another one that says the same. */
    Approval other() {
      return new Approval(OTHER_ID, audiences, request, exact, from, until, single);
    }

    Approval between(long newFrom, long newUntil) {
      return new Approval(id, audiences, request, exact, newFrom, newUntil, single);
    }

    Approval once() {
      return new Approval(id, audiences, request, exact, from, until, true);
    }

    String datalog() {
      String scope = scope(request, exact);
      return "approval("
          + id
          + ", {"
          + audiences
          + "}, "
          + scope
          + ", "
          + at(from)
          + ", "
          + at(until)
          + ", "
          + single
          + ");";
    }
  }

  private static String scope(String request, boolean exact) {
    ToolCall call = ToolCall.parse(request);
    return quoted(call.tool())
        + ", "
        + quoted(call.operation())
        + ", "
        + quoted(call.resource())
        + ", "
        + (exact ? "hex:" + Json.hex(call.digest()) : "null");
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : '"' + text + '"';
  }

  private static String at(long seconds) {
    return Cast.NOON.plusSeconds(seconds).toString();
  }

  static Chain approve(Chain chain, PrivateKey approver, Approval approval) {
    return Story.third(chain, approver, approval.datalog(), APPROVAL);
  }

  static Chain approve(Chain chain, PrivateKey approver) {
    return approve(chain, approver, Approval.of(CALL));
  }

  static Chain refuse(Chain chain, PrivateKey approver, String request) {
    String fact = "refusal(" + ID + ", " + scope(request, true) + ", " + at(0) + ", \"keep it\");";
    return Story.third(chain, approver, fact, REFUSAL);
  }

  static Chain justify(Chain chain, String tools, long from, long until) {
    String fact =
        "justification("
            + quoted(tools)
            + ", \"a duplicate\", "
            + at(from)
            + ", "
            + at(until)
            + ");";
    return chain.then(
        Story.block(JUSTIFICATION, fact, null, null), Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
  }
}
