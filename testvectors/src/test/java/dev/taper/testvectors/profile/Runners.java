package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Who runs the cases of which kind of file, through nothing but the engine's public API. */
final class Runners {
  /** Runs one case. */
  @FunctionalInterface
  interface Runner {
    void run(JsonNode one);
  }

  private static final Map<String, Runner> BY_KIND =
      Map.of(
          "keys", KeyRunner::key,
          "signatures", KeyRunner::signature,
          "tokens", TokenRunner::run,
          "requests", RequestRunner::request,
          "proofs", RequestRunner::proof,
          "decisions", DecisionRunner::run,
          "approval-requests", RequestRunner::approvalRequest,
          "fingerprints", RevocationRunner::fingerprint,
          "revocations", RevocationRunner::list,
          "audit", AuditRunner::run);

  private Runners() {}

  static Map<String, Runner> all() {
    return BY_KIND;
  }
}
