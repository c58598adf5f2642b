package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.PublicKey;
import dev.taper.token.HeldToken;
import dev.taper.token.VerifiedChain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a verified token to a decision, in their order: kind of token, revocation, proof,
 * approvals, Datalog, claims, record. The first step that refuses the call is the last.
 * Thread-safe.
 */
final class Pipeline {
  private final Service service;
  private final Service.Shared shared;
  private final Clock clock;

  Pipeline(Service service) {
    this.service = service;
    this.shared = service.shared;
    this.clock = shared.clock;
  }

  /**
   * Reads the chain of a token and takes the steps, within the deadline.
   *
   * @param refused what is answered if the first block says enough
   */
  private <T extends @Nullable Object> T read(
      Supplier<VerifiedChain> token,
      BiFunction<VerifiedChain, DelegationChain, T> steps,
      Function<FirstBlockRefusal, T> refused) {
    try {
      VerifiedChain verified = token.get();
      return shared.behind.during(() -> steps.apply(verified, shared.firstBlocks.chain(verified)));
    } catch (FirstBlockRefusal e) {
      return refused.apply(e);
    }
  }

  private Judged refused(FirstBlockRefusal e, ToolCall call) {
    return judged(
        e.objection(),
        RevocationStep.Found.NOTHING,
        null,
        DelegationChain.of(e.firstBlock()),
        call);
  }

  /** Decides about a call with a token when its signatures were verified. */
  CallDecision decide(Supplier<VerifiedChain> token, ToolCall call, Presented presented) {
    checkMeaning(call);
    return read(
        token,
        (verified, chain) ->
            recorded(
                judged(verified, chain, call, presented, shared.observesOnly), verified, presented),
        e -> recorded(refused(e, call), e.firstBlock(), presented));
  }

  /** What a call means is for the service's own catalog to say, unless it decided otherwise. */
  private void checkMeaning(ToolCall call) {
    ToolCatalog catalog = service.rules.catalog();
    String expected = catalog == null ? null : catalog.digest();
    if (!Objects.equals(expected, call.catalogDigest())) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          expected == null
              ? "the call comes from a catalog, and the verifier has none"
              : "the call does not come from the verifier's own catalog");
    }
  }

  /** Tells the listeners what was judged, and follows it if the verifier does. */
  private CallDecision recorded(Judged judged, VerifiedChain verified, Presented presented) {
    CallDecision decision = judged.evaluated().decision();
    CallDecision recorded =
        shared.listeners.tell(
            decision,
            stands -> event(stands, verified, presented, judged, shared.observesOnly, false));
    if (recorded.allowed()) {
      if (verified instanceof HeldToken held && !shared.observesOnly) {
        held.countAllowed(recorded.chain().delegator());
      }
      return recorded;
    }
    if (decision instanceof CallDecision.Allowed allowed) {
      allowed.reservation().giveBack(); // the call was allowed, and could not be recorded
    }
    return shared.observesOnly
        ? CallDecision.Allowed.despite((CallDecision.Denied) recorded)
        : recorded;
  }

  private DecisionEvent event(
      CallDecision decision,
      VerifiedChain verified,
      Presented presented,
      Judged judged,
      boolean observed,
      boolean askedAfterNo) {
    Long since = presented.since();
    Duration took = since == null ? null : Duration.ofNanos(shared.behind.tick() - since);
    return new DecisionEvent(
        clock.instant(),
        took,
        decision,
        verified,
        service.policyDigest,
        judged,
        presented.proof(),
        observed,
        askedAfterNo);
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
    return read(
        token,
        (verified, chain) ->
            preview(judged(verified, chain, call, presented, true), verified, presented, afterNo),
        e -> preview(refused(e, call), e.firstBlock(), presented, afterNo));
  }

  private CallPreview preview(
      Judged judged, VerifiedChain verified, Presented presented, @Nullable Boolean afterNo) {
    Judged.Evaluated evaluated = judged.evaluated();
    CallDecision decision = evaluated.decision();
    if (afterNo != null) {
      boolean isAfterNo = afterNo;
      PublicKey asking = verified instanceof HeldToken held ? held.holderKey() : null;
      Judged asked = new Judged(judged.revocation(), asking, evaluated);
      shared.listeners.tellAsked(
          decision, stands -> event(stands, verified, presented, asked, false, isAfterNo));
    }
    Spending spending = Spending.of(service, decision.chain(), decision.call());
    return new CallPreview(
        decision,
        spending.left(clock.instant()),
        evaluated.approvals(),
        service.rules.approverNames());
  }

  private Judged judged(
      Objection objection,
      RevocationStep.Found revocation,
      @Nullable PublicKey proofKey,
      DelegationChain chain,
      ToolCall call) {
    CallDecision denied = objection.denied(service.audience(), call, chain);
    return new Judged(revocation, proofKey, Judged.Evaluated.of(denied));
  }

  /**
   * Takes the steps to a decision.
   *
   * @param looks whether nothing is claimed
   */
  private Judged judged(
      VerifiedChain verified,
      DelegationChain chain,
      ToolCall call,
      Presented presented,
      boolean looks) {
    RevocationStep.Found revocation = RevocationStep.Found.NOTHING;
    PublicKey proofKey = null;
    Objection objection;
    try {
      Instant now = clock.instant();
      objection = shared.firstBlocks.objection(verified, chain, now);
      if (objection == null) {
        revocation = RevocationStep.look(shared.revocations, chain, now);
        objection = revocation.objection();
      }
      Proof.Checked proof = null;
      if (objection == null && verified instanceof HeldToken held && !presented.isQuestion()) {
        proof = checked(held, presented.proof(), presented.sent(), call.sent());
        if (proof == null) {
          objection =
              Objection.of(
                  DenialCode.PROOF_REQUIRED,
                  "a held token needs its holder's proof for every call");
        } else {
          proofKey = proof.holder();
        }
      }
      if (objection == null) {
        List<JudgedApproval> sent = approvals(verified, chain, call, presented);
        objection = objection(verified, chain, call, sent);
        if (objection == null) {
          Evaluation evaluation =
              new Evaluation(
                  service,
                  verified,
                  call.facts().time(clock).audience(shared.audience).and(shared.stores),
                  new Escalation(service, chain, call, sent),
                  new Claims(service, chain, call, proof, looks));
          return new Judged(revocation, proofKey, evaluation.decide());
        }
      }
    } catch (TaperException e) {
      objection = Objection.refusing(e);
    }
    return judged(objection, revocation, proofKey, chain, call);
  }

  /** Judges the approvals that came with a held token; with another one, they count for nothing. */
  private List<JudgedApproval> approvals(
      VerifiedChain verified, DelegationChain chain, ToolCall call, Presented presented) {
    return verified instanceof HeldToken && !presented.approvals().isEmpty()
        ? new ApprovalJudge(chain, call, service.audience()).judge(presented.approvals())
        : List.of();
  }

  /** What speaks against a proven call before it is evaluated; null if nothing does. */
  private @Nullable Objection objection(
      VerifiedChain verified, DelegationChain chain, ToolCall call, List<JudgedApproval> sent) {
    if (shared.revocations != null && !sent.isEmpty()) {
      Objection unknown = RevocationStep.withdrawals(shared.revocations, sent, clock.instant());
      if (unknown != null) {
        return unknown;
      }
    }
    String heldBack = shared.listeners.holdsBack(chain);
    if (heldBack != null) {
      return Objection.of(DenialCode.HELD_BACK, heldBack);
    }
    String forbidden = OpaqueArguments.forbidden(call, verified, service.policies);
    return forbidden == null ? null : Objection.of(DenialCode.ARGUMENT_OPAQUE, forbidden);
  }

  /** Checks a proof; null without one. */
  private Proof.@Nullable Checked checked(
      HeldToken held, @Nullable Proof proof, SentApprovals approvals, @Nullable SentCall sent) {
    if (proof == null) {
      return null;
    }
    Proof.Subject subject = new Proof.Subject(held.stateDigest(), shared.audience, approvals, sent);
    return proof.check(held.holderKey(), subject, shared.proofs);
  }

  /**
   * What of the catalog a chain alone does not exclude, for a caller that proves to hold it.
   *
   * @param sent what was sent, whose proof is used; null for a question
   */
  ToolOffer offer(Supplier<VerifiedChain> token, @Nullable SentCall sent, @Nullable Proof proof) {
    return offer(
        token,
        (verified, chain) ->
            nothing(verified, chain, proof, SentApprovals.NONE, sent, sent != null));
  }

  /** The same for a holder who proved that before. */
  ToolOffer standing(Supplier<VerifiedChain> token) {
    return offer(
        token,
        (verified, chain) -> {
          ToolOffer nothing = nothing(verified, chain);
          String heldBack = nothing == null ? shared.listeners.holdsBack(chain) : null;
          return heldBack == null ? nothing : ToolOffer.refused(DenialCode.HELD_BACK, heldBack);
        });
  }

  private ToolOffer offer(
      Supplier<VerifiedChain> token,
      BiFunction<VerifiedChain, DelegationChain, @Nullable ToolOffer> refusal) {
    ToolCatalog tools = service.rules.catalog();
    if (tools == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a verifier without a catalog has no tools to offer");
    }
    return read(
        token,
        (verified, chain) -> {
          ToolOffer nothing = refusal.apply(verified, chain);
          if (nothing != null) {
            return nothing;
          }
          CallFacts known =
              CallFacts.none().time(clock).audience(shared.audience).and(shared.stores);
          return OfferSearch.search(
              chain, tools, chain.facts(known, service.rules.directory()), shared.limits);
        },
        e -> e.objection().offer());
  }

  /** Why the sender of something is not taken for the token's holder; null if it is. */
  @Nullable DenialCode unproven(
      Supplier<VerifiedChain> token, SentCall sent, Presented presented, boolean used) {
    ToolOffer nothing =
        this.<@Nullable ToolOffer>read(
            token,
            (verified, chain) ->
                nothing(verified, chain, presented.proof(), presented.sent(), sent, used),
            e -> e.objection().offer());
    return nothing == null ? null : nothing.code();
  }

  /** Why every call with a token would be refused, by any caller; null if it is good. */
  private @Nullable ToolOffer nothing(VerifiedChain verified, DelegationChain chain) {
    Instant now = clock.instant();
    Objection objection = shared.firstBlocks.objection(verified, chain, now);
    if (objection == null) {
      try {
        objection = RevocationStep.look(shared.revocations, chain, now).objection();
      } catch (TaperException e) {
        return ToolOffer.refused(e);
      }
    }
    return objection == null ? null : objection.offer();
  }

  /**
   * Why every call of whoever presents a token would be refused; null if it is the holder, or needs
   * not to be. Unless the proof is to be used, the answer is the same while its window lasts.
   */
  private @Nullable ToolOffer nothing(
      VerifiedChain verified,
      DelegationChain chain,
      @Nullable Proof proof,
      SentApprovals approvals,
      @Nullable SentCall sent,
      boolean used) {
    ToolOffer nothing = nothing(verified, chain);
    if (nothing != null || !(verified instanceof HeldToken held)) {
      return nothing;
    }
    try {
      Proof.Checked good = checked(held, proof, approvals, sent);
      if (good == null) {
        return ToolOffer.refused(
            DenialCode.PROOF_REQUIRED, "a held token needs its holder's proof to be asked about");
      }
      if (used) {
        good.claim(chain.memoryShare());
      }
      return null;
    } catch (TaperException e) {
      return ToolOffer.refused(e);
    }
  }
}
