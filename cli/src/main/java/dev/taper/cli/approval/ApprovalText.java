package dev.taper.cli.approval;

import dev.taper.ShownText;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalTerms;
import dev.taper.agent.call.ShownCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.io.Console;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Style;
import dev.taper.crypto.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Shows an approver what it is about to sign, on standard error. All of it comes from the verified
 * token and from the call; only the reason is the holder's own words, and marked as such.
 *
 * <p>No text can pass for a line of ours: this class cuts every row into lines of a terminal's
 * width, and indents and marks what goes on below its label.
 */
final class ApprovalText {
  private static final int LABEL = 12;
  private static final int LINE = 64;

  /** Grants and chains of the usual sizes are shown whole. */
  private static final int LONG = 2_000;

  /** What a verifier takes at most, unless it is told otherwise. */
  private static final Duration LONGEST_SINGLE_USE = Duration.ofHours(24);

  private final Console console;
  private final Style style;
  private final ApprovalRequest request;
  private final DelegationChain chain;
  private final EffectiveAuthority authority;
  private final PublicKey approver;

  ApprovalText(
      Console console, ApprovalRequest request, DelegationChain chain, PublicKey approver) {
    this.console = console;
    this.style = Style.err(console);
    this.request = request;
    this.chain = chain;
    this.authority = chain.effectiveAuthority();
    this.approver = approver;
  }

  void print(AnswerOptions answer, ApprovalTerms terms) {
    Instant now = console.clock().instant();
    ToolCall call = request.call();
    ShownCall shown = ShownCall.of(call);
    String holder = chain.holder() == null ? "nobody" : chain.holder().name();
    line("asks", holder);
    row("  key", request.token().holderKey().toString());
    line("for", call.toString());
    line("at", request.audience());
    for (ShownCall.Shown argument : shown.arguments()) {
      line("  argument", argument.name() + ": " + argument.value());
    }
    line("claims", "\"" + request.reason() + "\"");
    line("chain", chain.toString());
    String purpose = chain.task().purpose() == null ? "" : ", " + chain.task().purpose();
    line("task", chain.task().id() + purpose);
    for (DelegationHop hop : chain.hops()) {
      line("hop " + hop.block(), hop.holderName() + " by " + hop.grantor() + ": " + hop.words());
    }
    Instant end = authority.expiry();
    line("ends", end == null ? "never" : end + " (" + HumanTime.fromNow(end, now) + ")");
    standing();
    elsewhere(terms);
    String what =
        answer.isRefusal()
            ? "refuse exactly this call"
            : "approve "
                + (terms.anyArguments() ? "this call with any arguments" : "exactly this call")
                + (terms.singleUse() ? ", once" : "")
                + ", at "
                + (terms.audiences().isEmpty()
                    ? request.audience()
                    : String.join(", ", terms.audiences()));
    line("you would", what);
    if (!answer.isRefusal()) {
      line("until", now.plus(terms.window()).truncatedTo(ChronoUnit.SECONDS).toString());
      if (terms.singleUse() && terms.window().compareTo(LONGEST_SINGLE_USE) > 0) {
        warn("for one call and longer than 24 h: verifiers refuse it unless told otherwise");
      }
    }
    // Repeated right above the question, where it cannot be scrolled away.
    line("tool", shown.tool() + ", operation " + shown.operation());
    line("resource", shown.resource());
    line("digest", shown.digest());
  }

  /** Whether the approval is for what was asked. */
  private void elsewhere(ApprovalTerms terms) {
    if (!terms.audiences().isEmpty() && !terms.audiences().contains(request.audience())) {
      warn("the holder asks for " + request.audience() + ": there, the approval does not count");
    }
  }

  /** Whether the approval would count. */
  private void standing() {
    if (!authority.isListed()) {
      return; // too many combinations to say
    }
    boolean covered = false;
    boolean named = false;
    for (Grant grant : authority.alternatives()) {
      if (grant.covers(request.call().facts())) {
        covered = true;
        for (Activation activation : grant.activations()) {
          named |= activation.approvers().contains(approver.toString());
        }
      }
    }
    if (!covered) {
      warn("no grant of this token covers the call: an approval would have no effect");
    } else if (!named) {
      warn("no grant that covers the call names your key: an approval may have no effect");
    }
  }

  private void warn(String text) {
    console.err().println(style.warn("warning") + "     " + text);
  }

  private void line(String label, String value) {
    List<String> lines = ShownText.lines(ShownText.of(value, LONG), LINE);
    row(label, lines.get(0));
    for (String more : lines.subList(1, lines.size())) {
      row("", "| " + more);
    }
  }

  private void row(String label, String value) {
    String padding = " ".repeat(Math.max(1, LABEL - label.length()));
    console.err().println(style.dim(label + padding) + value);
  }
}
