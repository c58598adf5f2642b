package dev.taper.integrations.telemetry;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.time.Duration;

/** A service, and two agents, the second of which has its token from the first. */
final class World {
  static final String AUDIENCE = "svc:jira";
  static final String SECRET = "hunter2";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
  final ToolCatalog catalog =
      ToolCatalog.of(AUDIENCE)
          .tool(
              CatalogTool.of("jira.search")
                  .operation("read")
                  .argument(
                      "query",
                      CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING))))
          .tool(CatalogTool.of("jira.delete").operation("delete"))
          .build();

  AgentToken token(String task) {
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task(task)
                    .grant("jira.*")
                    .expiresIn(Duration.ofMinutes(10)));
    return token.delegate(
        planner,
        Hop.to(Agent.of("agent:researcher", researcher.publicKey()))
            .grant("jira.search")
            .expiresIn(Duration.ofMinutes(5)));
  }

  VerifierBuilder verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience(AUDIENCE)
        .catalog(catalog)
        .withoutRevocation();
  }

  ToolCall search() {
    return catalog.call("jira.search", "{\"query\": \"" + SECRET + "\"}");
  }

  CallDecision decide(Verifier verifier, AgentToken token, ToolCall call) {
    return verifier.decide(
        Credentials.of(
            token.encodeBase64(), token.prove(researcher, call, AUDIENCE).encodeBase64()),
        call);
  }
}
