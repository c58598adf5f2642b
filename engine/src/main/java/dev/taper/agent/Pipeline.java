package dev.taper.agent;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Revocations;
import dev.taper.token.HeldToken;
import dev.taper.token.TokenCache;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a verified token to a decision, in their order: kind of token, revocation, proof,
 * Datalog, claims, record. The first step that refuses the call is the last. Thread-safe.
 */
final class Pipeline {
  private final Audience audience;
  private final @Nullable ToolCatalog catalog;
  private final FirstBlockStep firstBlocks;
  private final @Nullable Revocations revocations;
  private final AcceptedProofs proofs;
  private final Clock clock;
  private final Escalation.Rules rules;
  private final Set<String> sharedPredicates;
  private final Claims.Memories memories;
  private final CallFacts stores;
  private final PendingDecision.Service service;
  private final Listeners listeners;
  private final Behind behind;
  private final boolean observesOnly;

  Pipeline(VerifierBuilder b, Audience audience) {
    this.behind = new Behind(b.deadline, b.clock, b.ticker);
    this.audience = audience;
    this.catalog = b.catalog == null ? null : own(b.catalog, audience);
    this.observesOnly = b.observesOnly;
    this.revocations = behind.revocations(b.revocations);
    this.clock = b.clock;
    this.firstBlocks = new FirstBlockStep(b, revocations, behind);
    ReplayMemory replays =
        b.replayMemory == null ? ReplayMemory.inMemory() : behind.proofs(b.replayMemory);
    this.proofs = AcceptedProofs.of(b.proofWindow, replays, b.clock);
    this.memories = Claims.Memories.of(b, replays, behind);
    this.rules =
        new Escalation.Rules(
            audience.name(),
            b.longestJustification,
            b.longestApproval,
            b.usesAreCounted(),
            b.approverNames);
    this.sharedPredicates = Set.copyOf(b.sharedPredicates);
    CallFacts ofService = CallFacts.none();
    for (String store : b.budgets.keySet()) {
      ofService = ofService.budgetStore(store);
    }
    this.stores = ofService;
    this.service =
        new PendingDecision.Service(
            audience.name(),
            b.policies.confidential(sharedPredicates),
            b.directory,
            b.externs,
            b.limits,
            b.clock,
            b.approversPublished,
            new Unexplained());
    this.listeners = new Listeners(b.listeners, b.clock, b.policies, behind);
  }

  private Pipeline(
      Pipeline same,
      Claims.Memories memories,
      Escalation.Rules rules,
      PendingDecision.Service service,
      @Nullable ToolCatalog catalog,
      Listeners listeners) {
    this.behind = same.behind;
    this.observesOnly = same.observesOnly;
    this.audience = same.audience;
    this.firstBlocks = same.firstBlocks;
    this.revocations = same.revocations;
    this.proofs = same.proofs;
    this.clock = same.clock;
    this.rules = rules;
    this.sharedPredicates = same.sharedPredicates;
    this.memories = memories;
    this.stores = same.stores;
    this.service = service;
    this.catalog = catalog;
    this.listeners = listeners;
  }

  Pipeline with(PolicySet policies) {
    return new Pipeline(
        this,
        memories,
        rules,
        service.with(policies.confidential(sharedPredicates)),
        catalog,
        listeners.with(policies));
  }

  Pipeline with(AgentDirectory directory) {
    return new Pipeline(this, memories, rules, service.with(directory), catalog, listeners);
  }

  Pipeline with(ApproverNames names) {
    return new Pipeline(this, memories, rules.with(names), service, catalog, listeners);
  }

  Pipeline with(IssuerNames names) {
    return new Pipeline(this, memories.with(names), rules, service, catalog, listeners);
  }

  Pipeline with(ToolCatalog other) {
    return new Pipeline(this, memories, rules, service, own(other, audience), listeners);
  }

  private static ToolCatalog own(ToolCatalog catalog, Audience audience) {
    if (!catalog.audience().equals(audience.name())) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the catalog is of " + catalog.audience() + ", and the verifier is " + audience);
    }
    return catalog;
  }

  @Nullable Long since() {
    return listeners.since();
  }

  /** Decides about a call with a token when its signatures were verified. */
  CallDecision decide(Supplier<VerifiedChain> token, ToolCall call, Presented presented) {
    checkMeaning(call);
    try {
      VerifiedChain verified = token.get();
      return behind.waits()
          ? behind.during(() -> answer(verified, call, presented, null))
          : answer(verified, call, presented, null);
    } catch (FirstBlockRefusal e) {
      return answer(e.firstBlock(), call, presented, e);
    }
  }

  /** What a call means is for the service's own catalog to say, unless it decided otherwise. */
  private void checkMeaning(ToolCall call) {
    String expected = catalog == null ? null : catalog.digest();
    if (!Objects.equals(expected, call.catalogDigest())) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          expected == null
              ? "the call comes from a catalog, and the verifier has none"
              : "the call does not come from the verifier's own catalog");
    }
  }

  private CallDecision answer(
      VerifiedChain verified,
      ToolCall call,
      Presented presented,
      @Nullable FirstBlockRefusal refused) {
    DelegationChain chain = firstBlocks.chain(verified);
    DecisionBasis basis = new DecisionBasis();
    basis.came(presented);
    Claims claims = observesOnly ? Claims.looking(memories, chain) : new Claims(memories, chain);
    if (observesOnly) {
      basis.observed();
    }
    PendingDecision pending = new PendingDecision(service, call, verified, chain);
    CallDecision decision =
        refused == null
            ? decide(pending, verified, presented, claims, basis)
            : refused.denied(pending);
    CallDecision recorded = listeners.tell(decision, verified, basis);
    if (!recorded.allowed()) {
      claims.release(); // the call was allowed, and could not be recorded
    } else if (verified instanceof HeldToken held && !observesOnly) {
      held.countAllowed(chain.delegator());
    }
    return observesOnly && recorded instanceof CallDecision.Denied denied
        ? CallDecision.Allowed.despite(denied)
        : recorded;
  }

  /**
   * What would be decided about a call; takes nothing.
   *
   * @param afterNo null to tell nobody; or else a holder asks, perhaps after a no, and the
   *     listeners are told
   */
  CallPreview preview(
      Supplier<VerifiedChain> token,
      ToolCall call,
      Presented presented,
      @Nullable Boolean afterNo) {
    checkMeaning(call);
    try {
      VerifiedChain verified = token.get();
      return behind.waits()
          ? behind.during(() -> previewed(verified, call, presented, afterNo, null))
          : previewed(verified, call, presented, afterNo, null);
    } catch (FirstBlockRefusal e) {
      return previewed(e.firstBlock(), call, presented, afterNo, e);
    }
  }

  private CallPreview previewed(
      VerifiedChain verified,
      ToolCall call,
      Presented presented,
      @Nullable Boolean afterNo,
      @Nullable FirstBlockRefusal refused) {
    DelegationChain chain = firstBlocks.chain(verified);
    DecisionBasis basis = new DecisionBasis();
    Claims claims = Claims.looking(memories, chain);
    PendingDecision pending = new PendingDecision(service, call, verified, chain);
    CallDecision decision =
        refused == null
            ? decide(pending, verified, presented, claims, basis)
            : refused.denied(pending);
    if (afterNo != null) { // or else nobody is told
      if (verified instanceof HeldToken held) {
        basis.proof(held.holderKey());
      }
      listeners.tellAsked(decision, verified, basis.askedAfterNo(afterNo));
    }
    return new CallPreview(
        decision, claims.left(call, clock.instant()), basis.approvals(), rules.names());
  }

  /** What of the catalog a chain alone does not exclude, for a caller that proves to hold it. */
  ToolOffer offer(Supplier<VerifiedChain> token, @Nullable Proof proof) {
    return offer(
        token, (of, chain) -> ofNothing(of, chain, proof, SentApprovals.NONE, null, false));
  }

  /**
   * The same for a caller that proves to have sent something that is no call; the proof is used.
   */
  ToolOffer offer(Supplier<VerifiedChain> token, SentCall sent, @Nullable Proof proof) {
    return offer(token, (of, chain) -> ofNothing(of, chain, proof, SentApprovals.NONE, sent, true));
  }

  /** The same for a holder who proved that before. */
  ToolOffer standing(Supplier<VerifiedChain> token) {
    return offer(
        token,
        (of, chain) -> {
          ToolOffer nothing = ofNothing(of, chain);
          String heldBack = nothing == null ? listeners.holdsBack(chain) : null;
          return heldBack == null ? nothing : ToolOffer.refused(DenialCode.HELD_BACK, heldBack);
        });
  }

  private ToolOffer offer(
      Supplier<VerifiedChain> token,
      BiFunction<VerifiedChain, DelegationChain, @Nullable ToolOffer> refusal) {
    ToolCatalog tools = catalog;
    if (tools == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a verifier without a catalog has no tools to offer");
    }
    try {
      VerifiedChain verified = token.get();
      Supplier<ToolOffer> offer =
          () -> {
            DelegationChain chain = firstBlocks.chain(verified);
            ToolOffer nothing = refusal.apply(verified, chain);
            if (nothing != null) {
              return nothing;
            }
            CallFacts known = CallFacts.none().time(clock).audience(audience).and(stores);
            return OfferSearch.search(
                chain, tools, chain.facts(known, service.directory()), service.limits());
          };
      return behind.waits() ? behind.during(offer) : offer.get();
    } catch (FirstBlockRefusal e) {
      return e.offer();
    }
  }

  /** Why every call with a token would be refused, by any caller; null if it is good. */
  private @Nullable ToolOffer ofNothing(VerifiedChain verified, DelegationChain chain) {
    Instant now = clock.instant();
    FirstBlockRefusal first = firstBlocks.refusal(verified, chain, now);
    if (first != null) {
      return first.offer();
    }
    return revocations == null ? null : RevocationStep.offerOfNothing(revocations, chain, now);
  }

  /**
   * Why every call of whoever presents a token would be refused; null if it is the holder, or needs
   * not to be. Unless the proof is to be used, the answer is the same while its window lasts.
   */
  private @Nullable ToolOffer ofNothing(
      VerifiedChain verified,
      DelegationChain chain,
      @Nullable Proof proof,
      SentApprovals approvals,
      @Nullable SentCall sent,
      boolean used) {
    ToolOffer nothing = ofNothing(verified, chain);
    if (nothing != null || !(verified instanceof HeldToken held)) {
      return nothing;
    }
    if (proof == null) {
      return ToolOffer.refused(
          DenialCode.PROOF_REQUIRED, "a held token needs its holder's proof to be asked about");
    }
    try {
      Proof.Subject subject = new Proof.Subject(held.stateDigest(), audience, approvals, sent);
      Proof.Checked good = proof.check(held.holderKey(), subject, proofs);
      if (used) {
        good.claim(chain.memoryShare());
      }
      return null;
    } catch (TaperException e) {
      DenialCode code = DenialCode.of(e.code());
      if (code == null) {
        throw e;
      }
      return ToolOffer.refused(code, String.valueOf(e.getMessage()));
    }
  }

  /** Why the sender of something is not taken for the token's holder; null if it is. */
  @Nullable DenialCode unproven(
      Supplier<VerifiedChain> token, SentCall sent, Presented presented, boolean used) {
    ToolOffer nothing;
    try {
      VerifiedChain of = token.get();
      Supplier<@Nullable ToolOffer> steps =
          () ->
              ofNothing(of, firstBlocks.chain(of), presented.proof(), presented.sent(), sent, used);
      nothing = behind.waits() ? behind.during(steps) : steps.get();
    } catch (FirstBlockRefusal e) {
      nothing = e.offer();
    }
    return nothing == null ? null : nothing.code();
  }

  FirstBlockStep firstBlocks() {
    return firstBlocks;
  }

  private CallDecision decide(
      PendingDecision pending,
      VerifiedChain verified,
      Presented presented,
      Claims claims,
      DecisionBasis basis) {
    try {
      return judged(pending, verified, presented, claims, basis);
    } catch (TaperException e) {
      if (!Behind.isTimeout(e)) {
        throw e;
      }
      return pending.denied(e);
    }
  }

  private CallDecision judged(
      PendingDecision pending,
      VerifiedChain verified,
      Presented presented,
      Claims claims,
      DecisionBasis basis) {
    DelegationChain chain = pending.chain();
    ToolCall call = pending.call();
    Instant now = clock.instant();
    FirstBlockRefusal first = firstBlocks.refusal(verified, chain, now);
    if (first != null) {
      return first.denied(pending);
    }
    if (revocations != null) {
      CallDecision revoked = RevocationStep.refusal(revocations, chain, now, pending, basis);
      if (revoked != null) {
        return revoked;
      }
    }
    CallFacts facts = call.facts().time(clock).audience(audience).and(stores);
    List<JudgedApproval> sent = List.of();
    if (verified instanceof HeldToken held) {
      if (!presented.isQuestion()) {
        CallDecision unproven = unproven(held, presented, pending, claims);
        if (unproven != null) {
          return unproven;
        }
        basis.proof(held.holderKey());
      }
      if (!presented.approvals().isEmpty()) {
        sent = new ApprovalJudge(chain, call, audience.name()).judge(presented.approvals());
      }
    }
    if (revocations != null && !sent.isEmpty()) {
      CallDecision unknown =
          RevocationStep.withdrawals(revocations, sent, clock.instant(), pending);
      if (unknown != null) {
        return unknown;
      }
    }
    String heldBack = listeners.holdsBack(chain);
    if (heldBack != null) {
      return pending.denied(DenialCode.HELD_BACK, heldBack);
    }
    String forbidden = OpaqueArguments.forbidden(call, verified, service.policies());
    if (forbidden != null) {
      return pending.denied(DenialCode.ARGUMENT_OPAQUE, forbidden);
    }
    Escalation escalation = new Escalation(chain, call, clock, rules, sent);
    escalation.leaveOutUsed(memories.approvals());
    return pending.decide(facts, escalation, claims, basis);
  }

  private @Nullable CallDecision unproven(
      HeldToken held, Presented presented, PendingDecision pending, Claims claims) {
    Proof proof = presented.proof();
    if (proof == null) {
      return pending.denied(
          DenialCode.PROOF_REQUIRED, "a held token needs its holder's proof for every call");
    }
    try {
      Proof.Subject subject =
          new Proof.Subject(held.stateDigest(), audience, presented.sent(), pending.call().sent());
      claims.proof(proof.check(held.holderKey(), subject, proofs));
      return null;
    } catch (TaperException e) {
      if (DenialCode.of(e.code()) == null) {
        throw e;
      }
      return pending.denied(e);
    }
  }

  @Nullable ToolCatalog catalog() {
    return catalog;
  }

  Clock clock() {
    return clock;
  }

  long tick() {
    return behind.tick();
  }

  long unrecorded() {
    return listeners.unrecorded();
  }

  long unexplained() {
    return service.unexplained().count();
  }

  VerifierHealth health(
      TokenCache.@Nullable Statistics tokenCache,
      VerifierHealth.@Nullable Calls calls,
      RootKeys rootKeys) {
    return new VerifierHealth(
        clock.instant(),
        calls,
        revocations == null ? null : revocations.health(),
        behind.health(),
        proofs.fill(),
        memories.alone() == null ? null : memories.alone().health(clock.instant()),
        proofs.waitsFor(),
        memories.approvals().fill(),
        memories.budgets().fills(),
        tokenCache,
        KnownKeys.statistics(),
        unrecorded(),
        List.of(),
        observesOnly,
        VerifierHealth.Ending.of(rootKeys, revocations == null ? null : revocations.health()),
        VerifierHealth.Ending.ofAll(rootKeys));
  }
}
