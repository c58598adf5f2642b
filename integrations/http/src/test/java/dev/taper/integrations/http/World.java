package dev.taper.integrations.http;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
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
import java.util.ArrayList;
import java.util.List;

/** An issuer, an agent, an approver and a service, as the tests need them. */
final class World {
  static final String AUDIENCE = "svc:jira";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
  final AgentToken token = mint(root, Clock.systemUTC());

  AgentToken mint(PrivateKey by, Clock clock) {
    return Issuer.of(by)
        .clock(clock)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-4711")
                .grant("jira.search read")
                .grant("jira.comment write")
                .grant("jira.form write")
                .grant("jira.upload write")
                .grant("jira.close close if approved by " + boss.publicKey())
                .expiresIn(Duration.ofHours(1)));
  }

  static ToolCatalog catalog(String origin) {
    CatalogTool.Argument string =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    CatalogTool.Argument text =
        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Reading.TEXT));
    return ToolCatalog.of(AUDIENCE)
        .origin(origin)
        .tool(
            CatalogTool.of("jira.search")
                .operation("read")
                .http(new CatalogTool.HttpRoute("GET", "/projects/{project}/issues"))
                .argument("project", string)
                .argument(
                    "limit",
                    CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.INTEGER)))
                .argument("tenant", text.inField("X-Tenant")))
        .tool(
            CatalogTool.of("jira.comment")
                .operation("write")
                .http(new CatalogTool.HttpRoute("POST", "/issues/{id}/comments"))
                .argument("id", string)
                .argument("text", text))
        .tool(
            CatalogTool.of("jira.form")
                .operation("write")
                .http(new CatalogTool.HttpRoute("POST", "/forms"))
                .argument("name", text))
        .tool(
            CatalogTool.of("jira.upload")
                .operation("write")
                .http(new CatalogTool.HttpRoute("PUT", "/uploads"))
                .argument(
                    "data",
                    CatalogTool.Argument.optional(
                        ArgumentType.of(ArgumentType.Kind.STRING).orOpaque()))
                .content("data"))
        .tool(
            CatalogTool.of("jira.close")
                .operation("close")
                .http(new CatalogTool.HttpRoute("POST", "/issues/{id}/close"))
                .argument("id", string))
        .tool(
            CatalogTool.of("jira.delete")
                .operation("delete")
                .http(new CatalogTool.HttpRoute("DELETE", "/issues/{id}"))
                .argument("id", string))
        .build();
  }

  VerifierBuilder verifier(String origin) {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience(AUDIENCE)
        .catalog(catalog(origin))
        .withoutRevocation();
  }

  /** The lines of a head that present the token and a proof of what is sent. */
  List<String> presented(SentHttp sent) {
    return presented(token, sent, Clock.systemUTC());
  }

  List<String> presented(AgentToken some, SentHttp sent, Clock clock) {
    List<String> lines = new ArrayList<>();
    lines.add("Authorization: Taper " + some.encodeBase64());
    lines.add("Taper-Proof: " + proof(some, sent, clock));
    return lines;
  }

  String proof(AgentToken some, SentHttp sent, Clock clock) {
    return some.prove(planner, sent, AUDIENCE, SentApprovals.NONE, clock).encodeBase64();
  }
}
