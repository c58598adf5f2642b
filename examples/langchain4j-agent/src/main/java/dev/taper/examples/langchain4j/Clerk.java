package dev.taper.examples.langchain4j;

import dev.langchain4j.mcp.McpToolProvider;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.langchain4j.McpCredentials;
import dev.taper.integrations.langchain4j.ReadableRefusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An agent that does with issues what a model says, within a token. */
public final class Clerk implements AutoCloseable {
  /** What people say to it. */
  interface Assistant {
    String chat(String message);
  }

  private final DefaultMcpClient issues;
  private final Assistant assistant;

  private Clerk(DefaultMcpClient issues, Assistant assistant) {
    this.issues = issues;
    this.assistant = assistant;
  }

  /**
   * Starts an agent.
   *
   * @param model decides what to call
   * @param token the file of the agent's token
   * @param key the file of the agent's key
   * @param audience the service, as the agent's operator names it
   * @param command starts the service's server of MCP
   */
  public static Clerk start(
      ChatModel model, Path token, Path key, String audience, List<String> command)
      throws IOException {
    AgentToken held = AgentToken.decode(Files.readString(token).strip());
    AgentClient agent = AgentClient.of(held, PrivateKey.load(key), audience);
    DefaultMcpClient issues =
        DefaultMcpClient.builder()
            .transport(StdioMcpTransport.builder().command(command).build())
            .metaSupplier(McpCredentials.of(agent))
            .build();
    McpToolProvider tools =
        McpToolProvider.builder().mcpClients(issues).toolWrapper(ReadableRefusals::of).build();
    return new Clerk(
        issues, AiServices.builder(Assistant.class).chatModel(model).toolProvider(tools).build());
  }

  /** Says something to the agent, and gives its answer when it has called what it wants to. */
  public String chat(String message) {
    return assistant.chat(message);
  }

  /** Ends the server. */
  @Override
  public void close() {
    issues.close();
  }
}
