package dev.taper.agent.delegation;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.Signer;
import org.jspecify.annotations.Nullable;

/**
 * A holder's key in the hands of somebody who signs no proof that was made elsewhere: it is told
 * what is sent, and sets the time and the nonce itself. {@link AgentToken#prove} and {@link
 * AgentClient} ask it where any other {@link Signer} would get the bytes to sign. Implementations
 * must be thread-safe.
 */
public interface Prover extends Signer {
  /**
   * Makes a proof, dated by the prover's own clock.
   *
   * @param token the token, held by this key
   * @param sent what is sent, exactly as it will go over the wire; null to ask what may be done
   * @param audience the service that is called
   * @param approvals what is sent beside the token
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED} if it cannot, or does not want to
   */
  @CheckReturnValue
  Proof prove(AgentToken token, @Nullable SentCall sent, String audience, SentApprovals approvals);
}
