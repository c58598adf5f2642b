package dev.taper.integrations.mcp.server;

import dev.taper.agent.delegation.DelegationChain;

/** Says whose messages may go on in one session. */
@FunctionalInterface
interface Owner {
  /**
   * Takes note of a token that was verified.
   *
   * @param token in base64url
   * @param chain the token's own
   * @return false if the session is of another lineage, or has ended; then nothing is done
   */
  boolean owns(String token, DelegationChain chain);

  /**
   * False if the session is somebody's and nothing says that this one sent the message: then what
   * needs no token does not reach the server either.
   */
  default boolean takesOpen() {
    return true;
  }
}
