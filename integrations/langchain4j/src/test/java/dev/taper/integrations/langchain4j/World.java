package dev.taper.integrations.langchain4j;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.time.Clock;
import java.time.Duration;

/** An issuer, an agent, an approver and a service's catalog, as the tests need them. */
final class World {
  static final String AUDIENCE = "svc:jira";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
  final AgentToken token =
      Issuer.of(root)
          .mint(
              Delegation.by("user:alice@acme.com")
                  .to(Agent.of("agent:planner", planner.publicKey()))
                  .task("T-4711")
                  .grant("search where limit <= 50")
                  .grant("close if approved by " + boss.publicKey())
                  .expiresIn(Duration.ofHours(1)));
  final AgentClient agent = AgentClient.of(token, planner, AUDIENCE);

  /** The tools of a server, or of the agent's own process. */
  static ToolCatalog catalog(boolean mcp) {
    CatalogTool.Argument text =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    CatalogTool.Argument number =
        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.NUMBER));
    return ToolCatalog.of(AUDIENCE)
        .tool(tool("search", mcp).argument("query", text).argument("limit", number))
        .tool(tool("close", mcp).argument("id", text))
        .tool(tool("delete", mcp).argument("id", text))
        .build();
  }

  private static CatalogTool tool(String name, boolean mcp) {
    CatalogTool tool = CatalogTool.of(name).operation("write");
    return mcp ? tool.mcp(CatalogTool.McpRoute.tool(name)) : tool;
  }

  Verifier verifier(boolean mcp) {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience(AUDIENCE)
        .catalog(catalog(mcp))
        .withoutRevocation()
        .build();
  }

  /** The approver's yes to a call, as it travels. */
  String approval(ToolCall call) {
    return ApprovalRequest.of(token.token(), call, AUDIENCE, "it is solved")
        .approve(boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
        .encodeBase64();
  }
}
