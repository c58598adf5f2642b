package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.agent.CallDecision;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.findings.Watched.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    CallDecision held = service.verifier.decide(agent.token.token(), call, agent.prove(call));
    assertThat(((CallDecision.Denied) held).code().text()).isEqualTo("held_back");
    assertThat(held.explanation())
        .contains("a person has to look at what agent:prober did")
        .contains("ask user:alice@acme.com or the service's operator");
    assertThat(agent.handOn("agent:other", "jira.search").call("jira.search")).isFalse();
    assertThat(planner.call("jira.search")).isTrue();
    assertThat(service.watch.heldBack()).containsExactly(agent.key.publicKey());
  }

  @Test
  void letGo_beginsAnew() {
    Caller agent = service.caller("agent:prober", "jira.search");
    probe(agent, 8);
    assertThat(service.codes()).hasSize(1);

    assertThat(service.watch.letGo(agent.key.publicKey())).isTrue();
    assertThat(service.watch.letGo(agent.key.publicKey())).isFalse();
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
    assertThat(restarted.heldBack()).containsExactly(agent.key.publicKey());
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
        .hasMessageContaining("line 1 does not begin with a public key");
  }

  @Test
  void keys_areBounded() {
    HeldBack held = new HeldBack(null);
    for (int i = 0; i < HeldBack.MAX; i++) {
      assertThat(held.add(PrivateKey.generate(Algorithm.ED25519).publicKey(), "")).isTrue();
    }

    assertThat(held.add(PrivateKey.generate(Algorithm.ED25519).publicKey(), "")).isFalse();
    assertThat(held.keys()).hasSize(HeldBack.MAX);
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
