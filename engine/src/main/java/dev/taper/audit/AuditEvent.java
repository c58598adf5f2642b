package dev.taper.audit;

import dev.taper.agent.AgentToken;
import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.agent.DenialCode;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to authority: it was granted, used, refused, approved, revoked, reviewed.
 * Holds names, keys and digests; never a token, an argument's value or a secret. Immutable and
 * thread-safe.
 *
 * @param kind what happened; none of those that a log writes about itself
 * @param time when, to the millisecond
 * @param by who did it, or null if the record does not say: a name or a key
 * @param delegator whose authority it is, or null
 * @param task what it is for, or null
 * @param purpose the task in words, or null
 * @param token the digest of the token's last block, 64 hex digits, or null
 * @param hops the token's chain, the authority block first; empty if there is no token
 * @param call the call, or null
 * @param grounds what a decision rests on; null unless the kind is a decision
 * @param subject what else it is about, or null
 */
public record AuditEvent(
    AuditKind kind,
    Instant time,
    @Nullable String by,
    @Nullable String delegator,
    @Nullable String task,
    @Nullable String purpose,
    @Nullable String token,
    List<AuditHop> hops,
    @Nullable AuditCall call,
    @Nullable AuditBasis grounds,
    @Nullable AuditSubject subject)
    implements AuditContent {
  /**
   * Checks and copies the parts.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if one is
   *     out of its range, or the kind is one of a log's own
   */
  public AuditEvent {
    if (kind.ofTheLog()) {
      throw Checked.malformed("only a log itself writes a record of the kind " + kind.text());
    }
    time = Checked.time(time);
    Checked.textOrNull(by, "who did it");
    Checked.textOrNull(delegator, "the delegator");
    Checked.textOrNull(task, "the task");
    purpose = purpose == null ? null : ShortText.of(purpose, AuditSubject.MAX_REASON);
    if (token != null) {
      Checked.hex(token, 32, "the token's digest");
    }
    hops = List.copyOf(hops);
  }

  /** An event of which nothing is known yet but what and when. */
  public static AuditEvent of(AuditKind kind, Instant time) {
    return new AuditEvent(kind, time, null, null, null, null, null, List.of(), null, null, null);
  }

  /** A verifier's decision, with what every block leaves. */
  public static AuditEvent decided(DecisionEvent event) {
    return decided(event, digest -> true);
  }

  /**
   * A verifier's decision. A denial of a call that nobody proved to make is recorded in short: the
   * token's digest, the tool and why; whoever got hold of a token can make any number of those.
   *
   * @param event the decision
   * @param describe whether to say what is left after the block of that digest
   */
  public static AuditEvent decided(DecisionEvent event, Predicate<String> describe) {
    if (!event.decision().allowed() && !event.isProven()) {
      return brief(event);
    }
    return of(event.decision().allowed() ? AuditKind.ALLOW : AuditKind.DENY, event.time())
        .chain(event.chain(), hex(event.blockDigests()), event.revocationKeys(), describe)
        .call(AuditCall.of(event.decision().audience(), event.decision().call()))
        .grounds(grounds(event));
  }

  /** A denial in short. */
  static AuditEvent brief(DecisionEvent event) {
    List<byte[]> digests = event.blockDigests();
    CallDecision decision = event.decision();
    AuditCall call = new AuditCall(decision.audience(), decision.call().tool(), null, null, null);
    return new AuditEvent(
        AuditKind.DENY,
        event.time(),
        null,
        null,
        event.chain().task().id(),
        null,
        HexFormat.of().formatHex(digests.get(digests.size() - 1)),
        List.of(),
        call,
        grounds(event).brief(),
        null);
  }

  private static AuditBasis grounds(DecisionEvent event) {
    CallDecision decision = event.decision();
    DelegationHop failing = decision.failingHop();
    Duration age = event.revocationAge();
    return new AuditBasis(
        decision.code(),
        failing == null ? null : failing.block(),
        null,
        HexFormat.of().formatHex(event.policyDigest()),
        event.chain().kind(),
        event.rootKey(),
        decision.allowed() || event.isProven() ? event.proofKey() : null,
        event.revocationSequence(),
        age == null ? null : Math.max(0, age.toMillis()), // clocks differ
        event.approvals(),
        event.justifications());
  }

  /**
   * A token was minted.
   *
   * @param token the new token
   * @param time when
   */
  public static AuditEvent minted(AgentToken token, Instant time) {
    return of(AuditKind.MINT, time).about(token).by(token.chain().delegator());
  }

  /**
   * A token was handed on or narrowed, by the holder before.
   *
   * @param token the new token
   * @param time when
   */
  public static AuditEvent delegated(AgentToken token, Instant time) {
    List<DelegationHop> hops = token.chain().hops();
    return of(AuditKind.DELEGATE, time).about(token).by(hops.get(hops.size() - 1).grantor());
  }

  /** The same, done by someone: a name or a key. */
  public AuditEvent by(@Nullable String who) {
    return new AuditEvent(
        kind, time, who, delegator, task, purpose, token, hops, call, grounds, subject);
  }

  /** The same, for a task. */
  public AuditEvent task(String id) {
    return new AuditEvent(
        kind, time, by, delegator, id, purpose, token, hops, call, grounds, subject);
  }

  /** The same, about a token and all that its blocks grant. */
  public AuditEvent about(AgentToken aToken) {
    return chain(
        aToken.chain(), hex(aToken.blockDigests()), aToken.revocationKeys(), digest -> true);
  }

  /** The same, about a call. */
  public AuditEvent call(AuditCall aCall) {
    return new AuditEvent(
        kind, time, by, delegator, task, purpose, token, hops, aCall, grounds, subject);
  }

  /** The same, about something that is no token. */
  public AuditEvent subject(AuditSubject aSubject) {
    return new AuditEvent(
        kind, time, by, delegator, task, purpose, token, hops, call, grounds, aSubject);
  }

  /** The same decision, but refused for a reason that the verifier did not know. */
  public AuditEvent denied(DenialCode code) {
    AuditBasis refused = grounds == null ? null : grounds.denied(code);
    AuditEvent denied =
        new AuditEvent(
            AuditKind.DENY,
            time,
            by,
            delegator,
            task,
            purpose,
            token,
            hops,
            call,
            refused,
            subject);
    return refused == null || refused.isProven() ? denied : denied.brief();
  }

  private AuditEvent brief() {
    return new AuditEvent(
        kind,
        time,
        null,
        null,
        task,
        null,
        token,
        List.of(),
        call == null ? null : call.brief(),
        grounds == null ? null : grounds.brief(),
        null);
  }

  /** The same with how many denials like it were left out of the log before it. */
  AuditEvent omitted(long count) {
    return grounds == null ? this : grounds(grounds.omitted(count));
  }

  private AuditEvent grounds(AuditBasis someGrounds) {
    return new AuditEvent(
        kind, time, by, delegator, task, purpose, token, hops, call, someGrounds, subject);
  }

  private AuditEvent chain(
      DelegationChain chain,
      List<String> digests,
      List<byte[]> revocationKeys,
      Predicate<String> describe) {
    List<AuditHop> steps = new ArrayList<>(digests.size());
    List<EffectiveAuthority> scopes = null; // only a chain of which something is new is worked out
    boolean first = false;
    Instant end = null;
    for (int i = 0; i < digests.size(); i++) {
      DelegationHop hop = chain.hops().get(i);
      end = Lifetime.earlier(end, hop.expiry());
      boolean described = describe.test(digests.get(i));
      first |= i == 0 && described;
      if (described && scopes == null) {
        scopes = chain.scopes();
      }
      steps.add(
          AuditHop.of(
              hop,
              digests.get(i),
              revocationKeys.get(i),
              end,
              described && scopes != null ? scopes.get(i) : null));
    }
    return new AuditEvent(
        kind,
        time,
        by,
        chain.delegator(),
        chain.task().id(),
        first ? chain.task().purpose() : null,
        digests.get(digests.size() - 1),
        steps,
        call,
        grounds,
        subject);
  }

  private static List<String> hex(List<byte[]> digests) {
    List<String> texts = new ArrayList<>(digests.size());
    for (byte[] digest : digests) {
      texts.add(HexFormat.of().formatHex(digest));
    }
    return texts;
  }

  /** The text of the named parts that say which event it is. */
  @Override
  public String toString() {
    return time + " " + kind.text() + (task == null ? "" : " " + task);
  }
}
