package dev.taper.benchmarks.containment;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The user, who is asked whether a call may be made. Sees what an approver is shown of the ask and
 * nothing else, and says yes if that is what one of the task's own calls looks like. Thread-safe.
 */
final class Approver {
  private static final Approval.Terms TERMS = Approval.Terms.lasting(Duration.ofHours(1)).once();

  private final Signer key;
  private final Clock clock;
  private final Set<String> wanted;

  /**
   * Makes one.
   *
   * @param key the approver's key
   * @param clock the approver's time
   * @param audience the service whose calls the task makes
   * @param calls what the task's own calls mean
   */
  Approver(Signer key, Clock clock, String audience, Collection<ToolCall> calls) {
    this.key = key;
    this.clock = clock;
    this.wanted =
        calls.stream().map(call -> text(audience, call)).collect(Collectors.toUnmodifiableSet());
  }

  /** Approves a call once, or says no. */
  Optional<Approval> answer(ApprovalRequest ask) {
    return wanted.contains(text(ask.audience(), ask.call()))
        ? Optional.of(ask.approve(key, TERMS, clock))
        : Optional.empty();
  }

  /**
   * What a person reads of a call. The digest of the whole is left out: nobody compares it. So is
   * the agent's reason: it is only a claim.
   */
  static String text(String audience, ToolCall call) {
    StringBuilder text = new StringBuilder().append("at ").append(audience);
    for (ShownCall.Row row : ShownCall.of(call, null).rows()) {
      text.append('\n').append(row.label()).append(' ').append(row.value());
    }
    return text.toString();
  }
}
