package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** What a verifier of the engine forgets, or nothing; the comparison has to notice each. */
@SuppressWarnings("ImmutableEnumChecker") // what changes a configuration keeps nothing
enum Planted {
  NOTHING(verifier -> {}, Set.of(), Set.of()),
  /** Its clock is a second behind, so that ends are a second later. */
  LATE(
      verifier -> {},
      Set.of("expired", "proof_expired", "approval_expired", "justification_expired"),
      Set.of("not_yet_valid", "proof_not_yet_valid")),
  /** It does not ask for a proof. */
  NO_PROOF(
      verifier -> {},
      Set.of(
          "malformed_holder_proof",
          "proof_expired",
          "proof_mismatch",
          "proof_not_yet_valid",
          "proof_replayed",
          "proof_required",
          "request_mismatch"),
      Set.of()),
  /** It has another name. */
  OTHER_AUDIENCE(
      verifier -> verifier.put("audience", "svc:wiki"),
      Set.of(),
      Set.of("request_mismatch", "wrong_audience")),
  /** It knows nothing that was revoked. */
  NOTHING_REVOKED(
      verifier -> verifier.remove("revocations"),
      Set.of(
          "revoked",
          "revocations_not_yet_valid",
          "revocation_stale",
          "revocation_unavailable",
          "approval_withdrawn"),
      Set.of()),
  /** It starts anew for each call, and remembers no use. */
  USES_FORGOTTEN(
      verifier -> {}, Set.of("approval_used", "budget_exhausted", "proof_replayed"), Set.of()),
  /** It takes tokens that anybody may use. */
  BEARERS(verifier -> verifier.put("bearer", true), Set.of("bearer_not_accepted"), Set.of()),
  /** It leaves out the service's own policies. */
  NO_POLICIES(
      verifier -> verifier.remove("policies"),
      Set.of("check_failed", "no_matching_policy", "policy_denied"),
      Set.of());

  private final Consumer<ObjectNode> change;

  /** What the other implementation says where this one does not: what was forgotten. */
  private final Set<String> missing;

  /** What this one says where the other one does not. */
  private final Set<String> added;

  Planted(Consumer<ObjectNode> change, Set<String> missing, Set<String> added) {
    this.change = change;
    this.missing = missing;
    this.added = added;
  }

  /** Whether a difference is what this fault makes, and not just any. */
  boolean explains(String ours, String theirs) {
    return !ours.equals(theirs) && (missing.contains(theirs) || added.contains(ours));
  }

  /** What the verifier is told. */
  ObjectNode config(ObjectNode config) {
    ObjectNode copy = config.deepCopy();
    change.accept(copy);
    return copy;
  }

  /** How far its clock is behind. */
  Duration behind() {
    return this == LATE ? Duration.ofSeconds(1) : Duration.ZERO;
  }

  /** Whether it says what it would decide, whoever asks. */
  boolean previews() {
    return this == NO_PROOF;
  }

  /** Whether it forgets after each call. */
  boolean forgets() {
    return this == USES_FORGOTTEN;
  }
}
