package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.names.IssuerNames;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetDecisionTest {
  private final Story story = new Story();
  private final Budgets budgets = Budgets.forThisProcessOnly();
  private final Verifier verifier = story.verifier().budgets("acme", budgets).build();

  private AgentToken planner(String... texts) {
    Delegation delegation = story.delegation();
    for (String text : texts) {
      delegation = delegation.budget(text);
    }
    return story.issuer.mint(delegation);
  }

  private CallDecision call(AgentToken token, PrivateKey holder) {
    return story.decide(verifier, token, holder, Story.search());
  }

  private static void assertDenied(CallDecision decision, DenialCode code, int hop) {
    assertThat(decision).isInstanceOf(CallDecision.Denied.class);
    CallDecision.Denied denied = (CallDecision.Denied) decision;
    assertThat(denied.code()).isEqualTo(code);
    assertThat(java.util.Objects.requireNonNull(denied.failingHop()).block()).isEqualTo(hop);
  }

  @Test
  void decide_budgetOfCalls_countsAllowedCallsOnly() {
    AgentToken token = planner("at most 2 calls from acme as a");

    ToolCall refused = Story.search().operation("delete");
    for (int i = 0; i < 5; i++) {
      assertThat(story.decide(verifier, token, story.plannerKey, refused).allowed()).isFalse();
    }
    assertThat(call(token, story.plannerKey).allowed()).isTrue();
    assertThat(call(token, story.plannerKey).allowed()).isTrue();

    assertDenied(call(token, story.plannerKey), DenialCode.BUDGET_EXHAUSTED, 0);
  }

  @Test
  void decide_childrenAndSiblings_shareWhatTheirParentHas() {
    AgentToken token = planner("at most 3 calls from acme as a");
    AgentToken one = token.delegate(story.plannerKey, story.toResearcher(), story.clock);
    AgentToken other =
        token.delegate(
            story.plannerKey,
            Hop.to(story.scraper).budget("at most 1 calls from acme as b"),
            story.clock);

    assertThat(call(one, story.researcherKey).allowed()).isTrue();
    assertThat(call(other, story.scraperKey).allowed()).isTrue();
    assertDenied(call(other, story.scraperKey), DenialCode.BUDGET_EXHAUSTED, 1);
    assertThat(call(token, story.plannerKey).allowed()).isTrue();

    assertDenied(call(one, story.researcherKey), DenialCode.BUDGET_EXHAUSTED, 0);
  }

  @Test
  void decide_newIdInAHop_isBoundByTheParent() {
    AgentToken token = planner("at most 2 calls from acme as a");
    for (int i = 0; i < 2; i++) {
      AgentToken child =
          token.delegate(
              story.plannerKey,
              Hop.to(story.researcher).budget("at most 100 calls from acme"),
              story.clock);
      assertThat(call(child, story.researcherKey).allowed()).isTrue();
    }
    AgentToken child =
        token.delegate(
            story.plannerKey,
            Hop.to(story.researcher).budget("at most 100 calls from acme"),
            story.clock);

    assertDenied(call(child, story.researcherKey), DenialCode.BUDGET_EXHAUSTED, 0);
  }

  @Test
  void decide_renewedToken_keepsItsCounters() {
    assertThat(call(planner("at most 1 calls from acme as trip"), story.plannerKey).allowed())
        .isTrue();

    assertDenied(
        call(planner("at most 1 calls from acme as trip"), story.plannerKey),
        DenialCode.BUDGET_EXHAUSTED,
        0);
  }

  @Test
  void decide_rotatedRootOfANamedIssuer_keepsItsCounters() {
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    Verifier both =
        Verifier.trusting(id -> List.of(story.root.publicKey(), next.publicKey()))
            .callerStatesMeaning()
            .audience(Story.JIRA)
            .clock(story.clock)
            .withoutRevocation()
            .budgets("acme", budgets)
            .issuerNames(key -> "issuer:acme")
            .build();
    Delegation delegation = story.delegation().budget("at most 1 calls from acme as trip");
    AgentToken old = story.issuer.mint(delegation);
    AgentToken renewed = Issuer.of(next).clock(story.clock).mint(delegation);

    assertThat(story.decide(both, old, story.plannerKey, Story.search()).allowed()).isTrue();

    assertDenied(
        story.decide(both, renewed, story.plannerKey, Story.search()),
        DenialCode.BUDGET_EXHAUSTED,
        0);
  }

  /** Or all issuers that nobody named would count as one. */
  @Test
  void decide_rootKeysThatNobodyNamed_countApart() {
    PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
    Verifier both =
        story
            .verifier(id -> List.of(story.root.publicKey(), next.publicKey()))
            .budgets("acme", budgets)
            .issuerNames(IssuerNames.none())
            .build();
    Delegation delegation = story.delegation().budget("at most 1 calls from acme as trip");
    AgentToken one = story.issuer.mint(delegation);
    AgentToken other = Issuer.of(next).clock(story.clock).mint(delegation);

    assertThat(story.decide(both, one, story.plannerKey, Story.search()).allowed()).isTrue();
    assertThat(story.decide(both, other, story.plannerKey, Story.search()).allowed()).isTrue();
  }

  @Test
  void decide_serviceWithoutTheStore_refuses() {
    Verifier without = story.verifier().build();

    CallDecision decision =
        story.decide(
            without, planner("at most 2 calls from acme"), story.plannerKey, Story.search());

    assertDenied(decision, DenialCode.BUDGET_UNAVAILABLE, 0);
  }

  @Test
  void decide_otherTools_areNotCharged() {
    AgentToken token = planner("at most 0 calls for mail.* from acme");

    assertThat(call(token, story.plannerKey).allowed()).isTrue();
  }

  @Test
  void decide_unrecordedCall_isGivenBack() {
    AgentToken token = planner("at most 1 calls from acme as a");
    Verifier unrecorded =
        story
            .verifier()
            .budgets("acme", budgets)
            .listener(
                event -> {
                  throw new IllegalStateException("no room");
                })
            .build();

    CallDecision decision = story.decide(unrecorded, token, story.plannerKey, Story.search());

    assertThat(((CallDecision.Denied) decision).code()).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);
    assertThat(call(token, story.plannerKey).allowed()).isTrue();
  }

  @Test
  void reservation_giveBack_isGivenBackOnce() {
    AgentToken token = planner("at most 1 calls from acme as a");
    CallDecision.Allowed allowed = (CallDecision.Allowed) call(token, story.plannerKey);

    try (Reservation taken = allowed.reservation()) {
      taken.giveBack();
      taken.giveBack();
    }

    CallDecision.Allowed again = (CallDecision.Allowed) call(token, story.plannerKey);
    again.reservation().close();
    again.reservation().giveBack();
    assertDenied(call(token, story.plannerKey), DenialCode.BUDGET_EXHAUSTED, 0);
  }

  @Test
  void decide_exhausted_tellsTheCallerNothingOfWhatIsLeft() {
    AgentToken token = planner("at most 5 calls from acme as a", "at most 0 calls from acme as b");

    CallDecision.Denied denied = (CallDecision.Denied) call(token, story.plannerKey);

    assertThat(denied.explanation())
        .contains("the budget is used up: at most 0 calls")
        .doesNotContain("left:");
    assertThat(denied.toJson()).doesNotContain("left:");
    assertThat(denied.toString()).doesNotContain("left:");
    assertThat(denied.operatorExplanation())
        .contains("(left: 0 calls, needed: 1 calls; id b in store acme)");
    assertThat(denied.toOperatorJson()).contains("left: 0 calls");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"amount\":-1}", "{}", "{\"amount\":0.0000001}", "{\"amount\":null}"})
  void decide_amountThatCannotBeCounted_isRefused(String arguments) {
    assertAmountRefused("at most 5 EUR of amount from acme", arguments);
  }

  @Test
  void decide_otherUnit_isRefused() {
    assertAmountRefused("at most 5 USD of amount from acme", "{\"amount\":1}");
    assertAmountRefused("at most 5 EUR of other from acme", "{\"amount\":1,\"other\":1}");
    assertThat(reason("at most 5 USD of amount from acme", "{\"amount\":1}"))
        .isEqualTo("argument amount counts in EUR, and the budget in USD");
    assertThat(reason("at most 5 EUR of other from acme", "{\"amount\":1,\"other\":1}"))
        .isEqualTo(
            "argument other counts in no unit that the service names, and the budget in EUR");
  }

  private String reason(String budget, String arguments) {
    return ((CallDecision.Denied) pay(planner(budget), arguments)).reason();
  }

  private void assertAmountRefused(String budget, String arguments) {
    assertDenied(pay(planner(budget), arguments), DenialCode.BUDGET_AMOUNT, 0);
  }

  @Test
  void decide_noAmount_saysOfWhichToolOneIsWanted() {
    CallDecision decision = pay(planner("at most 5 EUR of amount from acme"), "{}");
    assertThat(((CallDecision.Denied) decision).reason())
        .isEqualTo(
            "argument amount states no amount that can be counted, which the budget wants of"
                + " jira.pay");
  }

  @Test
  void words_ofBudgets_standBehindWhatIsGranted() {
    AgentToken token = planner("at most 5 EUR of amount for jira.pay from acme");
    assertThat(token.chain().hops().get(0).words())
        .contains("; at most 5 EUR of amount for jira.pay")
        .doesNotStartWith("at most");
  }

  @Test
  void decide_amounts_areAddedUpExactly() {
    AgentToken token = planner("at most 1 EUR of amount from acme as a");
    for (int i = 0; i < 10; i++) {
      assertThat(pay(token, "{\"amount\":0.1}").allowed()).isTrue();
    }

    assertDenied(pay(token, "{\"amount\":0.000001}"), DenialCode.BUDGET_EXHAUSTED, 0);
    assertThat(pay(token, "{\"amount\":0}").allowed()).isTrue();
  }

  private CallDecision pay(AgentToken token, String arguments) {
    ArgumentType euro = ArgumentType.of(ArgumentType.Kind.NUMBER).in("EUR").orNull();
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA)
            .tool(
                CatalogTool.of("jira.pay")
                    .operation("read")
                    .resource("jira:project/ACME/Q3/12")
                    .argument("amount", CatalogTool.Argument.optional(euro))
                    .argument(
                        "other",
                        CatalogTool.Argument.optional(ArgumentType.of(ArgumentType.Kind.NUMBER))))
            .build();
    Verifier paying = story.verifier().catalog(catalog).budgets("acme", budgets).build();
    ToolCall call = catalog.call("jira.pay", arguments);
    Proof proof =
        token.prove(
            story.plannerKey,
            call.sent(),
            Story.JIRA,
            dev.taper.agent.call.SentApprovals.NONE,
            story.clock);
    return paying.decide(token.token(), call, proof, SentApprovals.NONE);
  }

  @Test
  void mint_moreBudgetsThanATokenHas_isRefused() {
    String[] many = new String[17];
    for (int i = 0; i < many.length; i++) {
      many[i] = "at most 1 calls from acme";
    }
    Refused.with(ErrorCode.PROFILE_VIOLATION, () -> planner(many));
  }

  @Test
  void effectiveAuthority_budgets_areListed() {
    AgentToken token =
        planner("at most 2 calls from acme as a")
            .delegate(
                story.plannerKey,
                Hop.to(story.researcher).budget("at most 1 calls in 1h from acme as b"),
                story.clock);

    assertThat(token.chain().effectiveAuthority().budgets()).hasSize(2);
    assertThat(token.chain().effectiveAuthority().words())
        .contains("at most 2 calls")
        .contains("at most 1 calls in 1h");
  }

  /** A tree of tokens, each with the ids of the budgets above it. */
  private record Node(AgentToken token, PrivateKey key, List<String> budgets) {}

  @Test
  void decide_randomTreesOnManyThreads_noBudgetIsExceededAndNothingIsLeftUncounted()
      throws Exception {
    Random random = new Random(13);
    Map<String, Long> limits = new ConcurrentHashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (int tree = 0; tree < 4; tree++) {
      String id = "root" + tree;
      limits.put(id, 20L + random.nextInt(200));
      nodes.add(
          new Node(
              planner("at most " + limits.get(id) + " calls from acme as " + id),
              story.plannerKey,
              List.of(id)));
    }
    for (int i = 0; i < 24; i++) {
      Node parent = nodes.get(random.nextInt(nodes.size()));
      if (parent.token().chain().depth() > 4) {
        continue;
      }
      PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
      Hop hop = Hop.to(Agent.of("agent:" + i, key.publicKey()));
      List<String> above = new ArrayList<>(parent.budgets());
      if (random.nextInt(3) > 0) {
        String id = "node" + i;
        limits.put(id, (long) random.nextInt(60));
        hop = hop.budget("at most " + limits.get(id) + " calls from acme as " + id);
        above.add(id);
      }
      nodes.add(new Node(parent.token().delegate(parent.key(), hop, story.clock), key, above));
    }
    Map<String, LongAdder> counted = new ConcurrentHashMap<>();
    LongAdder denied = new LongAdder();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int seed = t;
        Callable<Void> work =
            () -> {
              Random own = new Random(seed);
              for (int i = 0; i < 250; i++) {
                Node node = nodes.get(own.nextInt(nodes.size()));
                CallDecision decision = call(node.token(), node.key());
                if (decision instanceof CallDecision.Allowed allowed) {
                  if (own.nextInt(10) == 0) {
                    allowed.reservation().giveBack();
                    continue;
                  }
                  for (String id : node.budgets()) {
                    counted.computeIfAbsent(id, name -> new LongAdder()).increment();
                  }
                } else {
                  assertThat(((CallDecision.Denied) decision).code())
                      .isEqualTo(DenialCode.BUDGET_EXHAUSTED);
                  denied.increment();
                }
              }
              return null;
            };
        done.add(pool.submit(work));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(denied.sum()).isPositive();
    counted.forEach(
        (id, calls) -> assertThat(calls.sum()).as(id).isLessThanOrEqualTo(limits.get(id)));
    // What is left of each budget is its limit without what was counted: it can be spent, no more.
    for (Node node : nodes) {
      while (call(node.token(), node.key()).allowed()) {
        for (String id : node.budgets()) {
          counted.computeIfAbsent(id, name -> new LongAdder()).increment();
        }
      }
      assertThat(node.budgets())
          .anySatisfy(
              id ->
                  assertThat(counted.get(id) == null ? 0 : counted.get(id).sum())
                      .isEqualTo(limits.get(id)));
    }
  }

  @Test
  void decide_asManyBudgetsAsAChainMayHave_isAllowed() {
    String[] most = new String[Budget.MAX];
    for (int i = 0; i < most.length; i++) {
      most[i] = "at most 2 calls from acme as b" + i;
    }

    assertThat(call(planner(most), story.plannerKey).allowed()).isTrue();
  }
}
