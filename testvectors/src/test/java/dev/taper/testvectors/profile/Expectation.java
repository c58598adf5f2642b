package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.DenialCode;
import java.util.function.Supplier;

/** Holds what happened against what a case expects. */
final class Expectation {
  private Expectation() {}

  /** Runs what must give the expected JSON, or fail with the expected code. */
  static void check(JsonNode expect, Supplier<JsonNode> run) {
    // Compared as text, because a number read from JSON may be of another size.
    assertThat(result(run).toPrettyString()).isEqualTo(expect.toPrettyString());
  }

  /** What comes out, as cases state it: JSON, or the code of what refuses. */
  static JsonNode result(Supplier<JsonNode> run) {
    try {
      return run.get();
    } catch (TaperException e) {
      return Cases.code(code(e.code()));
    }
  }

  /** A proof that is refused by itself has the code of the denial that a verifier makes of it. */
  private static String code(ErrorCode code) {
    return switch (code) {
      case HOLDER_PROOF_MISMATCH -> DenialCode.PROOF_MISMATCH.text();
      case HOLDER_PROOF_EXPIRED -> DenialCode.PROOF_EXPIRED.text();
      case HOLDER_PROOF_NOT_YET_VALID -> DenialCode.PROOF_NOT_YET_VALID.text();
      default -> code.text();
    };
  }
}
