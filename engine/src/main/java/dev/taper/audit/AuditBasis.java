package dev.taper.audit;

import dev.taper.agent.CallDecision;
import dev.taper.agent.DenialCode;
import dev.taper.crypto.PublicKey;
import dev.taper.token.Token;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision rests on. Immutable and thread-safe. */
public final class AuditBasis {
  private final @Nullable DenialCode code;
  private final @Nullable Integer failingHop;
  private final @Nullable Long omitted;
  private final String policy;
  private final Token.Kind presented;
  private final PublicKey rootKey;
  private final @Nullable PublicKey proofKey;
  private final @Nullable Long revocationSequence;
  private final @Nullable Long revocationAgeMillis;
  private final List<String> approvals;
  private final List<String> justified;
  private final List<String> budgets;
  private final @Nullable String catalog;
  private final boolean observed;
  private final boolean alone;
  private final CallDecision.@Nullable Decider decider;

  private AuditBasis(Builder b) {
    this.code = b.code;
    this.failingHop = b.failingHop;
    this.omitted = b.omitted;
    this.policy = b.policy;
    this.presented = b.presented;
    this.rootKey = b.rootKey;
    this.proofKey = b.proofKey;
    this.revocationSequence = b.revocationSequence;
    this.revocationAgeMillis = b.revocationAgeMillis;
    this.approvals = List.copyOf(b.approvals);
    this.justified = List.copyOf(b.justified);
    this.budgets = List.copyOf(b.budgets);
    this.catalog = b.catalog;
    this.observed = b.observed;
    this.alone = b.alone;
    this.decider = b.decider;
    if (decider != null) {
      Checked.natural(decider.index(), "the index of what decided");
      Checked.naturalOrNull(decider.block(), "the block that decided");
      Checked.textOrNull(decider.part(), "the part that decided");
    }
    if (catalog != null) {
      Checked.hex(catalog, 32, "the digest of the catalog");
    }
    Checked.hex(policy, 32, "the digest of the policies");
    Checked.naturalOrNull(failingHop, "the failing hop");
    Checked.naturalOrNull(omitted, "how many denials were left out");
    Checked.naturalOrNull(revocationSequence, "the sequence of the revocation list");
    Checked.naturalOrNull(revocationAgeMillis, "the age of the revocation list");
    approvals.forEach(name -> Checked.text(name, "an approval's name"));
    justified.forEach(reason -> Checked.text(reason, "a reason"));
    budgets.forEach(counter -> Checked.hex(counter, 32, "a budget's counter"));
  }

  /** Why the call was denied; null if it was allowed. */
  public @Nullable DenialCode code() {
    return code;
  }

  /** The index of the block that refused it, or null. */
  public @Nullable Integer failingHop() {
    return failingHop;
  }

  /**
   * How many denials like this one were left out of the log before it, so that nobody can fill it;
   * null for none.
   */
  public @Nullable Long omitted() {
    return omitted;
  }

  /** The SHA-256 digest of the service's policies, 64 hex digits. */
  public String policy() {
    return policy;
  }

  /**
   * Which policy of the service or which check decided; null if none did, or the record is short.
   */
  public CallDecision.@Nullable Decider decider() {
    return decider;
  }

  /** The kind of the token. */
  public Token.Kind presented() {
    return presented;
  }

  /** The root key that signed the token. */
  public PublicKey rootKey() {
    return rootKey;
  }

  /** The key whose proof was good; null if nothing shows who made the call. */
  public @Nullable PublicKey proofKey() {
    return proofKey;
  }

  /** The sequence of the revocation list that was asked, or null. */
  public @Nullable Long revocationSequence() {
    return revocationSequence;
  }

  /** How old that list was, in milliseconds, or null. */
  public @Nullable Long revocationAgeMillis() {
    return revocationAgeMillis;
  }

  /** The names of the approvals that counted: the approver's key, a space, the id in hex. */
  public List<String> approvals() {
    return approvals;
  }

  /** The reasons of the justifications that counted. */
  public List<String> justified() {
    return justified;
  }

  /** The counters of budgets that the call was charged to, 64 hex digits each. */
  public List<String> budgets() {
    return budgets;
  }

  /** The SHA-256 digest of the catalog that said what the call means, 64 hex digits, or null. */
  public @Nullable String catalog() {
    return catalog;
  }

  /**
   * True if the service only observed: whatever was decided, the call went ahead, and nothing was
   * claimed for it.
   */
  public boolean isObserved() {
    return observed;
  }

  /**
   * True if the shared replay memory did not answer, and the service took the proof because it did
   * not take it before itself: another one may have.
   */
  public boolean isAlone() {
    return alone;
  }

  /** True if the token's holder is known to have made the call. */
  public boolean isProven() {
    return proofKey != null;
  }

  /** Adds how many denials were left out before it. */
  AuditBasis omitted(long count) {
    return toBuilder().omitted(count == 0 ? null : count).build();
  }

  /** Drops what the caller may have made up. */
  AuditBasis brief() {
    return toBuilder().activations(List.of(), List.of()).decider(null).build();
  }

  private Builder toBuilder() {
    return new Builder(policy, presented, rootKey)
        .denied(code, failingHop)
        .omitted(omitted)
        .proof(proofKey)
        .revocation(revocationSequence, revocationAgeMillis)
        .activations(approvals, justified)
        .budgets(budgets)
        .catalog(catalog)
        .observed(observed)
        .alone(alone)
        .decider(decider);
  }

  private List<@Nullable Object> parts() {
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

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof AuditBasis other && parts().equals(other.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  /** What was decided, and by which policies. */
  @Override
  public String toString() {
    return (code == null ? "allowed" : code.text())
        + (observed ? ", only observed," : alone ? ", alone," : "")
        + " by the policies "
        + policy;
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
