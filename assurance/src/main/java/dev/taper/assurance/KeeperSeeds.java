package dev.taper.assurance;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The first requests to a keeper, its answers, and messages to sign. */
final class KeeperSeeds {
  private KeeperSeeds() {}

  static void write(Seeds seeds) throws IOException {
    requests(seeds);
    answers(seeds);
    messages(seeds);
    renewals(seeds);
  }

  private static void requests(Seeds seeds) throws IOException {
    request(seeds, "status", "GET /v1/status", "");
    request(seeds, "get-key", "GET /v1/keys/planner", "");
    request(seeds, "forget", "DELETE /v1/tokens/planner", "");
    request(seeds, "unknown", "GET /v1/secrets", "");
    request(seeds, "new", "POST /v1/keys", "{\"name\":\"a\",\"lifetime\":5,\"confirm\":true}");
    request(
        seeds,
        "add",
        "POST /v1/tokens",
        "{\"name\":\"a\",\"token\":\"En0K\",\"audiences\":[\"svc:a\"],\"replace\":true,"
            + "\"renew\":{\"url\":\"https://i.example/v1/renew\",\"audience\":\"svc:i\"}}");
    request(
        seeds,
        "http",
        "POST /v1/prove",
        "{\"token\":\"a\",\"audience\":\"svc:a\",\"http\":{\"method\":\"POST\","
            + "\"url\":\"https://a.example/x?y=1\",\"content_type\":\"text/plain\","
            + "\"content\":\"aGk\",\"fields\":{\"X-A\":\"b\"}},\"approvals\":[\"AAAA\"]}");
    request(
        seeds,
        "mcp",
        "POST /v1/prove",
        "{\"token\":\"a\",\"mcp\":{\"method\":\"tools/call\",\"params\":{\"name\":\"x\","
            + "\"arguments\":{\"n\":1.50},\"_meta\":{\"progressToken\":1}}}}");
    request(
        seeds,
        "tool",
        "POST /v1/prove",
        "{\"token\":\"a\",\"tool\":{\"name\":\"a.b\",\"operation\":\"read\",\"resource\":\"r\","
            + "\"arguments\":{\"u\":\"http://h/\"}}}");
    exchange(seeds, "exchange", "https://i.example", "A".repeat(43));
    exchange(seeds, "exchange-query", "https://i.example/?a=b", "A".repeat(43));
    exchange(seeds, "exchange-token", "https://i.example", "eyJ.eyJ.sig");
    request(seeds, "offer", "POST /v1/prove", "{\"token\":\"a\",\"offer\":true}");
    request(
        seeds,
        "delegate",
        "POST /v1/delegate",
        "{\"token\":\"a\",\"to\":{\"name\":\"agent:b\",\"key\":\""
            + Keys.RESEARCHER.publicKey()
            + "\"},\"grants\":[\"a.b read\"],\"expires_in\":60,\"max_depth\":0}");
    request(
        seeds,
        "ask",
        "POST /v1/ask",
        "{\"token\":\"a\",\"reason\":\"why\",\"http\":{\"method\":\"GET\","
            + "\"url\":\"https://a.example/\"},\"wait\":1}");
    asks(seeds);
    request(seeds, "sign", "POST /v1/sign", "{\"key\":\"a\",\"message\":\"AEJM\"}");
    request(seeds, "twice", "POST /v1/lock", "{\"a\":1,\"a\":1}");
  }

  private static void asks(Seeds seeds) throws IOException {
    request(seeds, "renew", "POST /v1/renew", "{\"token\":\"a\"}");
    request(
        seeds, "await", "POST /v1/ask/await", "{\"ask\":\"https://a.example/asks/1\",\"wait\":60}");
    request(
        seeds,
        "await-too-long",
        "POST /v1/ask/await",
        "{\"ask\":\"https://a.example/asks/1\",\"wait\":61}");
    request(seeds, "unlock", "POST /v1/unlock", "{\"passphrase\":\"correct horse\"}");
    request(seeds, "no-point", "POST /v1/delegate", noPoint());
  }

  private static String noPoint() {
    String key = "ed25519/" + "02".repeat(32);
    return "{\"token\":\"a\",\"to\":"
        + new JsonText().text("name", "agent:b").text("key", key)
        + "}";
  }

  private static void exchange(Seeds seeds, String name, String issuer, String digest)
      throws IOException {
    request(
        seeds,
        name,
        "POST /v1/prove/exchange",
        "{\"key\":\"a\",\"issuer\":\""
            + issuer
            + "\",\"subject_token\":\""
            + digest
            + "\",\"details\":\"[{\\\"type\\\":\\\"taper_grant\\\"}]\"}");
  }

  private static void request(Seeds seeds, String name, String line, String content)
      throws IOException {
    seeds.add(Harness.KEEPER_REQUEST, name, line + "\n" + content);
  }

  private static void answers(Seeds seeds) throws IOException {
    String json = "{\"keys\":[{\"name\":\"a\",\"until\":5}]}";
    answer(seeds, "keys", "200 OK", json.length(), json);
    answer(seeds, "refusal", "403 Forbidden", 33, "{\"status\":403,\"code\":\"locked\"}  ");
    answer(seeds, "cut", "200 OK", json.length() + 1, json);
    answer(seeds, "longer", "200 OK", 2, "{}{}");
    answer(seeds, "text", "200 OK", 2, "hi");
  }

  private static void answer(Seeds seeds, String name, String status, int length, String json)
      throws IOException {
    seeds.add(
        Harness.KEEPER_ANSWER,
        name,
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + length
            + "\r\n\r\n"
            + json);
  }

  /** Keeps what the root key is given to sign. */
  private static final class Recorder implements Signer {
    private final List<byte[]> messages = new ArrayList<>();

    @Override
    public PublicKey publicKey() {
      return Keys.ROOT.publicKey();
    }

    @Override
    public byte[] sign(byte[] message) {
      messages.add(message.clone());
      return Keys.ROOT.sign(message);
    }
  }

  private static void renewals(Seeds seeds) throws IOException {
    AgentToken token =
        Issuer.of(Keys.ROOT)
            .clock(Keys.CLOCK)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", Keys.PLANNER.publicKey()))
                    .task("T-1")
                    .grant("jira.* read")
                    .expiresIn(Duration.ofHours(1)));
    String text = "\"token\":\"" + token.encodeBase64() + "\"";
    String format = "\"format\":\"taper/1 renewal\"";
    renewal(seeds, "renewal", "{" + format + "," + text + "}");
    renewal(seeds, "more-members", " {\"region\": [1],\n" + text + ", " + format + "}\n");
    renewal(seeds, "another-format", "{\"format\":\"taper/2 renewal\"," + text + "}");
    renewal(seeds, "two-tokens", "{" + format + "," + text + "," + text + "}");
    renewal(seeds, "malformed-token", "{" + format + ",\"token\":\"AAAA\"}");
    renewal(seeds, "no-object", "[]");
  }

  private static void renewal(Seeds seeds, String name, String json) throws IOException {
    seeds.add(Harness.KEEPER_RENEWAL, name, json);
  }

  private static void messages(Seeds seeds) throws IOException {
    Recorder root = new Recorder();
    AgentToken token =
        Issuer.of(root)
            .clock(Keys.CLOCK)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", Keys.ROOT.publicKey()))
                    .task("T-1")
                    .grant("jira.* read")
                    .expiresIn(Duration.ofHours(1)));
    List<Object> made = new ArrayList<>();
    made.add(token.seal(root));
    made.add(
        token
            .requestApproval(ToolCall.of("jira.close"), "svc:jira", "done")
            .approve(root, Approval.Terms.lasting(Duration.ofMinutes(5)), Keys.CLOCK));
    made.add(
        NamesFile.builder()
            .number(7)
            .agent("agent:planner", Keys.PLANNER.publicKey())
            .build()
            .sign(root));
    made.add(token.prove(root, ToolCall.of("jira.search"), "svc:jira", Keys.CLOCK));
    List<String> names = List.of("block", "seal", "approval", "names", "proof");
    if (made.size() + 1 != names.size()) {
      throw new IllegalStateException("a message has no name");
    }
    for (int i = 0; i < names.size(); i++) {
      seeds.add(Harness.KEEPER_MESSAGE, names.get(i), root.messages.get(i));
    }
    seeds.add(Harness.KEEPER_MESSAGE, "text", "hello".getBytes(StandardCharsets.US_ASCII));
  }
}
