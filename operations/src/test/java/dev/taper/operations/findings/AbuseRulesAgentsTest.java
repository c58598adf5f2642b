package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Delegation;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.findings.Watched.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** For each rule an agent that it notices, and that no other rule does. */
class AbuseRulesAgentsTest {
  /** What an agent does, by the rule that alone is to notice it, with a word for its way. */
  private static Map<String, Consumer<Watched>> agents() {
    Map<String, Consumer<Watched>> agents = new LinkedHashMap<>();
    agents.put("repeated_denials", AbuseRulesAgentsTest::probe);
    agents.put("repeated_denials of many calls", AbuseRulesAgentsTest::probeAmongManyCalls);
    agents.put("widened_hops", AbuseRulesAgentsTest::widen);
    agents.put("new_tools", AbuseRulesAgentsTest::tryTools);
    agents.put("new_place", AbuseRulesAgentsTest::move);
    agents.put("wrong_keys", AbuseRulesAgentsTest::steal);
    agents.put("replays", AbuseRulesAgentsTest::replay);
    agents.put("approval_shopping by asking", AbuseRulesAgentsTest::shop);
    agents.put("approval_shopping after a no", AbuseRulesAgentsTest::shopAfterNo);
    agents.put("approval_shopping at others", AbuseRulesAgentsTest::shopAtOthers);
    agents.put("burnt_budget", AbuseRulesAgentsTest::burn);
    return agents;
  }

  private static void probe(Watched service) {
    Caller agent = service.caller("agent:prober", "jira.search");
    for (int i = 0; i < 8; i++) {
      assertThat(agent.call("jira.delete" + i)).isFalse();
    }
  }

  /** Good calls hide the bad ones, but not without end. */
  private static void probeAmongManyCalls(Watched service) {
    Caller agent = service.caller("agent:prober", "jira.search");
    for (int i = 0; i < 550; i++) {
      agent.call(i % 11 == 0 ? "jira.delete" : "jira.search");
    }
  }

  private static void widen(Watched service) {
    Caller agent = service.caller("agent:widener", "jira.search read");
    agent.handOn("agent:helper", "jira.search", "crm.read").call("jira.search");
    agent.handOn("agent:helper", "jira.*").call("jira.search");
  }

  private static void tryTools(Watched service) {
    Caller agent = service.caller("agent:turned", "jira.*");
    for (int i = 0; i < 130; i++) {
      assertThat(agent.call(i % 3 == 0 ? "jira.get" : "jira.search")).isTrue();
    }
    for (String tool : List.of("jira.export", "jira.members", "jira.tokens")) {
      assertThat(agent.call(tool)).isTrue();
    }
  }

  private static void move(Watched service) {
    Caller agent = service.caller("agent:stolen", "jira.*");
    for (int i = 0; i < 60; i++) {
      agent.from("10.1.2." + (i % 4)).call("jira.search");
    }
    agent.from("192.0.2.7").call("jira.search");
  }

  private static void steal(Watched service) {
    Caller agent = service.caller("agent:planner", "jira.*");
    Caller thief = service.caller("agent:thief", "jira.*");
    for (int i = 0; i < 4; i++) {
      ToolCall call = Watched.read("jira.search");
      assertThat(agent.send(call, thief.prove(call))).isFalse();
    }
  }

  private static void replay(Watched service) {
    Caller agent = service.caller("agent:planner", "jira.*");
    ToolCall call = Watched.read("jira.search");
    Proof proof = agent.prove(call);
    assertThat(agent.send(call, proof)).isTrue();
    for (int i = 0; i < 5; i++) {
      assertThat(agent.send(call, proof)).isFalse();
    }
  }

  private static void shop(Watched service) {
    PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
    Caller agent = service.caller("agent:shopper", "jira.close if approved by " + boss.publicKey());
    for (int i = 0; i < 4; i++) {
      agent.ask(ToolCall.of("jira.close").on("jira:issue/12").arg("reason", "done"));
    }
  }

  /** Twice is enough, and the first ask was no sign of anything. */
  private static void shopAfterNo(Watched service) {
    PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
    Caller agent = service.caller("agent:shopper", "jira.close if approved by " + boss.publicKey());
    ToolCall call = ToolCall.of("jira.close").on("jira:issue/12");
    agent.ask(call);
    agent.ask(call.arg("reason", "please"), true);
    agent.ask(call.arg("reason", "really"), true);
  }

  private static void shopAtOthers(Watched service) {
    PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
    Caller agent = service.caller("agent:shopper", "jira.close if approved by " + boss.publicKey());
    for (int i = 0; i < 3; i++) {
      service.clock.forward(Duration.ofSeconds(1));
      ToolCall call = ToolCall.of("jira.close").on("jira:issue/12");
      Approval other =
          ApprovalRequest.of(agent.token.token(), call, Watched.JIRA, "please")
              .approve(
                  PrivateKey.generate(Algorithm.ED25519),
                  Approval.Terms.lasting(Duration.ofMinutes(5)),
                  service.clock);
      SentApprovals sent = SentApprovals.of(List.of(other.encodeBase64()));
      Proof proof = agent.token.prove(agent.key, call.sent(), Watched.JIRA, sent, service.clock);
      assertThat(service.verifier.decide(agent.token.token(), call, proof, sent).allowed())
          .isFalse();
    }
  }

  private static void burn(Watched service) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Delegation delegation =
        Watched.delegation("user:alice@acme.com", "agent:burner", key, "T-4711", "jira.*")
            .budget("at most 20 calls from acme");
    Caller agent = new Caller(service, "agent:burner", key, service.issuer.mint(delegation));
    for (int i = 0; i < 23; i++) {
      assertThat(agent.call("jira.search")).isEqualTo(i < 20);
    }
  }

  @TestFactory
  List<DynamicTest> agent_isNoticedByItsRuleAlone() {
    return agents().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      String rule = entry.getKey().split(" ", 2)[0];
                      assertThat(noticed(Watched.standard(), entry.getValue()))
                          .containsExactly(rule);
                      assertThat(noticed(Watched.standard().without(rule), entry.getValue()))
                          .isEmpty();
                    }))
        .toList();
  }

  @Test
  void everyRule_hasAnAgent() {
    Set<String> rules = new LinkedHashSet<>();
    agents().keySet().forEach(name -> rules.add(name.split(" ", 2)[0]));

    assertThat(rules).containsExactlyInAnyOrderElementsOf(Watched.standard().names());
  }

  private static Set<String> noticed(AbuseRules rules, Consumer<Watched> agent) {
    Watched service = new Watched(rules, AbuseWatch.SUBJECTS);
    agent.accept(service);
    service.watch.drain();
    assertThat(service.watch.health().failures()).isZero();
    Set<String> found = new LinkedHashSet<>();
    service.found.forEach(finding -> found.add(finding.rule()));
    return found;
  }
}
