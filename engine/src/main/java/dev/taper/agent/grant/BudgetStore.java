package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Check;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The service must keep the budgets of a store, or it could not count: {@code check if
 * budget_store("acme")}.
 *
 * @param store the store
 */
record BudgetStore(String store) implements Condition {
  static final String PREDICATE = "budget_store";

  /**
   * Checks the name.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} if no store can
   *     have it
   */
  public BudgetStore {
    Require.canonical(name -> Canonical.name(name, "the store of a budget"), store);
  }

  @Override
  public Kind kind() {
    return Kind.BUDGET_STORE;
  }

  @Override
  public Check check() {
    return Syntax.check(List.of(Predicate.of(PREDICATE, Syntax.str(store))));
  }

  /** False for nearly all other checks, at little cost. */
  static boolean mayBe(Check check) {
    List<Predicate> predicates = check.queries().get(0).predicates();
    return predicates.size() == 1 && predicates.get(0).name().equals(PREDICATE);
  }

  static @Nullable BudgetStore read(Query query) {
    List<Term> terms = query.predicates().get(0).terms();
    return terms.size() == 1 && terms.get(0) instanceof Term.Str text
        ? new BudgetStore(text.value())
        : null;
  }

  @Override
  public Caveat.@Nullable Mismatch mismatch(CallFacts facts) {
    return Facts.anyText(facts, PREDICATE, store::equals)
        ? null
        : Caveat.Mismatch.of(
            Caveat.Mismatch.Subject.BUDGET_STORE, Facts.shown(facts, PREDICATE), store);
  }

  @Override
  public String words() {
    return "where budgets of " + store + " are kept";
  }
}
