package dev.taper.integrations.mcp.server;

import java.util.UUID;

/** Names for messages that no client sent. */
final class Ids {
  private Ids() {}

  /** A name that nobody can guess, so that no message of a client has it. */
  static String next() {
    return "taper-" + UUID.randomUUID();
  }
}
