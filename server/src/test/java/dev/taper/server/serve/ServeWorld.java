package dev.taper.server.serve;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.client.HttpSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An issuer, an agent, and the files of a service, as the tests of this room need them. */
final class ServeWorld {
  static final String AUDIENCE = "svc:jira";

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
  final AgentToken token =
      mint(
          "jira.search read on jira:project/ACME",
          "jira.comment write",
          "jira.upload write",
          "jira.ping read",
          "jira.close close if approved by " + boss.publicKey());

  /** One that two tools of the same resource are left to. */
  final AgentToken wide = mint("jira.* read");

  private AgentToken mint(String... grants) {
    Delegation delegation =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:planner", planner.publicKey()))
            .task("T-4711")
            .expiresIn(Duration.ofHours(1));
    for (String grant : grants) {
      delegation = delegation.grant(grant);
    }
    return Issuer.of(root).mint(delegation);
  }

  /** A catalog with tools of each form. */
  static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {
        "jira.search": {"operation": "read", "resource": "jira:project/{project}",
          "http": {"method": "GET", "path": "/projects/{project}/issues"},
          "arguments": {"project": {"type": "string", "required": true}, "limit": {"type": "integer"},
            "tenant": {"type": "string", "is": "text", "field": "x-tenant"}}},
        "jira.comment": {"operation": "write",
          "http": {"method": "POST", "path": "/issues/{id}/comments"},
          "arguments": {"id": {"type": "string", "required": true},
            "text": {"type": "string", "is": "text"}}},
        "jira.upload": {"operation": "write",
          "http": {"method": "PUT", "path": "/uploads/{name}"}, "content": {"argument": "data"},
          "arguments": {"name": {"type": "string", "required": true},
            "data": {"type": "string", "opaque": true}}},
        "jira.close": {"operation": "close",
          "http": {"method": "POST", "path": "/issues/{id}/close"},
          "arguments": {"id": {"type": "string", "required": true}}},
        "jira.delete": {"operation": "delete",
          "http": {"method": "DELETE", "path": "/issues/{id}"},
          "arguments": {"id": {"type": "string", "required": true}}},
        "jira.ping": {"operation": "read", "arguments": {"n": {"type": "number"}}},
        "jira.find": {"operation": "read", "resource": "jira:project/ACME",
          "mcp": {"method": "tools/call", "name": "find"},
          "arguments": {"text": {"type": "string", "is": "text"}}}}}
      """;

  /** Writes the files of a service that clients dial, and gives the configuration. */
  Path config(Path folder, String origin, String... more) throws IOException {
    Files.writeString(folder.resolve("root.pub"), root.publicKey().toString());
    Files.writeString(
        folder.resolve("catalog.json"),
        CATALOG.replace("\"tools\"", "\"origins\": [{\"origin\": \"" + origin + "\"}], \"tools\""));
    String text =
        "audience: svc:jira\nroot-keys: root.pub\ncatalog: catalog.json\nrevocations: none\n"
            + String.join("\n", more);
    if (!text.contains("deadline: ")) {
      text += "\ndeadline: 20s"; // no answer depends on how fast this machine is
    }
    return Files.writeString(folder.resolve("service.yaml"), text);
  }

  HttpSigner signer() {
    return HttpSigner.of(token, planner, AUDIENCE).fields("X-Tenant");
  }

  String proof(SentCall sent) {
    return token
        .prove(planner, sent, AUDIENCE, SentApprovals.NONE, Clock.systemUTC())
        .encodeBase64();
  }

  /** The fields that present the token and a proof of a request, as a JSON object's members. */
  String fields(SentHttp sent) {
    return "\"host\": \""
        + sent.origin().substring(sent.origin().indexOf("//") + 2)
        + "\", \"Authorization\": \"Taper "
        + token.encodeBase64()
        + "\", \"taper-proof\": [\""
        + proof(sent)
        + "\"]";
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static List<String> lines(String text) {
    return new ArrayList<>(text.lines().toList());
  }
}
