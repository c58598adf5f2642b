/** Guards servers of the Model Context Protocol, and signs the messages of agents. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.taper.integrations.mcp {
  requires com.fasterxml.jackson.core;
  requires transitive dev.taper.integrations.http;
  requires static transitive io.modelcontextprotocol.sdk.mcp.core;
  requires static jakarta.servlet;
  requires static transitive reactor.core;
  requires static transitive org.jspecify;

  exports dev.taper.integrations.mcp;
  exports dev.taper.integrations.mcp.client;
  exports dev.taper.integrations.mcp.server;
}
