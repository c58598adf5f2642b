package dev.taper.integrations.http;

import dev.taper.agent.decision.DenialCode;

/** Which status an error or denial has; docs/binding.md has the same as a table. */
final class Statuses {
  private Statuses() {}

  /** The status of a denial. */
  static int of(DenialCode code) {
    return switch (code) {
      case PROOF_REQUIRED,
          PROOF_MISMATCH,
          REQUEST_MISMATCH,
          PROOF_EXPIRED,
          PROOF_NOT_YET_VALID,
          PROOF_REPLAYED,
          BEARER_NOT_ACCEPTED,
          SEALED_NOT_ACCEPTED,
          REVOKED,
          EXPIRED,
          NOT_YET_VALID ->
          401;
      case REVOCATION_STALE,
          REVOCATION_UNAVAILABLE,
          REPLAY_CACHE_FULL,
          REPLAY_CACHE_UNAVAILABLE,
          APPROVAL_USES_FULL,
          APPROVAL_USES_UNAVAILABLE,
          BUDGET_UNAVAILABLE,
          TIMEOUT,
          AUDIT_UNAVAILABLE ->
          503;
      default -> 403;
    };
  }

  /** What a status means for whoever is refused, in words that say nothing of the service. */
  static String words(int status) {
    return switch (status) {
      case 400 -> "the request cannot be read as it was sent";
      case 401 -> "no token and proof came with it that this service accepts";
      case 403 -> "the call is not allowed";
      case 404 -> "there is nothing of this name here";
      case 409 -> "it does not fit what is there now";
      case 413 -> "the content is too long";
      case 429 -> "there are too many requests";
      case 431 -> "the header fields are too long";
      case 503 -> "it cannot be decided now";
      default -> "the request was refused";
    };
  }

  /** True for a denial that is reached before the caller is known to be the token's holder. */
  static boolean isBeforeProof(DenialCode code) {
    return switch (code) {
      case PROOF_REQUIRED,
          PROOF_MISMATCH,
          REQUEST_MISMATCH,
          PROOF_EXPIRED,
          PROOF_NOT_YET_VALID,
          BEARER_NOT_ACCEPTED,
          SEALED_NOT_ACCEPTED,
          REVOKED ->
          true;
      default -> false;
    };
  }
}
