package dev.taper.cli.approval;

import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.cli.io.Console;
import dev.taper.cli.output.HumanTime;
import dev.taper.cli.output.Style;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.asking.ServiceAsk;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Shows an approver what it is about to sign, on standard error. All of it comes from the verified
 * token, from the call and from the very statement that is signed; only the reason is the words of
 * whoever asks, and marked as such. What is signed is shown whole, but for a call of very long
 * arguments.
 */
final class ApprovalText {
  /** Grants and chains of the usual sizes are shown whole. */
  private static final int LONG = 2_000;

  /** What a verifier takes at most, unless it is told otherwise. */
  private static final Duration LONGEST_COUNTED = Duration.ofHours(24);

  private final Console console;
  private final LabelledRows rows;
  private final ApprovalRequest request;
  private final DelegationChain chain;
  private final EffectiveAuthority authority;
  private final PublicKey approver;

  ApprovalText(
      Console console, ApprovalRequest request, DelegationChain chain, PublicKey approver) {
    this.console = console;
    this.rows = new LabelledRows(console.err(), Style.err(console));
    this.request = request;
    this.chain = chain;
    this.authority = chain.effectiveAuthority();
    this.approver = approver;
  }

  /**
   * Shows the ask, then what would be signed.
   *
   * @param ask where it comes from; null if it is a file
   * @param shown the call
   * @param statement what would be signed
   */
  void print(@Nullable ServiceAsk ask, ShownCall shown, ApprovalStatement statement) {
    Instant now = console.clock().instant();
    if (ask != null) {
      line("from", ask.toString());
    }
    line("asks", chain.holder() == null ? "nobody" : chain.holder().name());
    rows.row("  key", request.token().holderKey().toString());
    line("for", request.call().toString());
    line("at", request.audience());
    CallText.arguments(rows, shown);
    if (request.catalogDigest() != null) {
      line("meant by", "the catalog " + request.catalogDigest());
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
    warnings(statement);
    effect(statement, shown);
  }

  /** What would be signed, right above the question, where it cannot be scrolled away. */
  private void effect(ApprovalStatement statement, ShownCall shown) {
    boolean exact = statement.patterns().isEmpty();
    rows.whole(
        "you would",
        "approve "
            + (exact ? "exactly this call" : "all these calls, with any arguments")
            + (statement.uses().isPresent()
                ? ServiceAsk.times(statement)
                : " as often as it is made")
            + ", at "
            + String.join(", ", statement.audiences()));
    rows.whole("for", holders(statement));
    rows.row("begins", statement.from().toString());
    rows.row("until", statement.until().toString());
    if (statement.reason() != null) {
      rows.whole("saying", "\"" + statement.reason() + "\"");
    }
    if (exact) {
      CallText.head(rows, shown);
      rows.row("digest", shown.digest());
    } else {
      statement.patterns().forEach(pattern -> rows.whole("calls", pattern.toString()));
    }
    rows.row("state", statement.state());
    rows.row("approval", statement.id());
  }

  /** Who can make the calls. */
  private String holders(ApprovalStatement statement) {
    DelegationHop from = chain.hops().get(0);
    for (ApprovalStatement.State state : ApprovalStatement.State.of(request.token())) {
      if (state.digest().equals(statement.state())) {
        from = chain.hops().get(state.block());
      }
    }
    return statement.isOnward()
        ? from.holderName()
            + " and all to whom it handed the token on, or will (block "
            + from.block()
            + ")"
        : from.holderName() + " alone";
  }

  /** What would keep the approval from counting. */
  private void warnings(ApprovalStatement statement) {
    if (!statement.audiences().contains(request.audience())) {
      rows.warn(request.audience() + " is asked for: there, the approval does not count");
    }
    if (!statement.covers(request.call())) {
      rows.warn("the call that is asked for is none of these calls");
    }
    if (statement.uses().isPresent() && statement.window().compareTo(LONGEST_COUNTED) > 0) {
      rows.warn("counted and longer than 24 h: verifiers refuse it unless told otherwise");
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
          // Who is in a group is for the service to know.
          named |= activation.group() != null;
          named |= activation.approvers().contains(approver.toString());
        }
      }
    }
    if (!covered) {
      rows.warn("no grant of this token covers the call: an approval would have no effect");
    } else if (!named) {
      rows.warn("no grant that covers the call names your key: an approval may have no effect");
    }
  }

  private void line(String label, String value) {
    rows.line(label, value, LONG);
  }
}
