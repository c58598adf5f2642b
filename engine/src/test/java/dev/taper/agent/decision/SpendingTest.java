package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.names.IssuerNames;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one call takes from the budgets of its chain, by itself. */
class SpendingTest {
  private static final String AMOUNT = "at most 5 EUR of amount from acme as a";

  private final Story story = new Story();
  private final Budgets budgets = Budgets.forThisProcessOnly();

  /** A store that fails, or takes everything and notes what is given back. */
  private static final class Told implements Budgets {
    final List<Charged> given = new ArrayList<>();
    @Nullable RuntimeException failure;

    private void fail() {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public Answer charge(List<Budgets.Charge> charges, MemoryShare share, Instant now) {
      fail();
      return new Charged(charges, charges.stream().map(charge -> 0L).toList());
    }

    @Override
    public void giveBack(Charged charged) {
      given.add(charged);
      fail();
    }

    @Override
    public @Nullable Exhausted look(List<Budgets.Charge> charges, Instant now) {
      fail();
      return null;
    }
  }

  private AgentToken token(String... texts) {
    Delegation delegation = story.delegation();
    for (String text : texts) {
      delegation = delegation.budget(text);
    }
    return story.issuer.mint(delegation);
  }

  private Spending spending(AgentToken token, Map<String, Budgets> stores) {
    return new Spending(
        stores,
        IssuerNames.none(),
        DelegationChain.of(token.token().verifyHeld(RootKeys.of(story.root.publicKey()))),
        Story.search());
  }

  private static void charge(Spending spending) {
    spending.charge(Story.NOON);
  }

  /** Or others find too little left for as long as the refusal takes to be told. */
  @Test
  void charge_secondStoreRefusesOrFails_takesNothing() {
    AgentToken token = token("at most 1 calls from acme as a", "at most 0 calls from group as b");
    Told first = new Told();
    Told failing = new Told();
    failing.failure = new IllegalStateException("the disk is full");
    Spending refused = spending(token, Map.of("acme", first, "group", budgets));
    Spending failed = spending(token, Map.of("acme", first, "group", failing));

    assertThatExceptionOfType(Spending.Refusal.class).isThrownBy(() -> charge(refused));
    assertThat(first.given).hasSize(1);
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(failed));

    assertThat(first.given).hasSizeGreaterThan(1);
    assertThat(refused.counters()).isEmpty();
    assertThat(failed.counters()).isEmpty();
  }

  @Test
  void giveBack_twiceOrOfAStoreThatFails_givesOnce() {
    Told store = new Told();
    Spending spending = spending(token("at most 1 calls from acme as a"), Map.of("acme", store));
    charge(spending);
    assertThat(spending.counters()).hasSize(1);
    store.failure = new IllegalStateException("the disk is full");

    spending.giveBack();
    spending.giveBack();

    assertThat(store.given).hasSize(1);
    assertThat(spending.counters()).isEmpty();
  }

  @Test
  void charge_storeFails_isFullOnlyIfItSaysSo() {
    Told store = new Told();
    Spending spending = spending(token("at most 1 calls from acme as a"), Map.of("acme", store));

    store.failure = new TaperException(ErrorCode.BUDGETS_FULL, "no room");
    Refused.with(ErrorCode.BUDGETS_FULL, "no room", () -> charge(spending));
    store.failure = new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "no answer");
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> charge(spending));
    Refused.with(ErrorCode.BUDGET_UNAVAILABLE, () -> spending.look(story.clock.instant()));
  }

  @Test
  void charge_oneCounterWithTheSameLimitTwice_blamesTheHopThatHadItFirst() {
    String own = "at most 1 calls from acme as own";
    AgentToken token =
        story
            .atPlanner()
            .delegate(story.plannerKey, Hop.toSelf().budget(own), story.clock)
            .delegate(story.plannerKey, Hop.toSelf().budget(own), story.clock);
    charge(spending(token, Map.of("acme", budgets)));

    assertThatExceptionOfType(Spending.Refusal.class)
        .isThrownBy(() -> charge(spending(token, Map.of("acme", budgets))))
        .satisfies(refusal -> assertThat(refusal.block).isEqualTo(1));
  }

  private @Nullable List<Budgets.Charge> ofOneStore(String... texts) {
    return spending(token(texts), Map.of("acme", budgets, "group", budgets)).chargesOfOneStore();
  }

  @Test
  void chargesOfOneStore_notOfOneOrNotToBeCounted_areNotKnown() {
    assertThat(ofOneStore("at most 1 calls from acme as a", "at most 1 calls from acme as b"))
        .hasSize(2);
    assertThat(ofOneStore("at most 1 calls for mail.* from acme")).isEmpty();
    assertThat(ofOneStore("at most 1 calls from acme", "at most 1 calls from group")).isNull();
    assertThat(ofOneStore("at most 1 calls from another")).isNull();
    assertThat(ofOneStore(AMOUNT)).isNull();
  }

  private List<CallPreview.BudgetLeft> left(Budgets store, String text) {
    return spending(token(text), Map.of("acme", store)).left(Story.NOON);
  }

  @Test
  void left_whatCannotBeFoundOut_isLeftOut() {
    Told failing = new Told();
    failing.failure = new TaperException(ErrorCode.BUDGET_UNAVAILABLE, "no answer");

    assertThat(left(budgets, "at most 7 calls from acme as a"))
        .singleElement()
        .satisfies(one -> assertThat(one.left()).isEqualTo(7));
    assertThat(left(budgets, "at most 7 calls from another as a")).isEmpty();
    assertThat(left(failing, "at most 7 calls from acme as a")).isEmpty();
    assertThat(left(budgets, AMOUNT)).isEmpty();
  }

  @Test
  void left_limitWasLoweredBelowWhatIsSpent_isNothing() {
    AgentToken wide = token("at most 3 calls from acme as a");
    for (int i = 0; i < 3; i++) {
      charge(spending(wide, Map.of("acme", budgets)));
    }

    for (int limit : List.of(0, 2, 3)) {
      assertThat(left(budgets, "at most " + limit + " calls from acme as a"))
          .singleElement()
          .satisfies(one -> assertThat(one.left()).isZero());
    }
    assertThat(left(budgets, "at most 4 calls from acme as a"))
        .singleElement()
        .satisfies(one -> assertThat(one.left()).isEqualTo(1));
  }
}
