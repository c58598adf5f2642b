package dev.taper.audit;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Lifetime;
import dev.taper.revocation.Fingerprint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects the parts of an {@link AuditEvent}. For one thread. */
final class AuditEventBuilder {
  final AuditKind kind;
  final Instant time;
  @Nullable String by;
  @Nullable String delegator;
  @Nullable String task;
  @Nullable String purpose;
  @Nullable String token;
  List<AuditHop> hops = List.of();
  AuditEvent.@Nullable Call call;
  @Nullable AuditBasis basis;
  AuditEvent.@Nullable Subject subject;

  AuditEventBuilder(AuditKind kind, Instant time) {
    this.kind = kind;
    this.time = time;
  }

  /** A copy of what an event may state, within its limits. */
  AuditEventBuilder(AuditEventBuilder from) {
    this(from.kind, Checked.time(from.time));
    by = from.by;
    delegator = from.delegator;
    task = from.task;
    purpose =
        from.purpose == null ? null : ShortText.of(from.purpose, AuditEvent.Subject.MAX_REASON);
    token = from.token;
    hops = List.copyOf(from.hops);
    call = from.call;
    basis = from.basis;
    subject = from.subject;
  }

  /** All parts, for comparing events. */
  List<@Nullable Object> all() {
    return Arrays.asList(
        kind, time, by, delegator, task, purpose, token, hops, call, basis, subject);
  }

  AuditEventBuilder by(@Nullable String who) {
    by = who;
    return this;
  }

  AuditEventBuilder delegator(@Nullable String name) {
    delegator = name;
    return this;
  }

  AuditEventBuilder task(@Nullable String id) {
    task = id;
    return this;
  }

  AuditEventBuilder purpose(@Nullable String words) {
    purpose = words;
    return this;
  }

  AuditEventBuilder token(@Nullable String digest) {
    token = digest;
    return this;
  }

  AuditEventBuilder hops(List<AuditHop> steps) {
    hops = steps;
    return this;
  }

  AuditEventBuilder call(AuditEvent.@Nullable Call aCall) {
    call = aCall;
    return this;
  }

  AuditEventBuilder basis(@Nullable AuditBasis ofDecision) {
    basis = ofDecision;
    return this;
  }

  AuditEventBuilder subject(AuditEvent.@Nullable Subject aSubject) {
    subject = aSubject;
    return this;
  }

  AuditEventBuilder chain(
      DelegationChain chain,
      List<String> digests,
      List<byte[]> revocationKeys,
      Predicate<String> describe) {
    List<AuditHop> steps = new ArrayList<>(digests.size());
    List<EffectiveAuthority> left = null; // worked out only if something in the chain is new
    boolean first = false;
    Instant end = null;
    for (int i = 0; i < digests.size(); i++) {
      DelegationHop hop = chain.hops().get(i);
      end = Lifetime.earlier(end, hop.expiry());
      String fingerprint = null;
      String granted = null;
      if (describe.test(digests.get(i))) {
        first |= i == 0;
        left = left == null ? chain.effectiveAuthorities() : left;
        fingerprint = Fingerprint.ofBlock(revocationKeys.get(i)).toString();
        granted = hop.words(left.get(i), AuditHop.MAX_GRANTED);
      }
      steps.add(
          new AuditHop(
              hop.block(),
              hop.mode(),
              hop.grantor(),
              hop.holder(),
              hop.holderKey(),
              digests.get(i),
              fingerprint,
              end,
              granted));
    }
    return delegator(chain.delegator())
        .task(chain.task().id())
        .purpose(first ? chain.task().purpose() : null)
        .token(digests.get(digests.size() - 1))
        .hops(steps);
  }

  /**
   * Builds the event.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if a part
   *     is out of its range, or the kind is one of a log's own
   */
  AuditEvent build() {
    return new AuditEvent(this);
  }
}
