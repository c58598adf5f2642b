package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the published files: the same bytes each time. */
final class ProfileFiles {
  private ProfileFiles() {}

  /** The files by name. */
  static Map<String, byte[]> generate() {
    Map<String, JsonNode> files = new LinkedHashMap<>();
    files.put("keys.json", KeyCases.keys());
    files.put("signatures.json", KeyCases.signatures());
    files.put("tokens.json", TokenCases.file());
    files.put("tokens-refused.json", RefusedTokenCases.file());
    files.put("tokens-malformed.json", ByteCases.file());
    files.put("requests.json", RequestCases.good());
    files.put("requests-refused.json", RequestCases.bad());
    files.put("catalogs.json", CatalogCases.file());
    files.put("shown-calls.json", ShownCallCases.file());
    files.put("meanings.json", MeaningCases.good());
    files.put("meanings-refused.json", MeaningCases.bad());
    files.put("proofs.json", ProofCases.file());
    files.put("proofs-sent.json", SentProofCases.file());
    files.put("decisions.json", DecisionCases.file());
    files.put("decisions-scope.json", ScopeCases.file());
    files.put("decisions-catalog.json", CatalogDecisionCases.file());
    files.put("decisions-escalation.json", EscalationCases.file());
    files.put("decisions-budgets.json", BudgetCases.file());
    files.put("decisions-revocation.json", RevocationCases.decisions());
    files.put("decisions-preview.json", PreviewCases.file());
    files.put("offers.json", OfferCases.file());
    files.put("shares.json", ShareCases.file());
    files.put("approvals.json", ApprovalCases.file());
    files.put("approval-requests.json", ApprovalRequestCases.file());
    files.put("fingerprints.json", RevocationCases.fingerprints());
    files.put("revocations.json", RevocationCases.lists());
    files.put("names.json", NamesCases.file());
    files.put("audit.json", AuditCases.file());
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, file) -> bytes.put(name, Json.write(file)));
    return bytes;
  }
}
