package dev.taper.integrations.mcp.server;

/**
 * What a server may ask of its client, beside a ping. Each is closed unless it is opened; then the
 * agent's side chooses what is answered, so that an answer is no approval and no consent.
 */
public enum ClientFeature {
  /** {@code sampling/createMessage}: a message of the client's model. */
  SAMPLING,
  /** {@code elicitation/create} with a form. */
  ELICITATION_FORM,
  /** {@code elicitation/create} with a URL. */
  ELICITATION_URL
}
