package dev.taper.server.mcp;

/** Can begin no conversation, such as where no thread can be started for its server. */
final class BrokenHost implements Conversation.Host {
  @Override
  public Conversation session(Outlet.Client client) {
    throw new Error("of a test");
  }

  @Override
  public Conversation stateless(Outlet.Client client) {
    throw new Error("of a test");
  }
}
