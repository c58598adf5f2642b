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
      Map.ofEntries(
          Map.entry("keys", KeyRunner::key),
          Map.entry("signatures", KeyRunner::signature),
          Map.entry("tokens", TokenRunner::run),
          Map.entry("requests", RequestRunner::request),
          Map.entry("catalogs", CatalogRunner::catalog),
          Map.entry("shown-calls", CatalogRunner::shownCall),
          Map.entry("meanings", CatalogRunner::meanings),
          Map.entry("proofs", RequestRunner::proof),
          Map.entry("decisions", DecisionRunner::run),
          Map.entry("offers", OfferRunner::run),
          Map.entry("shares", ShareRunner::run),
          Map.entry("approvals", RequestRunner::approval),
          Map.entry("approval-requests", RequestRunner::approvalRequest),
          Map.entry("fingerprints", RevocationRunner::fingerprint),
          Map.entry("revocations", RevocationRunner::list),
          Map.entry("names", NamesRunner::run),
          Map.entry("audit", AuditRunner::run));

  private Runners() {}

  static Map<String, Runner> all() {
    return BY_KIND;
  }
}
