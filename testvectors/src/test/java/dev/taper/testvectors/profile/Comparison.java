package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** Whether two results say the same, and where a code may be another. */
final class Comparison {
  /** What a comparison finds. */
  enum Relation {
    SAME,
    /** Both refuse, with different codes of one step: the input is wrong in several ways. */
    ANOTHER_CODE,
    DIFFERENT
  }

  /**
   * Codes of one step. Input that is wrong in several ways has the code of any of them, but of an
   * earlier step before a later one (docs/profile.md, section 15).
   */
  private static final List<Set<String>> STEPS =
      List.of(
          Set.of(
              "invalid_request",
              "ambiguous_resource",
              "ambiguous_url",
              "ambiguous_path",
              "invalid_argument_value",
              "invalid_argument_type",
              "unknown_argument",
              "unknown_tool"),
          Set.of(
              "malformed_token",
              "invalid_base64",
              "invalid_key",
              "malformed_holder_proof",
              "malformed_approval",
              "unsupported_version",
              "decode_limit"),
          Set.of("invalid_signature", "malformed_signature", "invalid_proof"),
          Set.of(
              "malformed_block",
              "unknown_symbol",
              "symbol_table_overlap",
              "public_key_table_overlap",
              "unknown_scope_key",
              "unsupported_version",
              "feature_not_in_version",
              "decode_limit",
              "invalid_block_rule",
              "invalid_key"),
          Set.of(
              "malformed_revocations",
              "unknown_revocation_key",
              "invalid_signature",
              "decode_limit",
              "revocations_not_yet_valid",
              "revocations_rolled_back",
              "revocations_incomplete",
              "revocations_dropped"));

  /** Codes of calls that the chain allows: what a Biscuit library knows nothing of. */
  private static final Set<String> BEYOND_DATALOG = Set.of("budget_exhausted", "budget_amount");

  /** Codes of tokens that a Biscuit library has to refuse as well. */
  private static final Set<String> FORGED =
      Set.of("invalid_signature", "malformed_signature", "invalid_proof");

  private Comparison() {}

  /** Compares what the engine and the implementation in {@code node} made of a case. */
  static Relation ofBoth(JsonNode ours, JsonNode theirs) {
    // Read from text, so that numbers are of one size.
    JsonNode same = Json.read(RandomText.utf8(ours.toString()));
    if (same.equals(theirs)) {
      return Relation.SAME;
    }
    if (!same.isArray()) {
      return ofOne(same, theirs);
    }
    for (int i = 0; i < same.size(); i++) {
      if (!theirs.has(i) || ofOne(same.get(i), theirs.get(i)) == Relation.DIFFERENT) {
        return Relation.DIFFERENT;
      }
    }
    return same.size() == theirs.size() ? Relation.ANOTHER_CODE : Relation.DIFFERENT;
  }

  private static Relation ofOne(JsonNode ours, JsonNode theirs) {
    if (ours.equals(theirs)) {
      return Relation.SAME;
    }
    String our = code(ours);
    String their = code(theirs);
    boolean oneStep = STEPS.stream().anyMatch(step -> step.contains(our) && step.contains(their));
    return oneStep && !our.equals(their) ? Relation.ANOTHER_CODE : Relation.DIFFERENT;
  }

  private static String code(JsonNode result) {
    return (result.has("expect") ? result.get("expect") : result).path("code").asText("");
  }

  /**
   * Compares a decision with that of the official implementation. It reads what the profile
   * refuses, and some of what is read strictly here; but it takes all that is taken here, refuses
   * what is forged, and decides alike.
   */
  static Relation ofOfficial(JsonNode ours, JsonNode theirs) {
    JsonNode expect = ours.path("expect");
    String code = expect.path("code").asText("");
    boolean known = STEPS.stream().anyMatch(step -> step.contains(code));
    boolean same;
    if (theirs.has("fault")) {
      same = false;
    } else if (known || code.equals("profile_violation") || code.equals("not_a_delegation")) {
      same = theirs.path("refused").booleanValue() || !FORGED.contains(code);
    } else if (code.equals("proof_required")) {
      same = theirs.path("refused").booleanValue(); // a held token
    } else if (code.equals("evaluation_failed")) {
      same = theirs.path("error").booleanValue();
    } else if (expect.has("ok") || BEYOND_DATALOG.contains(code)) {
      same = theirs.path("allowed").booleanValue();
    } else if (code.equals("expired")
        && expect.path("hop").asInt(-1) == 0
        && !theirs.has("failed")) {
      same = true; // the end of the first block is looked at before proof, other blocks and Datalog
    } else {
      same =
          theirs.has("allowed")
              && !theirs.path("allowed").booleanValue()
              && theirs.path("failed").path(0).asInt(-1) == expect.path("hop").asInt(-2);
    }
    return same ? Relation.SAME : Relation.DIFFERENT;
  }
}
