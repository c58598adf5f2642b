package dev.taper.integrations.mcp;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
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
  final AgentToken token = mint(root, Clock.systemUTC());
  final AgentClient agent = AgentClient.of(token, planner, AUDIENCE);

  AgentToken mint(PrivateKey by, Clock clock) {
    return Issuer.of(by)
        .clock(clock)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-4711")
                .grant("jira.search read where limit <= 50")
                .grant("jira.count read")
                .grant("jira.file read on file:///pub/*")
                .grant("jira.prompt read where name = greet")
                .grant("jira.close close if approved by " + boss.publicKey())
                .expiresIn(Duration.ofHours(1)));
  }

  /** A token for nothing but searching. */
  AgentClient onlySearching() {
    AgentToken narrow =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.search read")
                    .expiresIn(Duration.ofHours(1)));
    return AgentClient.of(narrow, planner, AUDIENCE);
  }

  static ToolCatalog catalog() {
    CatalogTool.Argument string =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    CatalogTool.Argument integer =
        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.INTEGER));
    CatalogTool.Argument any = CatalogTool.Argument.optional(ArgumentType.ANY);
    return ToolCatalog.of(AUDIENCE)
        .tool(
            CatalogTool.of("jira.search")
                .operation("read")
                .mcp(CatalogTool.McpRoute.tool("search"))
                .argument("query", string)
                .argument("limit", integer)
                .argument("weight", any)
                .argument("debug", CatalogTool.Argument.ofDropped()))
        .tool(
            CatalogTool.of("jira.count")
                .operation("read")
                .mcp(CatalogTool.McpRoute.tool("count"))
                .argument("query", string))
        .tool(
            CatalogTool.of("jira.close")
                .operation("close")
                .mcp(CatalogTool.McpRoute.tool("close"))
                .argument("id", string))
        .tool(
            CatalogTool.of("jira.delete")
                .operation("delete")
                .mcp(CatalogTool.McpRoute.tool("delete"))
                .argument("id", string))
        .tool(CatalogTool.of("jira.gone").operation("read").mcp(CatalogTool.McpRoute.tool("gone")))
        .tool(
            CatalogTool.of("jira.file")
                .operation("read")
                .resource("{+uri}")
                .mcp(new CatalogTool.McpRoute("resources/read", null))
                .argument("uri", string))
        .tool(
            CatalogTool.of("jira.prompt")
                .operation("read")
                .mcp(new CatalogTool.McpRoute("prompts/get", null))
                .argument("name", string)
                .argument(
                    "arguments",
                    CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.OBJECT))))
        .build();
  }

  VerifierBuilder verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience(AUDIENCE)
        .catalog(catalog())
        .withoutRevocation();
  }
}
