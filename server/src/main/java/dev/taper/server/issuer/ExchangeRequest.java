package dev.taper.server.issuer;

import org.jspecify.annotations.Nullable;

/**
 * What an agent sends to exchange a person's token for one of its own. Immutable and thread-safe.
 *
 * @param subjectToken the person's token, as it was sent
 * @param proof the agent's {@link dev.taper.agent.call.ExchangeProof}, in base64url
 * @param details {@code authorization_details}, as they were sent
 * @param client what the agent calls itself; null if it does not
 */
public record ExchangeRequest(
    String subjectToken, String proof, String details, @Nullable String client) {
  /** Nothing of it is for logs. */
  @Override
  public String toString() {
    return "ExchangeRequest";
  }
}
