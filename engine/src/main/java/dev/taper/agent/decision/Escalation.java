package dev.taper.agent.decision;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.crypto.PublicKey;
import dev.taper.token.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Works out what approvals and justifications say about one call, at one time. They count only for
 * a caller who proved to be the holder, and justifications only since the last hand-over. A call
 * without any costs nothing here. For one thread.
 */
final class Escalation {
  /**
   * How far ahead of the clock a start counts as reached, as for proofs, because clocks may differ.
   */
  static final Duration AHEAD = AcceptedProofs.Window.DEFAULT.ahead();

  private final DelegationChain chain;
  private final ToolCall call;
  private final Service service;
  private final List<JudgedApproval> sent;
  private final Instant now;
  private final List<Justification> justifications = new ArrayList<>();
  private final List<Approval> lasting = new ArrayList<>();
  private final List<Approval> counted = new ArrayList<>();

  /**
   * Looks at what was said.
   *
   * @param chain whose caller has proved to be its holder, if it is a held one
   * @param sent the approvals that came with the token, the earliest first, and which of them fit
   */
  Escalation(Service service, DelegationChain chain, ToolCall call, List<JudgedApproval> sent) {
    this.service = service;
    this.chain = chain;
    this.call = call;
    this.sent = sent;
    boolean isSilent = chain.justifications().isEmpty() && sent.isEmpty();
    // Silence needs no time.
    this.now = isSilent ? Instant.EPOCH : service.shared.clock.instant();
    if (!isSilent && chain.kind() == Token.Kind.HELD) {
      collect();
      leaveOutUsed();
    }
  }

  private void collect() {
    for (Justification justification : chain.justifications()) {
      if (isGood(justification)) {
        justifications.add(justification);
      }
    }
    Set<PublicKey> approvers = new LinkedHashSet<>();
    for (JudgedApproval one : sent) {
      if (one.counts()) {
        one.standing(standing(one.statement()));
      }
      if (one.counts() && one.statement().uses().isEmpty()) {
        lasting.add(one.approval());
        approvers.add(one.approval().approver());
      } else if (one.counts()) {
        counted.add(one.approval());
      }
    }
    counted.removeIf(approval -> approvers.contains(approval.approver()));
  }

  private ApprovalStanding standing(ApprovalStatement statement) {
    if (!now.isBefore(statement.until())) {
      return ApprovalStanding.EXPIRED;
    }
    if (!hasBegun(statement.from())) {
      return ApprovalStanding.NOT_YET_VALID;
    }
    if (statement.uses().isEmpty()) {
      return ApprovalStanding.COUNTS;
    }
    if (statement.window().compareTo(service.shared.longestApproval) > 0) {
      return ApprovalStanding.TOO_LONG;
    }
    return service.shared.usesAreCounted ? ApprovalStanding.COUNTS : ApprovalStanding.NOT_COUNTED;
  }

  private boolean isGood(Justification j) {
    return j.tools().matches(call.tool())
        && j.window().compareTo(service.shared.longestJustification) <= 0
        && hasBegun(j.from())
        && now.isBefore(j.until());
  }

  boolean hasBegun(Instant from) {
    return !now.isBefore(from.minus(AHEAD));
  }

  /** Leaves out the approvals that a memory knows to be used up. */
  private void leaveOutUsed() {
    if (counted.isEmpty()) {
      return;
    }
    Set<ApprovalUses.Use> all = new LinkedHashSet<>();
    counted.forEach(approval -> all.add(approval.use()));
    try {
      service.shared.approvalUses.known(all).forEach(this::used);
    } catch (RuntimeException e) {
      return; // the claim will tell
    }
  }

  /** Notes that all uses of an approval were claimed. */
  void used(ApprovalUses.Use use) {
    counted.removeIf(approval -> approval.use().id().equals(use.id()));
    for (JudgedApproval one : sent) {
      if (one.counts()
          && one.statement().uses().isPresent()
          && one.approval().use().id().equals(use.id())) {
        one.standing(ApprovalStanding.USED);
      }
    }
  }

  /** Adds what the verifier states, with some of the counted approvals. */
  CallFacts facts(CallFacts request, List<Approval> some) {
    return factsOf(request, lasting, some);
  }

  /** Adds what the verifier states, with some of the lasting approvals and some of the counted. */
  CallFacts factsOf(CallFacts request, List<Approval> ofLasting, List<Approval> some) {
    CallFacts facts = justified(request);
    if (ofLasting.isEmpty() && some.isEmpty()) {
      return facts;
    }
    ApproverFacts approvers = new ApproverFacts(service.rules.approverNames());
    ofLasting.forEach(approval -> approvers.approved(approval.approver()));
    some.forEach(approval -> approvers.approved(approval.approver()));
    return approvers.addTo(facts);
  }

  /** The approvals that are good for any number of calls until they end, and fit this one. */
  List<Approval> lasting() {
    return lasting;
  }

  private ApproverFacts approvers() {
    ApproverFacts approvers = new ApproverFacts(service.rules.approverNames());
    lasting.forEach(approval -> approvers.approved(approval.approver()));
    return approvers;
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
   * @param assumed what is assumed
   */
  CallFacts factsIf(CallFacts request, ActivationSearch.Assumed assumed) {
    return with(justified(request), approvers(), assumed);
  }

  /** Adds what the verifier would state without what was said for the present holder. */
  CallFacts onlyIf(CallFacts request, ActivationSearch.Assumed assumed) {
    return with(request, new ApproverFacts(service.rules.approverNames()), assumed);
  }

  private CallFacts with(
      CallFacts request, ApproverFacts approvers, ActivationSearch.Assumed assumed) {
    CallFacts facts =
        assumed.justified() ? request.justified(call.tool(), "", Duration.ZERO) : request;
    return approvers.assumed(assumed.approvers(), assumed.groups()).addTo(facts);
  }

  /** The counted approvals of the call that are not known to be used up, the earliest first. */
  List<Approval> counted() {
    return counted;
  }

  /** The reasons of the justifications that count. */
  List<String> reasons() {
    return justifications.isEmpty()
        ? List.of()
        : justifications.stream().map(Justification::reason).toList();
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

  Service service() {
    return service;
  }

  /** All approvals that came with the token, the earliest first, and what they are worth. */
  List<JudgedApproval> sent() {
    return sent;
  }
}
