package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.CatalogTool.Role;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.findings.Watched.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agents that behave are never noticed, and one that does not soon is. Seeded; {@code
 * -Dtaper.simulated=100000} makes that many calls.
 */
class AbuseSimulationTest {
  private static final int CALLS = Integer.getInteger("taper.simulated", 10_000);
  private static final List<String> READS = List.of("search", "get", "list", "comments");
  private static final List<String> MORE = List.of("export", "members", "watch", "labels", "links");

  /** An agent that works as agents do: in bursts, with mistakes, handing on, renewing. */
  private static final class Worker {
    private final Watched service;
    private final Random random;
    private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    private final String delegator;
    private final int number;
    private final List<String> grants = new ArrayList<>();
    private final List<String> tools = new ArrayList<>(READS.subList(0, 3));
    private Caller planner;
    private Caller working;
    private int task;
    private int calls;

    Worker(Watched service, Random random, int number) {
      this.service = service;
      this.random = random;
      this.number = number;
      this.delegator = "user:" + number % 7 + "@acme.com";
      READS.forEach(tool -> grants.add("jira." + tool + " read on jira:project/ACME/*"));
      grants.add("jira.close on jira:project/ACME/* if approved by " + key.publicKey());
      planner = planner();
      working = planner;
    }

    private Caller planner() {
      String name = "agent:planner-" + number;
      Delegation delegation =
          Watched.delegation(
                  delegator, name, key, "T-" + number + "-" + task, grants.toArray(new String[0]))
              .budget("at most 1000 calls in 1h from acme");
      Caller caller = new Caller(service, name, key, service.issuer.mint(delegation));
      return caller.from("10.2." + number % 5 + "." + random.nextInt(200));
    }

    /** One thing that an agent does; most are calls that are allowed. */
    void act() {
      calls++;
      int dice = random.nextInt(1000);
      if (calls % 400 == 0) { // a new task, or the old one renewed
        task += random.nextInt(2);
        planner = planner();
        working = planner;
      } else if (calls % 700 == 0 && tools.size() < READS.size() + MORE.size()) {
        // A person grants more, and more is used at once.
        for (String tool : MORE.subList(0, 3 + random.nextInt(3))) {
          grants.add("jira." + tool + " read");
          tools.add(tool);
        }
        planner = planner();
        working = planner;
      } else if (calls % 150 == 0) {
        working = planner.handOn("agent:helper-" + number, "jira.search", "jira.get");
        working.address = planner.address;
      } else if (calls % 150 == 75) {
        working = planner;
      }
      if (dice < 12) { // a mistake: a tool that is not there, or the wrong project
        working.call(dice % 2 == 0 ? "jira.serach" : "jira.delete");
      } else if (dice < 14) { // an approval is missing, and asked for
        ToolCall close = ToolCall.of("jira.close").on("jira:project/ACME/" + random.nextInt(1000));
        planner.call(close);
        planner.ask(close);
      } else if (dice == 14) { // the network loses an answer, and the client repeats it
        ToolCall call = Watched.read("jira.search").on("jira:project/ACME/1");
        Proof proof = working.prove(call);
        working.send(call, proof);
        working.send(call, proof);
      } else if (dice == 15) { // a proof for the token before it was renewed
        ToolCall call = Watched.read("jira.search").on("jira:project/ACME/1");
        planner().send(call, working.prove(call));
      } else {
        String tool = working == planner ? tools.get(random.nextInt(tools.size())) : "search";
        working.call(Watched.read("jira." + tool).on("jira:project/ACME/" + random.nextInt(50)));
      }
      // Bursts, and pauses between them.
      long pause = random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(300);
      service.clock.forward(Duration.ofMillis(pause));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2026})
  void wellBehavedAgents_areNeverNoticed(long seed) {
    Watched service = new Watched();
    Random random = new Random(seed);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      workers.add(new Worker(service, random, i));
    }

    for (int i = 0; i < CALLS; i++) {
      workers.get(random.nextInt(workers.size())).act();
      if (i % 50 == 0) {
        service.watch.drain();
      }
    }

    service.watch.drain();
    AbuseWatch.Health health = service.watch.health();
    assertThat(service.found).isEmpty();
    assertThat(health.seen()).isGreaterThanOrEqualTo(CALLS);
    assertThat(health.lost() + health.failures() + health.omitted()).isZero();
  }

  /** Widens, probes, replays and shops for approvals, in an order of its own. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void abusiveAgent_isNoticedWithinTwentyCalls(long seed) {
    Watched service = new Watched();
    Random random = new Random(seed);
    PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
    Caller agent =
        service.caller(
            "agent:rogue", "jira.search read", "jira.close if approved by " + boss.publicKey());
    ToolCall call = Watched.read("jira.search");
    Proof proof = agent.prove(call);
    assertThat(agent.send(call, proof)).isTrue();
    int calls = 1;

    while (calls < 20 && service.codes().isEmpty()) {
      calls++;
      switch (random.nextInt(4)) {
        case 0 -> agent.handOn("agent:helper-" + calls, "jira.*").call("jira.search");
        case 1 -> agent.call(String.format(Locale.ROOT, "jira.admin%d", calls));
        case 2 -> agent.send(call, proof);
        default -> agent.ask(ToolCall.of("jira.close").on("jira:issue/1").arg("try", 1));
      }
    }

    assertThat(service.codes()).as("after %s calls", calls).isNotEmpty();
    Finding finding = service.found.get(0);
    assertThat(finding.delegator()).isEqualTo("user:alice@acme.com");
    assertThat(finding.hop().holderKey()).isEqualTo(agent.key.publicKey());
    assertThat(finding.words()).contains(agent.key.publicKey().toString(), "agent:rogue", "T-4711");
    assertThat(finding.advice()).contains("taper audit trace LOG --token " + finding.token());
  }

  /** Whoever pays many invoices asks as often: no ask is like another one, and none is a denial. */
  @Test
  void askingForManyRecipients_isNotNoticed() {
    Watched service = new Watched();
    PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
    Caller agent = service.caller("agent:payer", "bank.pay if approved by " + boss.publicKey());
    for (int i = 0; i < 40; i++) {
      ToolCall pay = ToolCall.of("bank.pay").on("bank:account/1").arg("to", "acc:" + i);
      agent.call(pay);
      agent.ask(pay.arg("amount", 100));
    }

    assertThat(service.codes()).isEmpty();
  }

  /** By the catalog, asks are alike that touch the same, whatever is written beside it. */
  @Test
  void askingForOneRecipientInOtherWords_isNoticed() {
    Watched service = new Watched();
    ToolCatalog catalog =
        ToolCatalog.of(Watched.JIRA)
            .tool(
                CatalogTool.of("bank.pay")
                    .argument(
                        "to", CatalogTool.Argument.required(ArgumentType.ANY).as(Role.TOUCHED))
                    .argument("why", CatalogTool.Argument.optional(ArgumentType.ANY).as(Role.TEXT)))
            .build();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(service.root.publicKey()))
            .catalog(catalog)
            .audience(Watched.JIRA)
            .clock(service.clock)
            .withoutRevocation()
            .approvalUsesOfOneProcess()
            .listener(service.watch, AuditFailure.ALLOW_AND_COUNT)
            .build();
    PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);
    Caller agent = service.caller("agent:payer", "bank.pay if approved by " + boss.publicKey());
    for (int i = 0; i < 4; i++) {
      String arguments = "{\"to\":\"acc:1\",\"why\":\"reason " + i + "\"}";
      service.clock.forward(Duration.ofSeconds(1));
      var unused =
          verifier.asked(
              agent.token.token(), catalog.call("bank.pay", arguments), SentApprovals.NONE, false);
    }

    assertThat(service.codes()).containsExactly("agent approval_shopping");
  }

  @Test
  void rotatingItsKey_doesNotHideAnAgent() {
    Watched service = new Watched();
    Caller agent = service.caller("agent:rogue", "jira.search");
    for (int i = 0; i < 20; i++) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      agent =
          new Caller(
              service,
              agent.name,
              next,
              agent.token.delegate(agent.key, Hop.rotateTo(next.publicKey()), service.clock));
      agent.call("jira.delete");
    }

    assertThat(service.codes()).containsExactly("task repeated_denials");
  }
}
