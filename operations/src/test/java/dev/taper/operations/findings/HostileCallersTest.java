package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.findings.Watched.Caller;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What callers try against the watch itself: to blame others, to hide, to fill it. */
class HostileCallersTest {
  private final Watched service = new Watched();

  @Test
  void replayedRefusals_countOnceAndNotAgainstTheAgent() {
    Caller victim = service.caller("agent:planner", "jira.search");
    ToolCall typo = Watched.read("jira.serach");
    Proof proof = victim.prove(typo);
    victim.send(typo, proof);

    for (int i = 0; i < 100; i++) {
      victim.send(typo, proof);
    }

    assertThat(service.codes()).containsExactly("token replays");
    assertThat(service.found.get(0).isProven()).isFalse();
    assertThat(service.found.get(0).words()).contains("somebody with the token of agent:planner");
  }

  /** A refused proof can be sent again from anywhere, by whoever saw it. */
  @Test
  void refusalSentAgainFromElsewhere_saysNotThatTheAgentIsThere() {
    Caller agent = service.caller("agent:planner", "jira.search", "jira.close if justified");
    agent.from("192.0.2.9");
    for (int i = 0; i < 60; i++) {
      agent.call("jira.search");
    }
    for (ToolCall refused : List.of(Watched.read("jira.serach"), Watched.read("jira.close"))) {
      Proof proof = agent.from("192.0.2.9").prove(refused);
      assertThat(agent.send(refused, proof)).isFalse();
      assertThat(agent.from("203.0.113.7").send(refused, proof)).isFalse();
    }

    assertThat(service.codes()).isEmpty();
    agent.call("jira.search");
    assertThat(service.codes()).containsExactly("agent new_place");
  }

  @Test
  void proofsByOtherKeys_sayNothingOfTheHolder() {
    Caller victim = service.caller("agent:planner", "jira.search");
    Caller thief = service.caller("agent:thief", "jira.search").from("192.0.2.9");
    victim.from("192.0.2.9");
    for (int i = 0; i < 100; i++) {
      ToolCall call = Watched.read("jira.delete" + i);
      victim.send(call, thief.prove(call));
      victim.send(call, null);
    }

    assertThat(service.codes()).containsExactly("token wrong_keys", "place wrong_keys");
    assertThat(service.found).noneMatch(Finding::isProven);
    assertThat(service.found.get(1).subject()).isEqualTo("192.0.2.0/24");
  }

  /** Whoever goes on elsewhere, or nowhere, before the watch looks hides no place. */
  @Test
  void lastCallFromElsewhere_hidesNoPlace() {
    Caller victim = service.caller("agent:planner", "jira.search").from("192.0.2.9");
    Caller thief = service.caller("agent:thief", "jira.search");
    for (int i = 0; i < Counting.MOST_WAITING - 2; i++) {
      ToolCall call = Watched.read("jira.delete" + i);
      victim.send(call, thief.prove(call));
    }
    victim.address = null;
    ToolCall last = Watched.read("jira.close");
    victim.send(last, thief.prove(last));

    assertThat(service.codes()).contains("token wrong_keys", "place wrong_keys");
  }

  @Test
  void newKeys_leadToWhoMadeThem() {
    Caller planner = service.caller("agent:planner", "jira.*", "crm.read");
    Caller rogue = planner.handOn("agent:rogue", "jira.search");
    planner.call("mail.send"); // one mistake of somebody above
    for (int i = 0; i < 19; i++) {
      rogue.handOn("agent:innocent", "jira.search").call("jira.delete");
    }

    assertThat(service.codes()).containsExactly("task repeated_denials");
    Finding finding = service.found.get(0);
    assertThat(finding.hop().holderKey()).isEqualTo(rogue.key.publicKey());
    assertThat(finding.advice()).contains("taper revoke holder " + rogue.key.publicKey());
  }

  @Test
  void nameOfAnother_isTheNameOfAKeyThatSomebodyGave() {
    Caller victim = service.caller("agent:planner", "jira.search");
    Caller rogue = service.caller("agent:rogue", "jira.search");
    Caller puppet = rogue.handOn("agent:planner", "jira.search");
    for (int i = 0; i < 8; i++) {
      puppet.call("jira.delete" + i);
    }

    assertThat(service.codes()).containsExactly("agent repeated_denials");
    assertThat(service.found.get(0).words())
        .contains("(" + puppet.key.publicKey() + ", named by agent:rogue in hop 1)")
        .doesNotContain(victim.key.publicKey().toString());
  }

  @Test
  void manyKeys_pushOutTheirOwn() {
    Watched small = new Watched(Watched.standard(), 32);
    Caller other = small.callerOf("user:bob@acme.com", "agent:prober", "T-1", "jira.search");
    for (int i = 0; i < 7; i++) {
      other.call("jira.delete" + i);
    }
    Caller flood = small.caller("agent:flood", "jira.search");
    for (int i = 0; i < 100; i++) {
      flood.handOn("agent:n" + i, "jira.search").call("jira.search");
    }
    small.watch.drain();
    assertThat(small.watch.health().subjects()).isEqualTo(32);

    other.call("jira.delete8");

    assertThat(small.codes()).containsExactly("agent repeated_denials");
    assertThat(small.found.get(0).delegator()).isEqualTo("user:bob@acme.com");
  }

  @Test
  void findings_areToldOnceAnHourAndNotWithoutEnd() {
    Caller agent = service.caller("agent:prober", "jira.search");
    for (int i = 0; i < 30; i++) {
      agent.call("jira.delete" + i);
      service.watch.drain();
    }
    assertThat(service.codes()).containsExactly("agent repeated_denials", "task repeated_denials");

    service.clock.forward(Duration.ofHours(1));
    for (int i = 0; i < 8; i++) {
      agent.call("jira.drop" + i);
    }
    assertThat(service.codes()).hasSize(3);
    assertThat(service.found.get(2).again()).isEqualTo(22);

    for (int i = 0; i < 40; i++) {
      Caller puppet = agent.handOn("agent:n" + i, "jira.search");
      for (int j = 0; j < 8; j++) {
        puppet.send(Watched.read("jira.drop" + j), puppet.prove(Watched.read("jira.drop" + j)));
      }
      service.watch.drain();
    }
    AbuseWatch.Health health = service.watch.health();
    assertThat(health.found()).isLessThan(30);
    assertThat(health.omitted()).isPositive();
    assertThat(health.recent()).hasSize((int) health.found());
  }

  @Test
  void widenedHop_ofSomebodyBefore_countsForWhoSignedIt() {
    Caller planner = service.caller("agent:planner", "jira.search read");
    for (int i = 0; i < 2; i++) {
      Caller helper = planner.handOn("agent:helper" + i, "jira.*");
      for (int j = 0; j < 3; j++) {
        helper.call("jira.search");
      }
    }

    assertThat(service.codes()).containsExactly("agent widened_hops");
    assertThat(service.found.get(0).hop().holderKey()).isEqualTo(planner.key.publicKey());
  }

  @Test
  void narrowingForItself_makesNoToolKnown() {
    Caller agent = service.caller("agent:turned", "jira.*");
    for (int i = 0; i < 130; i++) {
      agent.call("jira.search");
    }
    agent.token = agent.token.delegate(agent.key, Hop.toSelf().grant("jira.* read"), service.clock);
    for (String tool : new String[] {"export", "members", "tokens"}) {
      assertThat(agent.call("jira." + tool)).isTrue();
    }

    assertThat(service.codes()).containsExactly("agent new_tools");
  }

  @Test
  void bearerTokens_areNobodys() {
    Caller agent = service.caller("agent:planner", "jira.search");
    agent.token = agent.token.delegate(agent.key, Hop.toBearer(), service.clock);
    for (int i = 0; i < 8; i++) {
      agent.send(Watched.read("jira.delete" + i), null);
    }

    assertThat(service.codes()).containsExactly("token repeated_denials");
  }

  @Test
  void overflow_isCountedAndLosesNoDecision() {
    Caller agent = service.caller("agent:planner", "jira.search");
    ToolCall call = Watched.read("jira.search");
    agent.token = agent.token.delegate(agent.key, Hop.toBearer(), service.clock);
    for (int i = 0; i < AbuseWatch.QUEUE + 5; i++) {
      assertThat(agent.send(call, null)).isTrue();
    }

    service.watch.drain();
    assertThat(service.watch.health().lost()).isEqualTo(5);
    assertThat(service.watch.health().seen()).isEqualTo(AbuseWatch.QUEUE);
    assertThat(service.verifier.unrecordedDecisions()).isZero();
  }

  @Test
  void whoIsTold_mayFail() {
    AbuseWatch watch =
        AbuseWatch.by(
            Watched.standard(),
            finding -> {
              throw new IllegalStateException("full");
            },
            service.clock);
    AbuseWatch.Health before = watch.health();
    Caller agent = service.caller("agent:prober", "jira.search");
    var verifier =
        Verifier.trusting(RootKeys.of(service.root.publicKey()))
            .callerStatesMeaning()
            .audience(Watched.JIRA)
            .clock(service.clock)
            .withoutRevocation()
            .listener(watch)
            .build();
    for (int i = 0; i < 8; i++) {
      ToolCall call = Watched.read("jira.delete" + i);
      assertThat(
              verifier
                  .decide(agent.token.token(), call, agent.prove(call), SentApprovals.NONE)
                  .allowed())
          .isFalse();
    }

    watch.drain();
    assertThat(before.found()).isZero();
    assertThat(watch.health().found()).isEqualTo(1);
    assertThat(watch.health().failures()).isEqualTo(1);
    assertThat(watch.lastFailure()).isNotNull();
  }
}
