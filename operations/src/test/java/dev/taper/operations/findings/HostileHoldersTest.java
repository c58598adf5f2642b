package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.Budgets;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.findings.Watched.Caller;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holders of good tokens try, where findings hold keys back. */
class HostileHoldersTest {
  @TempDir Path folder;

  private static Watched asking() {
    return new Watched(
        Watched.standard().response("repeated_denials", Finding.Response.ASK), AbuseWatch.SUBJECTS);
  }

  private static void probe(Caller agent, int calls) {
    for (int i = 0; i < calls; i++) {
      agent.call("jira.delete" + i);
    }
  }

  /** An operator's slip must not be the agent's way out. */
  @Test
  void fileThatMakesNoSense_stillHoldsBackWhoIsFoundAndTellsIt() throws IOException {
    Watched service = asking();
    Path file = folder.resolve("held-back");
    service.watch.holdingBackIn(file);
    Files.writeString(file, "# a note\n");
    Caller agent = service.caller("agent:prober", "jira.search");
    probe(agent, 8);

    assertThat(service.codes()).containsExactly("agent repeated_denials");
    assertThat(agent.call("jira.search")).isFalse();
    assertThat(Files.readString(file)).isEqualTo("# a note\n");

    Files.writeString(file, "");
    service.watch.drain();
    assertThat(Files.readString(file)).startsWith(agent.key.publicKey() + " ");
    assertThat(agent.call("jira.search")).isFalse();

    Files.writeString(file, "");
    service.watch.drain();
    assertThat(agent.call("jira.search")).isTrue();
  }

  @Test
  void keyThatCouldNotBeWritten_staysWhenAnotherIsLetGo() throws IOException {
    Path file = folder.resolve("sub").resolve("held-back");
    HeldBack held = new HeldBack(file);
    String first = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
    String second = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
    assertThatThrownBy(() -> held.add(HeldEntry.read(first + " x")))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(held.keys()).containsExactly(first);

    Files.createDirectory(file.getParent());
    Files.writeString(file, second + " y\n");
    assertThat(held.look(Watched.NOON)).isEmpty();

    assertThat(held.keys()).containsExactly(second, first);
    assertThat(Files.readString(file)).contains(first + " x", second + " y");
  }

  @Test
  void whoWasLetGoWhileAnotherWasFound_beginsAnew() throws IOException {
    Path file = folder.resolve("held-back");
    HeldBack held = new HeldBack(file);
    String first = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
    String second = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
    assertThat(held.add(HeldEntry.read(first + " x"))).isTrue();
    Files.writeString(file, "");

    assertThat(held.add(HeldEntry.read(second + " y"))).isTrue();

    assertThat(held.look(Watched.NOON)).containsExactly(first);
    assertThat(held.keys()).containsExactly(second);
  }

  /** A holder narrows its own token for a moment and tries with that; the key stays held back. */
  @Test
  void holderThatNarrowsItsOwnToken_isHeldBackAsLongAsTheAuthorityLasts() {
    Watched service = asking();
    Caller agent = service.caller("agent:prober", "jira.search");
    Caller narrowed = agent.forShort(Hop.toSelf(), agent.key);
    for (int i = 0; i < 3; i++) {
      probe(narrowed.handOn("agent:helper-" + i, "jira.search"), 7);
    }
    assertThat(service.codes()).containsExactly("task repeated_denials");

    service.clock.forward(Duration.ofMinutes(2));
    service.watch.drain();
    assertThat(service.watch.heldBack()).containsExactly(agent.key.publicKey().toString());
    assertThat(agent.call("jira.search")).isFalse();

    service.clock.forward(Duration.ofHours(8));
    service.watch.drain();
    assertThat(service.watch.heldBack()).isEmpty();
  }

  @Test
  void holderThatGoesOnWithAnotherKey_isHeldBackAsLongAsTheAuthorityLasts() {
    Watched service = asking();
    Caller agent = service.caller("agent:prober", "jira.search");
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    probe(agent.forShort(Hop.rotateTo(next.publicKey()), next), 8);
    service.watch.drain();

    service.clock.forward(Duration.ofMinutes(2));
    service.watch.drain();
    assertThat(service.watch.heldBack()).containsExactly(next.publicKey().toString());
    Caller again = agent.forShort(Hop.rotateTo(next.publicKey()), next);
    assertThat(again.call("jira.search")).isFalse();
  }

  /** One key can have tokens of several authorities: the longest counts. */
  @Test
  void add_ofANameThatEndsSooner_lastsLonger() throws IOException {
    Path file = folder.resolve("held-back");
    HeldBack held = new HeldBack(file);
    String key = PrivateKey.generate(Algorithm.ED25519).publicKey().toString();
    assertThat(held.add(HeldEntry.read(key + " until=2026-11-24T13:00:00Z x"))).isTrue();
    assertThat(held.add(HeldEntry.read(key + " until=2026-11-24T12:30:00Z y"))).isFalse();
    assertThat(held.add(HeldEntry.read(key + " until=2026-11-24T20:00:00Z z"))).isTrue();

    assertThat(Files.readString(file)).isEqualTo(key + " until=2026-11-24T20:00:00Z x\n");
    assertThat(held.look(Watched.NOON.plus(Duration.ofHours(7)))).isEmpty();
    assertThat(held.keys()).containsExactly(key);
    assertThat(held.look(Watched.NOON.plus(Duration.ofHours(8)))).containsExactly(key);
  }

  /** Each issuer names delegators by itself, and one must not frame those of another. */
  @Test
  void issuerThatNamesAnothersDelegator_holdsBackItsOwnAgentsAlone() {
    Watched service = asking();
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    Verifier both =
        Verifier.trusting(id -> List.of(service.root.publicKey(), other.publicKey()))
            .callerStatesMeaning()
            .audience(Watched.JIRA)
            .clock(service.clock)
            .withoutRevocation()
            .approvalUsesOfOneProcess()
            .budgets("acme", Budgets.forThisProcessOnly())
            .listener(service.watch, AuditFailure.ALLOW_AND_COUNT)
            .build();
    Caller honest = service.caller("agent:honest", "jira.search");
    Caller framing = honest;
    for (int i = 0; i < 2 * HeldBack.SHARE; i++) {
      PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
      AgentToken token =
          Issuer.of(other)
              .clock(service.clock)
              .mint(
                  Watched.delegation(
                      "user:alice@acme.com", "agent:x" + i, key, "T-" + i, "jira.search"));
      framing = new Caller(service, "agent:x" + i, key, token);
      for (int j = 0; j < 8; j++) {
        service.clock.forward(Duration.ofSeconds(1));
        ToolCall call = Watched.read("jira.delete" + j);
        assertThat(
                both.decide(token.token(), call, framing.prove(call), SentApprovals.NONE).allowed())
            .isFalse();
      }
      service.watch.drain();
    }

    assertThat(service.watch.heldBack())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("delegator/")
        .endsWith("/user:alice@acme.com")
        .doesNotContain(service.rootDigest());
    ToolCall search = Watched.read("jira.search");
    assertThat(
            both.decide(framing.token.token(), search, framing.prove(search), SentApprovals.NONE)
                .allowed())
        .isFalse();
    assertThat(
            both.decide(honest.token.token(), search, honest.prove(search), SentApprovals.NONE)
                .allowed())
        .isTrue();
  }

  /** Rules of one's own may say what they want. */
  @Test
  void answerToWhatNobodyProved_isNone() {
    Watched service =
        new Watched(
            AbuseRules.of(
                Datalog.authorizer(
                    """
                    limit("wrong_keys", "token", 4);
                    finding("wrong_keys", $who) <- counted($who, "wrong_keys", $n), $n >= 4;
                    ask($who) <- finding($rule, $who);
                    revoke($who) <- finding($rule, $who);
                    """)),
            AbuseWatch.SUBJECTS);
    Caller victim = service.caller("agent:planner", "jira.search");
    Caller thief = service.caller("agent:thief", "jira.search");
    for (int i = 0; i < 8; i++) {
      var call = Watched.read("jira.search");
      victim.send(call, thief.prove(call));
    }

    assertThat(service.codes()).containsExactly("token wrong_keys");
    assertThat(service.found.get(0).response()).isEqualTo(Finding.Response.REPORT);
    assertThat(service.watch.heldBack()).isEmpty();
  }

  @Test
  void findingsThatNobodyProved_leaveRoomForThoseThatAre() {
    Watched service = new Watched();
    Caller planner = service.caller("agent:planner", "jira.search");
    Caller thief = service.caller("agent:thief", "jira.search");
    for (int i = 0; i < 30; i++) {
      Caller victim = planner.handOn("agent:n" + i, "jira.search");
      for (int j = 0; j < 4; j++) {
        var call = Watched.read("jira.search");
        victim.send(call, thief.prove(call));
      }
      service.watch.drain();
    }
    assertThat(service.watch.health().omitted()).isPositive();

    probe(thief, 8);

    assertThat(service.codes()).contains("agent repeated_denials");
  }

  @Test
  void goingToAndFroBetweenTokens_makesNoToolKnown() {
    Watched service = new Watched();
    Caller agent = service.caller("agent:turned", "jira.*");
    List<AgentToken> tokens = new ArrayList<>(List.of(agent.token));
    tokens.add(
        service.issuer.mint(
            Watched.delegation(
                "user:alice@acme.com", "agent:turned", agent.key, "T-4711", "jira.*", "crm.*")));
    for (int i = 0; i < 130; i++) {
      agent.token = tokens.get(i % 2);
      assertThat(agent.call("jira.search")).isTrue();
    }
    int turn = 0;
    for (String tool : new String[] {"export", "members", "tokens"}) {
      agent.token = tokens.get(turn++ % 2);
      assertThat(agent.call("jira." + tool)).isTrue();
    }

    assertThat(service.codes()).containsExactly("agent new_tools");
  }

  /** One thread compares them for all, and not without end. */
  @Test
  void hopBehindOthersThatNameVeryMuch_isWiderAllTheSame() {
    Watched service = new Watched();
    Caller last = service.caller("agent:planner", "jira.*");
    for (int i = 0; i < 3; i++) {
      last = last.handOn("agent:n" + i, list("jira.t", 360));
    }
    Caller wide = last.handOn("agent:last", list("crm.t", 40));
    Caller narrow = last.handOn("agent:last", list("jira.t", 40));

    assertThat(Sight.of(verified(service, wide)).widened()).containsExactly(4);
    assertThat(Sight.of(verified(service, narrow)).widened()).isEmpty();
  }

  /** What is handed on below it says nothing of whoever hands it on. */
  @Test
  void hopThatNamesTooMuchToBeCompared_isWiderAndNoneBelow() {
    Watched service = new Watched();
    String[] grants = {list("jira.t", 200), list("jira.u", 200) + " read"};
    Caller planner = service.caller("agent:planner", grants);
    Caller much = planner.handOn("agent:much", grants);
    Caller below = much.handOn("agent:below", "jira.t0");
    Caller small = planner.handOn("agent:small", list("jira.t", 200));

    assertThat(Sight.of(verified(service, below)).widened()).containsExactly(1);
    assertThat(Sight.of(verified(service, small)).widened()).isEmpty();
  }

  /** Two that are compared with each other are too much; what came before both is not. */
  @Test
  void hopBelowOneThatNamesVeryMuch_isComparedWithWhatCameBefore() {
    Watched service = new Watched();
    Caller much =
        service.caller("agent:planner", "jira.*").handOn("agent:much", list("jira.t", 800));

    for (String name : new String[] {"jira.t", "crm.t"}) {
      Caller below = much.handOn("agent:below", list(name, 300));
      List<Integer> widened = Sight.of(verified(service, below)).widened();
      assertThat(widened.contains(2)).as(name).isEqualTo(name.equals("crm.t"));
      assertThat(widened).doesNotContain(1);
    }
  }

  /** Many hops of one's own, which all take long, leave no hop uncompared. */
  @Test
  void hopThatNamesAsMuchAsVeryManyBeforeIt_isWiderAllTheSame() {
    Watched service = new Watched();
    Caller last = service.caller("agent:planner", list("jira", 50).replace(",", ".*,") + ".*");
    for (int i = 0; i < 14; i++) {
      last = last.handOn("agent:n" + i, list("jira1.t", 100));
    }
    Caller wide = last.handOn("agent:last", list("crm.t", 101));
    Caller narrow = last.handOn("agent:last", list("jira1.t", 100));

    assertThat(Sight.of(verified(service, wide)).widened()).containsExactly(15);
    assertThat(Sight.of(verified(service, narrow)).widened()).isEmpty();
  }

  /** A grant of so many tools. */
  private static String list(String start, int count) {
    StringJoiner names = new StringJoiner(", ");
    for (int i = 0; i < count; i++) {
      names.add(start + i);
    }
    return names.toString();
  }

  /** The thread that counts for all goes on, whatever one token costs. */
  @Test
  void errorThatOneBringsAbout_leavesTheWatchToOthers() {
    Watched service =
        new Watched(
            Watched.standard(),
            AbuseWatch.SUBJECTS,
            finding -> {
              throw new StackOverflowError("for " + finding.subject());
            });
    probe(service.caller("agent:a", "jira.search"), 8);
    probe(service.caller("agent:b", "jira.search"), 8);

    assertThat(service.codes()).containsExactly("agent repeated_denials", "agent repeated_denials");
    assertThat(service.watch.health().failures()).isEqualTo(2);
  }

  private static DelegationChain verified(Watched service, Caller caller) {
    return DelegationChain.of(
        UnverifiedToken.decode(caller.token.encodeBase64())
            .verifyAny(RootKeys.of(service.root.publicKey())));
  }

  @Test
  void hopThatNamesNothingOfItsParent_isWiderToo() {
    Watched service = new Watched();
    Caller planner = service.caller("agent:planner", "jira.search");
    for (int i = 0; i < 2; i++) {
      planner.handOn("agent:helper" + i, "crm.*").call("crm.export");
    }

    assertThat(service.codes()).containsExactly("agent widened_hops");
  }

  @Test
  void nameLikeAKey_cannotPassForOne() {
    Watched service = new Watched();
    Caller victim = service.caller("agent:planner", "jira.search");
    String key = victim.key.publicKey().toString();
    Caller rogue = service.caller("agent:rogue", "jira.search");
    Caller puppet = rogue.handOn("p (" + key, "jira.search");
    Caller quoted = rogue.handOn("p\" (" + key.substring(0, 60), "jira.search");
    probe(puppet, 8);
    probe(quoted, 8);

    assertThat(service.codes()).contains("agent repeated_denials");
    assertThat(service.found.get(0).words())
        .startsWith("repeated_denials: \"p (" + key + "\" (" + puppet.key.publicKey() + ", named");
    assertThat(service.found.stream().map(Finding::words))
        .anyMatch(words -> words.contains(": \"p\\u{22} (" + key.substring(0, 50)));
    assertThat(Duration.between(Watched.NOON, service.found.get(0).time())).isPositive();
  }
}
