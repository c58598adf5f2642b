package dev.taper.audit;

import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.crypto.PublicKey;
import dev.taper.token.Token;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision rests on. Immutable and thread-safe. */
public final class AuditBasis {
  private final Builder parts; // nobody changes them

  private AuditBasis(Builder stated) {
    this.parts = new Builder(stated);
    if (parts.decider != null) {
      Checked.natural(parts.decider.index(), "the index of what decided");
      Checked.naturalOrNull(parts.decider.block(), "the block that decided");
      Checked.textOrNull(parts.decider.part(), "the part that decided");
    }
    if (parts.catalog != null) {
      Checked.hex(parts.catalog, 32, "the digest of the catalog");
    }
    Checked.hex(parts.policy, 32, "the digest of the policies");
    Checked.naturalOrNull(parts.failingHop, "the failing hop");
    Checked.naturalOrNull(parts.omitted, "how many denials were left out");
    Checked.naturalOrNull(parts.revocationSequence, "the sequence of the revocation list");
    Checked.naturalOrNull(parts.revocationAgeMillis, "the age of the revocation list");
    parts.approvals.forEach(name -> Checked.text(name, "an approval's name"));
    parts.justified.forEach(reason -> Checked.text(reason, "a reason"));
    parts.budgets.forEach(counter -> Checked.hex(counter, 32, "a budget's counter"));
  }

  /** Why the call was denied; null if it was allowed. */
  public @Nullable DenialCode code() {
    return parts.code;
  }

  /** The index of the block that refused it, or null. */
  public @Nullable Integer failingHop() {
    return parts.failingHop;
  }

  /**
   * How many denials like this one were left out of the log before it, so that nobody can fill it;
   * null for none.
   */
  public @Nullable Long omitted() {
    return parts.omitted;
  }

  /** The SHA-256 digest of the service's policies, 64 hex digits. */
  public String policy() {
    return parts.policy;
  }

  /**
   * Which policy of the service or which check decided; null if none did, or the record is short.
   */
  public CallDecision.@Nullable Decider decider() {
    return parts.decider;
  }

  /** The kind of the token. */
  public Token.Kind presented() {
    return parts.presented;
  }

  /** The root key that signed the token. */
  public PublicKey rootKey() {
    return parts.rootKey;
  }

  /** The key whose proof was good; null if nothing shows who made the call. */
  public @Nullable PublicKey proofKey() {
    return parts.proofKey;
  }

  /** The sequence of the revocation list that was asked, or null. */
  public @Nullable Long revocationSequence() {
    return parts.revocationSequence;
  }

  /** How old that list was, in milliseconds, or null. */
  public @Nullable Long revocationAgeMillis() {
    return parts.revocationAgeMillis;
  }

  /** The names of the approvals that counted: the approver's key, a space, the id in hex. */
  public List<String> approvals() {
    return parts.approvals;
  }

  /** The reasons of the justifications that counted. */
  public List<String> justified() {
    return parts.justified;
  }

  /** The counters of budgets that the call was charged to, 64 hex digits each. */
  public List<String> budgets() {
    return parts.budgets;
  }

  /** The SHA-256 digest of the catalog that said what the call means, 64 hex digits, or null. */
  public @Nullable String catalog() {
    return parts.catalog;
  }

  /**
   * True if the service only observed: whatever was decided, the call went ahead, and nothing was
   * claimed for it.
   */
  public boolean isObserved() {
    return parts.observed;
  }

  /**
   * True if the shared replay memory did not answer, and the service took the proof because it did
   * not take it before itself: another one may have.
   */
  public boolean isAlone() {
    return parts.alone;
  }

  /** True if the token's holder is known to have made the call. */
  public boolean isProven() {
    return parts.proofKey != null;
  }

  /** Adds how many denials were left out before it. */
  AuditBasis omitted(long count) {
    return new Builder(parts).omitted(count == 0 ? null : count).build();
  }

  /** Drops what the caller may have made up. */
  AuditBasis brief() {
    return new Builder(parts).activations(List.of(), List.of()).decider(null).build();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof AuditBasis other && parts.all().equals(other.parts.all());
  }

  @Override
  public int hashCode() {
    return parts.all().hashCode();
  }

  /** What was decided, and by which policies. */
  @Override
  public String toString() {
    return (parts.code == null ? "allowed" : parts.code.text())
        + (parts.observed ? ", only observed," : parts.alone ? ", alone," : "")
        + " by the policies "
        + parts.policy;
  }

  /** Collects the parts. For one thread. */
  static final class Builder {
    private final String policy;
    private final Token.Kind presented;
    private final PublicKey rootKey;
    private @Nullable DenialCode code;
    private @Nullable Integer failingHop;
    private @Nullable Long omitted;
    private @Nullable PublicKey proofKey;
    private @Nullable Long revocationSequence;
    private @Nullable Long revocationAgeMillis;
    private List<String> approvals = List.of();
    private List<String> justified = List.of();
    private List<String> budgets = List.of();
    private @Nullable String catalog;
    private boolean observed;
    private boolean alone;
    private CallDecision.@Nullable Decider decider;

    Builder(String policy, Token.Kind presented, PublicKey rootKey) {
      this.policy = policy;
      this.presented = presented;
      this.rootKey = rootKey;
    }

    private Builder(Builder from) {
      this(from.policy, from.presented, from.rootKey);
      code = from.code;
      failingHop = from.failingHop;
      omitted = from.omitted;
      proofKey = from.proofKey;
      revocationSequence = from.revocationSequence;
      revocationAgeMillis = from.revocationAgeMillis;
      approvals = List.copyOf(from.approvals);
      justified = List.copyOf(from.justified);
      budgets = List.copyOf(from.budgets);
      catalog = from.catalog;
      observed = from.observed;
      alone = from.alone;
      decider = from.decider;
    }

    private List<@Nullable Object> all() {
      return Arrays.asList(
          code,
          failingHop,
          omitted,
          policy,
          presented,
          rootKey,
          proofKey,
          revocationSequence,
          revocationAgeMillis,
          approvals,
          justified,
          budgets,
          catalog,
          observed,
          alone,
          decider);
    }

    Builder denied(@Nullable DenialCode why, @Nullable Integer hop) {
      code = why;
      failingHop = hop;
      return this;
    }

    Builder omitted(@Nullable Long count) {
      omitted = count;
      return this;
    }

    Builder proof(@Nullable PublicKey key) {
      proofKey = key;
      return this;
    }

    Builder revocation(@Nullable Long sequence, @Nullable Long ageMillis) {
      revocationSequence = sequence;
      revocationAgeMillis = ageMillis;
      return this;
    }

    Builder activations(List<String> approvalNames, List<String> reasons) {
      approvals = approvalNames;
      justified = reasons;
      return this;
    }

    Builder budgets(List<String> counters) {
      budgets = counters;
      return this;
    }

    Builder catalog(@Nullable String digest) {
      catalog = digest;
      return this;
    }

    Builder observed(boolean only) {
      observed = only;
      return this;
    }

    Builder alone(boolean unshared) {
      alone = unshared;
      return this;
    }

    Builder decider(CallDecision.@Nullable Decider what) {
      decider = what;
      return this;
    }

    /**
     * Builds the basis.
     *
     * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#MALFORMED_AUDIT_RECORD} if a part
     *     is out of its range
     */
    AuditBasis build() {
      return new AuditBasis(this);
    }
  }
}
