package dev.taper.assurance;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.CallPattern;
import dev.taper.agent.grant.Grant;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.ThirdPartyBlock;
import dev.taper.token.Token;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Tokens, and what travels beside them. */
final class TokenSeeds {
  private static final ToolCall CALL =
      ToolCall.of("jira.search").operation("read").on("jira:project/ACME/Q3/12").arg("limit", 50);

  private TokenSeeds() {}

  static AgentToken atPlanner() {
    Delegation delegation =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:planner", Keys.PLANNER.publicKey()))
            .task("T-4711", "triage Q3 tickets")
            .grant("jira.* read,list on jira:project/ACME/*")
            .grant("mail.send if justified within 10m")
            .expiresIn(Duration.ofHours(1));
    return Issuer.of(Keys.ROOT).clock(Keys.CLOCK).mint(delegation);
  }

  static AgentToken atResearcher() {
    Hop hop =
        Hop.to(Agent.of("agent:researcher", Keys.RESEARCHER.publicKey()))
            .grant("jira.search where limit <= 50 and only limit")
            .audience("svc:jira")
            .maxDepth(2)
            .expiresIn(Duration.ofMinutes(10));
    return atPlanner().delegate(Keys.PLANNER, hop, Keys.CLOCK);
  }

  static void write(Seeds seeds) throws IOException {
    Token plain =
        Token.mint(
            Keys.ROOT,
            Datalog.block(
                "trusting previous; user(1); right(\"notes/\", [\"read\", 2, null]);"
                    + " m({\"a\": hex:00ff}); check if time($t), $t < 2030-01-02T00:00:00Z, $t.type() == \"date\";"));
    Token narrowed =
        plain.attenuate(
            Datalog.block(
                "mine($x) <- user($x), [1, 2].any($y -> $x == $y) || $x.extern::f();"
                    + " check all operation($o), {\"read\", \"list\"}.contains($o);"
                    + " reject if operation(\"write\");"));
    ThirdPartyBlock third =
        narrowed.thirdPartyRequest().sign(Keys.RESEARCHER, Datalog.block("group(\"admin\");"));
    Token mixed = narrowed.append(third);
    tokens(seeds, "plain", plain.encode(), plain.encodeBase64());
    tokens(seeds, "narrowed", narrowed.encode(), narrowed.encodeBase64());
    tokens(seeds, "third-party", mixed.encode(), "biscuit:" + mixed.encodeBase64());
    tokens(seeds, "sealed", mixed.seal().encode(), mixed.seal().encodeBase64());
    tokens(seeds, "cut", Arrays.copyOf(plain.encode(), 100), plain.encodeBase64().substring(0, 41));
    seeds.add(Harness.DELEGATION, "plain", plain.encode());
    delegations(seeds);

    byte[] request = narrowed.thirdPartyRequest().encode();
    seeds.add(Harness.THIRD_PARTY_REQUEST, "request", request);
    seeds.add(Harness.THIRD_PARTY_REQUEST, "cut", Arrays.copyOf(request, request.length - 1));
    seeds.add(Harness.THIRD_PARTY_BLOCK, "block", third.encode());
    ThirdPartyBlock long1 =
        narrowed
            .thirdPartyRequest()
            .sign(
                Keys.APPROVER,
                Datalog.block(
                    "trusting authority, "
                        + Keys.ROOT.publicKey()
                        + "; check if group($g), $g.matches(\"^a+$\"), $g.length() < 3 + 4 * 2;"));
    seeds.add(Harness.THIRD_PARTY_BLOCK, "scopes", long1.encode());
    seeds.add(Harness.THIRD_PARTY_BLOCK, "empty", new byte[0]);

    PolicySet policies =
        PolicySet.of(
            Datalog.authorizer(
                "seen($x) <- user($x); check if group(\"admin\") trusting previous; allow if seen(1); deny if true;"));
    seeds.add(Harness.SNAPSHOT, "run", policies.authorizer(mixed).run().snapshot().encode());
    seeds.add(Harness.SNAPSHOT, "empty", new byte[0]);
  }

  private static void approvals(Seeds seeds, ApprovalRequest request) throws IOException {
    Approval.Terms terms = Approval.Terms.lasting(Duration.ofMinutes(5));
    Approval once = request.approve(Keys.APPROVER, terms.once(), Keys.CLOCK);
    Approval.Terms patterns =
        terms
            .calls(List.of(CallPattern.of(Grant.parse("jira.*, wiki.read read on jira:project/*"))))
            .uses(3)
            .onwardFrom(0)
            .because("größer");
    Approval many = request.approve(Keys.RESEARCHER, patterns, Keys.CLOCK);
    approval(seeds, "once", once);
    approval(seeds, "patterns", many);
    seeds.add(Harness.APPROVAL, "cut", Arrays.copyOf(once.encode(), 60));
    seeds.add(Harness.APPROVAL_STATEMENT, "empty", "{}");
  }

  private static void approval(Seeds seeds, String name, Approval approval) throws IOException {
    seeds.add(Harness.APPROVAL, name, approval.encode());
    seeds.add(Harness.APPROVAL_STATEMENT, name, approval.statement().toJson());
  }

  private static void tokens(Seeds seeds, String name, byte[] bytes, String text)
      throws IOException {
    seeds.add(Harness.TOKEN_BYTES, name, bytes);
    seeds.add(Harness.TOKEN_TEXT, name, text);
  }

  private static void delegations(Seeds seeds) throws IOException {
    AgentToken planner = atPlanner();
    AgentToken researcher = atResearcher();
    AgentToken justified =
        planner.justify(
            Keys.PLANNER,
            Justification.of("mail.send", "the customer waits", Duration.ofMinutes(5), Keys.CLOCK));
    ApprovalRequest request =
        researcher.requestApproval(
            CALL.text("note", "größer\u00a0\"x\""), "svc:jira", "needed for Q3");
    AgentToken bearer =
        planner.delegate(
            Keys.PLANNER,
            Hop.toBearer().grant("jira.get").expiresIn(Duration.ofMinutes(1)),
            Keys.CLOCK);
    seeds.add(Harness.DELEGATION, "planner", planner.encode());
    seeds.add(Harness.DELEGATION, "researcher", researcher.encode());
    seeds.add(Harness.DELEGATION, "justified", justified.encode());
    seeds.add(Harness.DELEGATION, "bearer", bearer.encode());
    Hop rotation = Hop.rotateTo(Keys.APPROVER.publicKey()).grant("jira.search");
    AgentToken rotated = planner.delegate(Keys.PLANNER, rotation, Keys.CLOCK);
    seeds.add(Harness.DELEGATION, "rotated", rotated.encode());
    seeds.add(Harness.TOKEN_BYTES, "held", researcher.encode());
    seeds.add(Harness.APPROVAL_REQUEST, "request", request.encode());
    seeds.add(Harness.APPROVAL_REQUEST, "empty", "{}");
    approvals(seeds, request);

    Proof proof = researcher.prove(Keys.RESEARCHER, CALL, "svc:jira", Keys.CLOCK);
    seeds.add(Harness.PROOF, "p256", proof.encode());
    seeds.add(Harness.PROOF_TEXT, "p256", proof.encodeBase64());
    Proof other = planner.prove(Keys.PLANNER, CALL, "svc:jira", Keys.CLOCK);
    seeds.add(Harness.PROOF, "ed25519", other.encode());
    seeds.add(Harness.PROOF_TEXT, "ed25519", other.encodeBase64());
    seeds.add(Harness.PROOF, "cut", Arrays.copyOf(other.encode(), 40));
    seeds.add(Harness.PROOF_TEXT, "padded", other.encodeBase64() + "=");
  }
}
