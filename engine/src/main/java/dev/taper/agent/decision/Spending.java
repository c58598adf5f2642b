package dev.taper.agent.decision;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.names.IssuerNames;
import dev.taper.crypto.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one call takes from the budgets of its chain: every one whose tools match, each counter
 * once. For one call and one thread.
 */
final class Spending {
  /** A budget refuses the call. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final DenialCode code;
    final int block;
    final String operatorReason;

    Refusal(DenialCode code, int block, String reason, String operatorReason) {
      super(reason, null, false, false);
      this.code = code;
      this.block = block;
      this.operatorReason = operatorReason;
    }
  }

  /** A charge, and the budget whose limit it has, with its block. */
  private record Due(Budgets.Charge charge, Budget budget, int block) {
    /** Of one counter: the smallest limit, and the largest amount. */
    Due and(Due other) {
      Due narrow = other.charge.limit() < charge.limit() ? other : this;
      long amount = Math.max(charge.amount(), other.charge.amount());
      return new Due(
          new Budgets.Charge(
              narrow.charge.counter(), amount, narrow.charge.limit(), narrow.charge.window()),
          narrow.budget,
          narrow.block);
    }
  }

  /** What was charged in a store. */
  private record Taken(Budgets store, Budgets.Charged charged) {}

  private final Map<String, Budgets> stores;
  private final IssuerNames issuers;
  private final DelegationChain chain;
  private final ToolCall call;
  private final List<Taken> taken = new ArrayList<>();
  private @Nullable Map<String, List<Due>> due;

  /**
   * Prepares to spend.
   *
   * @param stores where a service counts, by the names that tokens have for its stores
   * @param issuers the stable names of issuers
   */
  Spending(Map<String, Budgets> stores, IssuerNames issuers, DelegationChain chain, ToolCall call) {
    this.stores = stores;
    this.issuers = issuers;
    this.chain = chain;
    this.call = call;
  }

  static Spending of(Service service, DelegationChain chain, ToolCall call) {
    return new Spending(service.shared.budgets, service.rules.issuerNames(), chain, call);
  }

  /**
   * Charges every budget, or none.
   *
   * @throws Refusal if one refuses, or has no amount to count
   * @throws TaperException {@link ErrorCode#BUDGET_UNAVAILABLE}, {@link ErrorCode#BUDGETS_FULL} or
   *     {@link ErrorCode#TIMEOUT}
   */
  void charge(Instant now) {
    if (!taken.isEmpty()) {
      return; // an earlier attempt of this call did
    }
    for (Map.Entry<String, List<Due>> store : due().entrySet()) {
      Budgets budgets = store(store.getKey(), store.getValue().get(0).block());
      List<Budgets.Charge> charges = store.getValue().stream().map(Due::charge).toList();
      Budgets.Answer answer;
      try {
        answer = budgets.charge(charges, chain.memoryShare(), now);
      } catch (RuntimeException e) {
        giveBack();
        throw Behind.isTimeout(e) ? e : unavailable(e);
      }
      if (answer instanceof Budgets.Exhausted exhausted) {
        giveBack();
        throw exhausted(store.getValue().get(exhausted.index()), exhausted.left());
      }
      taken.add(new Taken(budgets, (Budgets.Charged) answer));
    }
  }

  /**
   * What the call takes, if all of it is of one store or none; null if it is of several, of one
   * that the service does not have, or no amount can be counted.
   */
  @Nullable List<Budgets.Charge> chargesOfOneStore() {
    Map<String, List<Due>> all;
    try {
      all = due();
    } catch (Refusal e) {
      return null;
    }
    if (all.isEmpty()) {
      return List.of();
    }
    Map.Entry<String, List<Due>> first = all.entrySet().iterator().next();
    return all.size() > 1 || !stores.containsKey(first.getKey())
        ? null
        : first.getValue().stream().map(Due::charge).toList();
  }

  /**
   * Takes note of what became of {@link #chargesOfOneStore}.
   *
   * @throws Refusal if a budget refuses
   */
  void settle(Budgets.Answer answer) {
    Map.Entry<String, List<Due>> charged = due().entrySet().iterator().next();
    if (answer instanceof Budgets.Exhausted exhausted) {
      throw exhausted(charged.getValue().get(exhausted.index()), exhausted.left());
    }
    Budgets store = store(charged.getKey(), charged.getValue().get(0).block());
    taken.add(new Taken(store, (Budgets.Charged) answer));
  }

  /**
   * Says whether the budgets would let the call through, and charges nothing.
   *
   * @throws Refusal as {@link #charge}
   * @throws TaperException as {@link #charge}
   */
  void look(Instant now) {
    for (Map.Entry<String, List<Due>> store : due().entrySet()) {
      Budgets budgets = store(store.getKey(), store.getValue().get(0).block());
      Budgets.Exhausted exhausted;
      try {
        exhausted = budgets.look(store.getValue().stream().map(Due::charge).toList(), now);
      } catch (RuntimeException e) {
        throw Behind.isTimeout(e) ? e : unavailable(e);
      }
      if (exhausted != null) {
        throw exhausted(store.getValue().get(exhausted.index()), exhausted.left());
      }
    }
  }

  /** What is left of the budgets that the call would charge; none of those that cannot be asked. */
  List<CallPreview.BudgetLeft> left(Instant now) {
    Map<String, List<Due>> charged;
    try {
      charged = due();
    } catch (Refusal e) {
      return List.of(); // the call has no amount, so nothing would be charged
    }
    List<CallPreview.BudgetLeft> left = new ArrayList<>();
    charged.forEach(
        (name, all) -> {
          Budgets budgets = stores.get(name);
          for (Due one : all) {
            Long amount = budgets == null ? null : left(budgets, one.charge, now);
            if (amount != null) {
              left.add(
                  new CallPreview.BudgetLeft(
                      chain.hops().get(one.block), name, one.charge.limit(), amount));
            }
          }
        });
    return List.copyOf(left);
  }

  /** A store says what is left when that is too little, so it is asked for all of the limit. */
  private static @Nullable Long left(Budgets budgets, Budgets.Charge charge, Instant now) {
    long limit = charge.limit();
    try {
      Budgets.Exhausted answer =
          budgets.look(
              List.of(new Budgets.Charge(charge.counter(), limit, limit, charge.window())), now);
      return answer == null ? limit : answer.left();
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Gives everything back, for a call that is not begun; what cannot be given back stays spent. */
  void giveBack() {
    for (Taken one : taken) {
      try {
        one.store.giveBack(one.charged);
      } catch (RuntimeException e) {
        // That costs somebody an amount, and never lets one count twice.
      }
    }
    taken.clear();
  }

  /** The counters that were charged, in order. */
  List<String> counters() {
    List<String> counters = new ArrayList<>();
    for (Taken one : taken) {
      one.charged.charges().forEach(charge -> counters.add(charge.counter()));
    }
    return counters;
  }

  private Budgets store(String name, int block) {
    Budgets budgets = stores.get(name);
    if (budgets == null) { // no check of the chain would have passed
      throw new Refusal(
          DenialCode.BUDGET_UNAVAILABLE,
          block,
          "this service does not keep the budget",
          "this service has no store of budgets named " + name);
    }
    return budgets;
  }

  /** What is due, by store; a counter that occurs twice is due once. */
  private Map<String, List<Due>> due() {
    Map<String, List<Due>> known = due;
    if (known == null) {
      known = reckoned();
      due = known;
    }
    return known;
  }

  private Map<String, List<Due>> reckoned() {
    Map<String, Map<String, Due>> byStore = new LinkedHashMap<>();
    for (DelegationHop hop : chain.hops()) {
      List<Budget> budgets = hop.budgets();
      List<String> counters = budgets.isEmpty() ? List.of() : counters(hop);
      for (int i = 0; i < budgets.size(); i++) {
        Budget budget = budgets.get(i);
        if (budget.counts(call.tool())) {
          String counter = counters.get(i);
          Due due =
              new Due(
                  new Budgets.Charge(
                      counter, amount(budget, hop.block()), budget.limit(), budget.window()),
                  budget,
                  hop.block());
          byStore
              .computeIfAbsent(budget.store(), name -> new LinkedHashMap<>())
              .merge(counter, due, Due::and);
        }
      }
    }
    Map<String, List<Due>> reckoned = new LinkedHashMap<>();
    byStore.forEach((store, all) -> reckoned.put(store, List.copyOf(all.values())));
    return reckoned;
  }

  private List<String> counters(DelegationHop hop) {
    PublicKey key = Objects.requireNonNull(hop.signer(), "a verified chain knows its signers");
    String issuer = hop.block() == 0 ? issuers.name(key) : null;
    return hop.counters(issuer, key, chain.delegator());
  }

  private long amount(Budget budget, int block) {
    String argument = budget.argument();
    if (argument == null) {
      return 1;
    }
    Long millionths = call.arguments().millionths(argument);
    String unit = call.arguments().unit(argument);
    if (millionths == null || millionths < 0) {
      throw amountRefused(
          block,
          "argument "
              + argument
              + " states no amount that can be counted, which the budget wants of "
              + call.tool());
    }
    if (!Objects.equals(unit, budget.unit())) {
      throw amountRefused(
          block,
          "argument "
              + argument
              + " counts in "
              + (unit == null ? "no unit that the service names" : unit)
              + ", and the budget in "
              + budget.unit());
    }
    return millionths;
  }

  private static Refusal amountRefused(int block, String reason) {
    return new Refusal(DenialCode.BUDGET_AMOUNT, block, reason, reason);
  }

  /** The caller reads what its own chain says; how much is left is for the operator. */
  private static Refusal exhausted(Due due, long left) {
    String used = "the budget is used up: " + due.budget.words();
    return new Refusal(
        DenialCode.BUDGET_EXHAUSTED,
        due.block,
        used,
        used
            + " (left: "
            + due.budget.amount(left)
            + ", needed: "
            + due.budget.amount(due.charge.amount())
            + "; id "
            + due.budget.id()
            + " in store "
            + due.budget.store()
            + ")");
  }

  private static TaperException unavailable(RuntimeException e) {
    if (e instanceof TaperException known && known.code() == ErrorCode.BUDGETS_FULL) {
      return known;
    }
    return new TaperException(
        ErrorCode.BUDGET_UNAVAILABLE, "what is left of the budget cannot be found out", e);
  }
}
