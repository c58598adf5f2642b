package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.operations.findings.Watched.Caller;
import dev.taper.token.HeldToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule can ask for a person: until then, the calls of whom it is about are refused. */
class HoldingBackTest {
  @TempDir Path folder;

  private final Watched service =
      new Watched(
          Watched.standard().response("repeated_denials", Finding.Response.ASK),
          AbuseWatch.SUBJECTS);

  private static void probe(Caller agent, int calls) {
    for (int i = 0; i < calls; i++) {
      agent.call("jira.delete" + i);
    }
  }

  @Test
  void heldBack_whoWasFoundAndAllThatItHandsOn() {
    Caller planner = service.caller("agent:planner", "jira.search");
    Caller agent = planner.handOn("agent:prober", "jira.search");
    probe(agent, 8);
    assertThat(agent.call("jira.search")).isTrue(); // nobody looked yet
    assertThat(service.codes()).containsExactly("agent repeated_denials");

    ToolCall call = Watched.read("jira.search");
    CallDecision held =
        service.verifier.decide(agent.token.token(), call, agent.prove(call), SentApprovals.NONE);
    assertThat(((CallDecision.Denied) held).code().text()).isEqualTo("held_back");
    assertThat(held.explanation())
        .contains("a person has to look at what agent:prober did")
        .contains("ask user:alice@acme.com or the service's operator");
    assertThat(agent.handOn("agent:other", "jira.search").call("jira.search")).isFalse();
    assertThat(planner.call("jira.search")).isTrue();
    assertThat(service.watch.heldBack()).containsExactly(agent.key.publicKey().toString());
  }

  @Test
  void letGo_beginsAnew() {
    Caller agent = service.caller("agent:prober", "jira.search");
    probe(agent, 8);
    assertThat(service.codes()).hasSize(1);

    assertThat(service.watch.letGo(agent.key.publicKey().toString())).isTrue();
    assertThat(service.watch.letGo(agent.key.publicKey().toString())).isFalse();
    assertThat(agent.call("jira.search")).isTrue();
    probe(agent, 7);
    assertThat(service.codes()).hasSize(1);
    assertThat(agent.call("jira.search")).isTrue();

    probe(agent, 1);
    assertThat(service.codes()).hasSize(2);
    assertThat(agent.call("jira.search")).isFalse();
  }

  @Test
  void file_isReadAtTheStartAndFollowed() throws IOException {
    Path file = folder.resolve("held-back");
    service.watch.holdingBackIn(file);
    Caller agent = service.caller("agent:prober", "jira.search");
    probe(agent, 8);
    service.watch.drain();

    assertThat(Files.readString(file))
        .startsWith(agent.key.publicKey() + " ")
        .endsWith(" repeated_denials agent:prober\n");
    AbuseWatch restarted =
        AbuseWatch.by(Watched.standard(), finding -> {}, service.clock).holdingBackIn(file);
    assertThat(restarted.heldBack()).containsExactly(agent.key.publicKey().toString());
    assertThat(restarted.holdsBack(agent.token.chain())).contains("agent:prober");

    Files.writeString(file, "");
    service.watch.drain();
    assertThat(service.watch.heldBack()).isEmpty();
    assertThat(agent.call("jira.search")).isTrue();
  }

  @Test
  void file_thatMakesNoSense_holdsBackWhomItHeldBefore() throws IOException {
    Path file = folder.resolve("held-back");
    service.watch.holdingBackIn(file);
    Caller agent = service.caller("agent:prober", "jira.search");
    probe(agent, 8);
    service.watch.drain();

    Files.writeString(file, "everybody may go\n");
    service.watch.drain();

    assertThat(agent.call("jira.search")).isFalse();
    assertThat(service.watch.health().failures()).isPositive();
    assertThatThrownBy(() -> new HeldBack(file))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("line 1 does not begin with a public key, a task or a delegator");
  }

  private static final String ROOT = "0123456789abcdef0123456789abcdef";

  private static HeldEntry entry(String of) {
    return HeldEntry.read(
        PrivateKey.generate(Algorithm.ED25519).publicKey() + " of=" + ROOT + "/" + of + " x");
  }

  /** One delegator's keys never keep another one's from being held back. */
  @Test
  void add_toAFullShare_holdsBackTheWholeTask() throws IOException {
    Path file = folder.resolve("held-back");
    HeldBack held = new HeldBack(file);
    for (int i = 0; i < HeldBack.SHARE; i++) {
      assertThat(held.add(entry("user:alice/T-1"))).isTrue();
    }
    HeldEntry other = entry("user:bob/T-1");
    assertThat(held.add(other)).isTrue();
    assertThat(held.keys()).hasSize(HeldBack.SHARE + 1);

    assertThat(held.add(entry("user:alice/T-1"))).isTrue();
    assertThat(held.keys())
        .containsExactlyInAnyOrder("task/" + ROOT + "/user:alice/T-1", other.name());
    assertThat(held.add(entry("user:alice/T-1"))).as("it is covered").isFalse();
    assertThat(Files.readAllLines(file))
        .containsExactlyInAnyOrder(
            other.line(), "task/" + ROOT + "/user:alice/T-1 of=" + ROOT + "/user:alice/T-1 x");

    for (int i = 2; i < 100; i++) {
      boolean unused = held.add(entry("user:alice/T-" + i));
    }
    assertThat(held.keys())
        .containsExactlyInAnyOrder("delegator/" + ROOT + "/user:alice", other.name());
    assertThat(new HeldBack(file).keys()).isEqualTo(held.keys());
  }

  @Test
  void keysMadeForThePurpose_gainNothing() {
    Caller planner = service.caller("agent:planner", "jira.search");
    for (int i = 0; i <= HeldBack.SHARE; i++) {
      Caller helper = planner.handOn("agent:helper-" + i, "jira.search");
      probe(helper, 8);
      service.watch.drain();
      service.clock.forward(Duration.ofMinutes(11)); // not to be about the task
    }
    String task = "task/" + service.rootDigest() + "/user:alice@acme.com/T-4711";
    assertThat(service.watch.heldBack()).containsExactly(task);

    Caller fresh = planner.handOn("agent:fresh", "jira.search");
    assertThat(fresh.call("jira.search")).isFalse();
    Caller bob = service.callerOf("user:bob@acme.com", "agent:b", "T-1", "jira.search");
    assertThat(bob.call("jira.search")).isTrue();
    probe(bob, 8);
    service.watch.drain();
    assertThat(bob.call("jira.search")).isFalse();

    assertThat(service.watch.letGo(task)).isTrue();
    assertThat(fresh.call("jira.search")).isTrue();
  }

  /** What is over makes room, and a key that is used for another task is not judged by this one. */
  @Test
  void entry_ofATokenThatHasEnded_ends() throws IOException {
    Path file = folder.resolve("held-back");
    service.watch.holdingBackIn(file);
    Caller agent = service.caller("agent:prober", "jira.search");
    probe(agent, 8);
    service.watch.drain();
    assertThat(Files.readString(file))
        .contains(
            " until=2026-11-24T20:00:00Z of="
                + service.rootDigest()
                + "/user:alice@acme.com/T-4711 ");
    service.clock.forward(Duration.ofMinutes(8 * 60 - 5));
    service.watch.drain();
    assertThat(service.watch.heldBack()).hasSize(1);

    service.clock.forward(Duration.ofMinutes(6));
    service.watch.drain();

    assertThat(service.watch.heldBack()).isEmpty();
    assertThat(Files.readString(file)).isEmpty();
  }

  /** Waiting for the renewal of a token is no way out. */
  @Test
  void entry_ofATokenThatIsRenewed_lastsAsLongAsItsRenewals() {
    Caller once = service.caller("agent:prober", "jira.search");
    Instant renewed = Watched.NOON.plus(Duration.ofDays(30));
    Block block =
        once.token.token().blocks().get(0).block().toBuilder()
            .fact(
                Fact.of(
                    "renewable",
                    new Term.Str("work"),
                    Term.Date.of(Watched.NOON),
                    Term.Date.of(renewed),
                    new Term.Int(3600)))
            .build();
    Caller agent =
        new Caller(
            service,
            "agent:prober",
            once.key,
            AgentToken.of(
                HeldToken.mint(service.root, block, once.key.publicKey(), OptionalInt.empty())
                    .unverified()));
    probe(agent, 8);
    service.watch.drain();

    service.clock.forward(Duration.ofDays(29));
    service.watch.drain();
    assertThat(service.watch.holdsBack(agent.token.chain())).isNotNull();
    service.clock.forward(Duration.ofDays(1));
    service.watch.drain();
    assertThat(service.watch.heldBack()).isEmpty();
  }

  /** Whoever has a token can cause these, so no rule makes an answer of them. */
  @Test
  void whatNobodyProved_holdsBackNobody() {
    Watched all =
        new Watched(
            Watched.standard()
                .response("replays", Finding.Response.ASK)
                .response("wrong_keys", Finding.Response.REVOKE),
            AbuseWatch.SUBJECTS);
    Caller victim = all.caller("agent:planner", "jira.search");
    Caller thief = all.caller("agent:thief", "jira.search");
    for (int i = 0; i < 20; i++) {
      ToolCall call = Watched.read("jira.search");
      victim.send(call, thief.prove(call));
    }

    assertThat(all.codes()).containsExactly("token wrong_keys");
    assertThat(all.watch.heldBack()).isEmpty();
  }
}
