package dev.taper.server.issuer;

import dev.taper.TaperException;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.server.issuer.ExchangeException.OauthError;
import java.time.Clock;

/** The proofs by which agents ask, each used once. Thread-safe. */
final class AgentProofs {
  private final String issuer;
  private final AcceptedProofs accepted;

  /**
   * Takes proofs.
   *
   * @param issuer whom they have to be for
   * @param memory which were used
   */
  AgentProofs(String issuer, ReplayMemory memory, Clock clock) {
    this.issuer = issuer;
    this.accepted = AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, memory, clock);
  }

  /** Reads a proof; whose it is, nobody has looked at. */
  static ExchangeProof read(String text) throws ExchangeException {
    try {
      return ExchangeProof.decode(text);
    } catch (TaperException e) {
      throw new ExchangeException(
          OauthError.INVALID_REQUEST,
          "malformed_holder_proof",
          "the actor token is no proof of an exchange");
    }
  }

  /** Checks that a proof is for this very request, and now. */
  AcceptedProofs.Unused check(ExchangeProof proof, ExchangeRequest request)
      throws ExchangeException {
    try {
      return proof.check(
          new ExchangeProof.Subject(issuer, request.subjectToken(), request.details()), accepted);
    } catch (TaperException e) {
      throw refusal(e);
    }
  }

  /** Uses a proof, once. */
  static void claim(AcceptedProofs.Unused unused, Person person, EnrolledAgent agent)
      throws ExchangeException {
    try {
      unused.claim(MemoryShare.of(person.delegator(), agent.key().bytes()));
    } catch (TaperException e) {
      throw refusal(e);
    }
  }

  private static ExchangeException refusal(TaperException e) {
    DenialCode code =
        switch (e.code()) {
          case HOLDER_PROOF_EXPIRED -> DenialCode.PROOF_EXPIRED;
          case HOLDER_PROOF_NOT_YET_VALID -> DenialCode.PROOF_NOT_YET_VALID;
          case HOLDER_PROOF_MISMATCH -> DenialCode.PROOF_MISMATCH;
          case HOLDER_PROOF_REPLAYED -> DenialCode.PROOF_REPLAYED;
          case REQUEST_MISMATCH -> DenialCode.REQUEST_MISMATCH;
          default -> throw e;
        };
    return new ExchangeException(
        OauthError.INVALID_REQUEST, code.text(), String.valueOf(e.getMessage()));
  }
}
