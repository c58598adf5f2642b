package dev.taper.agent;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.approval.Refusal;
import dev.taper.agent.approval.Statement;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.ApprovalUse;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.ProofWindow;
import dev.taper.crypto.PublicKey;
import dev.taper.token.TokenKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Works out what the approvals and justifications of a chain say about one call, at one time. Only
 * those count that were given since the last hand-over, and only for a caller who proved to be the
 * holder. A chain without any costs nothing here. For one thread.
 */
final class Escalation {
  /**
   * How far ahead of the clock a start counts as reached, as for proofs, because clocks may differ.
   */
  static final Duration AHEAD = ProofWindow.DEFAULT.ahead();

  /**
   * What a service accepts, for every call alike.
   *
   * @param audience its name
   * @param longestJustification the longest window of a justification that counts
   * @param longestApproval the longest window of a single-use approval that counts
   */
  record Rules(String audience, Duration longestJustification, Duration longestApproval) {}

  private final DelegationChain chain;
  private final ToolCall call;
  private final Instant now;
  private final Rules rules;
  private List<Justification> justifications = List.of();
  private List<Approval> lasting = List.of();
  private List<Approval> once = List.of();
  private Set<Approval> used = Set.of();

  /**
   * Looks at a chain.
   *
   * @param chain whose caller has proved to be its holder, if it is a held one
   * @param call the call
   * @param clock the verifier's time
   * @param rules what the service takes
   * @param uses knows which single-use approvals were used
   */
  Escalation(DelegationChain chain, ToolCall call, Clock clock, Rules rules, ApprovalUses uses) {
    this.chain = chain;
    this.call = call;
    this.rules = rules;
    // A chain without statements needs no time.
    this.now = chain.statements().isEmpty() ? Instant.EPOCH : clock.instant();
    if (!chain.statements().isEmpty() && chain.kind() == TokenKind.HELD) {
      collect(chain.statements(), uses);
    }
  }

  private void collect(List<Statement> statements, ApprovalUses uses) {
    justifications = new ArrayList<>();
    lasting = new ArrayList<>();
    once = new ArrayList<>();
    used = new LinkedHashSet<>();
    Set<PublicKey> approvers = new LinkedHashSet<>();
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i) instanceof Justification j && isGood(j)) {
        justifications.add(j);
      } else if (statements.get(i) instanceof Approval a && isGood(a) && !isRefused(a, i)) {
        (a.singleUse() ? once : lasting).add(a);
        if (!a.singleUse()) {
          approvers.add(a.approver());
        }
      }
    }
    once.removeIf(a -> approvers.contains(a.approver()));
    leaveOutUsed(uses);
  }

  private void leaveOutUsed(ApprovalUses uses) {
    if (once.isEmpty()) {
      return;
    }
    Set<ApprovalUse> all = new LinkedHashSet<>();
    once.forEach(a -> all.add(a.use()));
    Set<ApprovalUse> known;
    try {
      known = uses.known(all);
    } catch (RuntimeException e) {
      return; // the claim will tell
    }
    for (Approval a : List.copyOf(once)) {
      if (known.contains(a.use())) {
        used(a);
      }
    }
  }

  private boolean isGood(Justification j) {
    return j.tools().matches(call.tool())
        && j.window().compareTo(rules.longestJustification) <= 0
        && hasBegun(j.from())
        && now.isBefore(j.until());
  }

  private boolean isGood(Approval a) {
    return covers(a) && hasBegun(a.from()) && now.isBefore(a.until()) && !isTooLong(a);
  }

  /** True if an approval is for this call, whether or not it counts. */
  boolean covers(Approval a) {
    return a.covers(rules.audience, call);
  }

  /** True if the use of an approval would have to be remembered for too long. */
  boolean isTooLong(Approval a) {
    return a.singleUse() && a.window().compareTo(rules.longestApproval) > 0;
  }

  /** True if the approver refused the call later: its last word holds. */
  private boolean isRefused(Approval approval, int index) {
    List<Statement> statements = chain.statements();
    for (Statement later : statements.subList(index + 1, statements.size())) {
      if (later instanceof Refusal r
          && r.approver().equals(approval.approver())
          && r.calls().covers(call)) {
        return true;
      }
    }
    return false;
  }

  boolean hasBegun(Instant from) {
    return !now.isBefore(from.minus(AHEAD));
  }

  /** Adds what the verifier states, with some of the single-use approvals. */
  CallFacts facts(CallFacts request, List<Approval> some) {
    CallFacts facts = justified(request);
    if (lasting.isEmpty() && some.isEmpty()) {
      return facts;
    }
    Set<PublicKey> approvers = new LinkedHashSet<>();
    lasting.forEach(a -> approvers.add(a.approver()));
    some.forEach(a -> approvers.add(a.approver()));
    return facts.approvers(approvers);
  }

  private CallFacts justified(CallFacts request) {
    CallFacts facts = request;
    for (Justification j : justifications) {
      facts = facts.justified(call.tool(), j.reason(), j.window());
    }
    return facts;
  }

  /**
   * Adds what the verifier would state if others approved the call too.
   *
   * @param approvers their keys as text
   * @param also true if the holder would justify the call, too
   */
  CallFacts factsIf(CallFacts request, Set<String> approvers, boolean also) {
    Set<String> all = new LinkedHashSet<>(approvers);
    lasting.forEach(a -> all.add(a.approver().toString()));
    return onlyIf(justified(request), all, also);
  }

  /** Adds what the verifier would state without the statements for the present holder. */
  CallFacts onlyIf(CallFacts request, Set<String> approvers, boolean also) {
    CallFacts facts = also ? request.justified(call.tool(), "", Duration.ZERO) : request;
    return facts.approversNamed(approvers);
  }

  /** The single-use approvals of the call that are not known to be used, the earliest first. */
  List<Approval> once() {
    return once;
  }

  /** Notes that an approval was used before. */
  void used(Approval approval) {
    once.remove(approval);
    used.add(approval);
  }

  /** Notes for the record what was stated. */
  void note(List<Approval> some, DecisionBasis basis) {
    justifications.forEach(j -> basis.justification(j.reason()));
    lasting.forEach(a -> basis.approval(a.id()));
    some.forEach(a -> basis.approval(a.id()));
  }

  DelegationChain chain() {
    return chain;
  }

  ToolCall call() {
    return call;
  }

  Instant now() {
    return now;
  }

  Rules rules() {
    return rules;
  }

  boolean isUsed(Approval approval) {
    return used.contains(approval);
  }

  /** True if the approver refused the call after it approved it, or never approved it. */
  boolean isRefusedBy(String approver) {
    boolean refused = false;
    for (Statement s : chain.statements()) {
      if (s instanceof Refusal r && r.approver().toString().equals(approver)) {
        refused |= r.calls().covers(call);
      } else if (s instanceof Approval a && a.approver().toString().equals(approver)) {
        refused &= !covers(a);
      }
    }
    return refused;
  }
}
