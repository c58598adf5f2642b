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
import dev.taper.revocation.Revocations;
import dev.taper.token.HeldToken;
import dev.taper.token.Token;
import dev.taper.token.TokenCache;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a verified token to a decision, in their order: kind of token, revocation, proof,
 * Datalog, claims, record. The first step that refuses the call is the last. Thread-safe.
 */
final class Pipeline {
  private final Audience audience;
  private final @Nullable ToolCatalog catalog;
  private final AcceptedKinds kinds;
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
    this.kinds = new AcceptedKinds(b.bearerAccepted, b.sealedAccepted);
    this.revocations = behind.revocations(b.revocations);
    this.clock = b.clock;
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

  /** The same pipeline, with other rules, another service, catalog and policies to record. */
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
    this.kinds = same.kinds;
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

  /** The catalog, if it is this service's own. */
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

  /** Decides about a call with a token whose signatures were verified. */
  CallDecision decide(VerifiedChain verified, ToolCall call, Presented presented) {
    checkMeaning(call);
    return behind.waits()
        ? behind.during(() -> answer(verified, call, presented))
        : answer(verified, call, presented);
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

  private CallDecision answer(VerifiedChain verified, ToolCall call, Presented presented) {
    DelegationChain chain = DelegationChain.of(verified);
    DecisionBasis basis = new DecisionBasis();
    basis.came(presented);
    Claims claims = observesOnly ? Claims.looking(memories, chain) : new Claims(memories, chain);
    if (observesOnly) {
      basis.observed();
    }
    CallDecision decision =
        decide(
            new PendingDecision(service, call, verified, chain),
            verified,
            presented,
            claims,
            basis);
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

  /** What would be decided about a call; takes nothing, and tells nobody. */
  CallPreview preview(VerifiedChain verified, ToolCall call, Presented presented) {
    return preview(verified, call, presented, null);
  }

  /** The same for a holder who asks that, perhaps after a no; the listeners are told. */
  CallPreview asked(VerifiedChain of, ToolCall call, Presented presented, boolean afterNo) {
    return preview(of, call, presented, afterNo);
  }

  private CallPreview preview(
      VerifiedChain verified, ToolCall call, Presented presented, @Nullable Boolean afterNo) {
    checkMeaning(call);
    return behind.waits()
        ? behind.during(() -> previewed(verified, call, presented, afterNo))
        : previewed(verified, call, presented, afterNo);
  }

  private CallPreview previewed(
      VerifiedChain verified, ToolCall call, Presented presented, @Nullable Boolean afterNo) {
    DelegationChain chain = DelegationChain.of(verified);
    DecisionBasis basis = new DecisionBasis();
    Claims claims = Claims.looking(memories, chain);
    CallDecision decision =
        decide(
            new PendingDecision(service, call, verified, chain),
            verified,
            presented,
            claims,
            basis);
    if (afterNo != null) { // or else nobody is told
      if (verified instanceof HeldToken held) {
        basis.proof(held.holderKey());
      }
      listeners.tellAsked(decision, verified, basis.askedAfterNo(afterNo));
    }
    return new CallPreview(
        decision, claims.left(call, clock.instant()), basis.approvals(), rules.names());
  }

  /** What of the catalog a chain alone does not exclude, for whoever proves that it holds it. */
  ToolOffer offer(VerifiedChain verified, @Nullable Proof proof) {
    return offer(
        verified, chain -> ofNothing(verified, chain, proof, SentApprovals.NONE, null, false));
  }

  /** The same for whoever proves that it sent something that is no call; the proof is used. */
  ToolOffer offer(VerifiedChain verified, SentCall sent, @Nullable Proof proof) {
    return offer(
        verified, chain -> ofNothing(verified, chain, proof, SentApprovals.NONE, sent, true));
  }

  /** The same for a holder who proved that before. */
  ToolOffer standing(VerifiedChain verified) {
    return offer(
        verified,
        chain -> {
          ToolOffer nothing = ofNothing(chain);
          String heldBack = nothing == null ? listeners.holdsBack(chain) : null;
          return heldBack == null ? nothing : ToolOffer.refused(DenialCode.HELD_BACK, heldBack);
        });
  }

  private ToolOffer offer(
      VerifiedChain verified, Function<DelegationChain, @Nullable ToolOffer> refusal) {
    ToolCatalog tools = catalog;
    if (tools == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a verifier without a catalog has no tools to offer");
    }
    Supplier<ToolOffer> offer =
        () -> {
          DelegationChain chain = DelegationChain.of(verified);
          ToolOffer nothing = refusal.apply(chain);
          if (nothing != null) {
            return nothing;
          }
          CallFacts known = CallFacts.none().time(clock).audience(audience).and(stores);
          return OfferSearch.search(
              chain, tools, chain.facts(known, service.directory()), service.limits());
        };
    return behind.waits() ? behind.during(offer) : offer.get();
  }

  /** Why every call with a token would be refused, whoever presents it; null if it is good. */
  private @Nullable ToolOffer ofNothing(DelegationChain chain) {
    DenialCode refusal = kinds.refusal(chain.kind());
    if (refusal != null) {
      return ToolOffer.refused(refusal, AcceptedKinds.reason(chain.kind()));
    }
    return revocations == null
        ? null
        : RevocationStep.offerOfNothing(revocations, chain, clock.instant());
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
    ToolOffer nothing = ofNothing(chain);
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
      VerifiedChain verified, SentCall sent, Presented presented, boolean used) {
    DelegationChain chain = DelegationChain.of(verified);
    Supplier<@Nullable ToolOffer> steps =
        () -> ofNothing(verified, chain, presented.proof(), presented.sent(), sent, used);
    ToolOffer nothing = behind.waits() ? behind.during(steps) : steps.get();
    return nothing == null ? null : nothing.code();
  }

  /** The kinds of tokens that are taken. */
  Set<Token.Kind> kinds() {
    return kinds.all();
  }

  private CallDecision decide(
      PendingDecision pending,
      VerifiedChain verified,
      Presented presented,
      Claims claims,
      DecisionBasis basis) {
    DelegationChain chain = pending.chain();
    ToolCall call = pending.call();
    DenialCode refusal = kinds.refusal(chain.kind());
    if (refusal != null) {
      return pending.denied(refusal, AcceptedKinds.reason(chain.kind()));
    }
    if (revocations != null) {
      CallDecision revoked =
          RevocationStep.refusal(revocations, chain, clock.instant(), pending, basis);
      if (revoked != null) {
        return revoked;
      }
    }
    CallFacts facts = call.facts().time(clock).audience(audience).and(stores);
    List<JudgedApproval> sent = List.of();
    if (verified instanceof HeldToken held) {
      CallDecision unproven =
          presented.isQuestion() ? null : unproven(held, presented, pending, claims);
      if (unproven != null) {
        return unproven;
      }
      if (!presented.isQuestion()) {
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

  /** The refusal of a call that its holder did not prove; null if it did. */
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

  long unrecorded() {
    return listeners.unrecorded();
  }

  long unexplained() {
    return service.unexplained().count();
  }

  VerifierHealth health(
      TokenCache.@Nullable Statistics tokenCache, VerifierHealth.@Nullable Calls calls) {
    return new VerifierHealth(
        clock.instant(),
        calls,
        revocations == null ? null : revocations.health(),
        behind.health(),
        proofs.fill(),
        memories.alone() == null ? null : memories.alone().health(clock.instant()),
        memories.approvals().fill(),
        memories.budgets().fills(),
        tokenCache,
        KnownKeys.statistics(),
        unrecorded(),
        List.of(),
        observesOnly);
  }
}
