package dev.taper.agent.grant;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what all calls under a block use up together, wherever they are made: so many calls, or so
 * much of what an argument states. It is a fact of the block, and a check that only a service with
 * the store can satisfy. Immutable and thread-safe.
 *
 * @param id names the budget among those of one signer and delegator; who renews a token keeps it
 * @param store where it is counted
 * @param tools the tools whose calls it counts: exact ones, prefixes such as {@code pay.*}, or
 *     {@code *} alone
 * @param argument whose values are added up; null to count calls
 * @param unit of the argument, such as {@code EUR}; null to count calls
 * @param limit the most calls, or the most millionths of the unit
 * @param window the limit holds for every window of this length; null: for ever
 */
public record Budget(
    String id,
    String store,
    SortedSet<String> tools,
    @Nullable String argument,
    @Nullable String unit,
    long limit,
    @Nullable Duration window) {
  /** The name of the fact. */
  public static final String PREDICATE = "budget";

  /** The most budgets of one token. */
  public static final int MAX = 16;

  /** The longest window. */
  public static final Duration LONGEST_WINDOW = Duration.ofDays(366);

  /** What counts every tool. */
  public static final String EVERY_TOOL = "*";

  private static final int MAX_TOOLS = 64;
  private static final int MAX_NAME = 256;
  private static final int MAX_UNIT = 64;
  private static final int MILLIONTHS = 6;

  /**
   * Checks the parts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a name is no label or too long, a
   *     tool is none, an argument has no unit or a unit no argument, the limit is negative, or the
   *     window is not of whole seconds between one and {@link #LONGEST_WINDOW}
   */
  public Budget {
    name(id, MAX_NAME, "the id of a budget");
    name(store, MAX_NAME, "the store of a budget");
    tools = Collections.unmodifiableSortedSet(new TreeSet<>(tools));
    if (tools.isEmpty()
        || tools.size() > MAX_TOOLS
        || (tools.contains(EVERY_TOOL) && tools.size() > 1)) {
      throw Require.refuse("a budget counts one to " + MAX_TOOLS + " tools, or * alone");
    }
    for (String tool : tools) {
      if (!tool.equals(EVERY_TOOL)) {
        new ToolPattern(tool);
      }
    }
    if ((argument == null) != (unit == null)) {
      throw Require.refuse("a budget of an argument names its unit, and one of calls has none");
    }
    if (argument != null && unit != null) {
      Require.argument(argument);
      name(unit, MAX_UNIT, "the unit of a budget");
    }
    if (limit < 0) {
      throw Require.refuse("the limit of a budget cannot be " + limit);
    }
    if (window != null
        && (!window.equals(Duration.ofSeconds(window.toSeconds()))
            || window.compareTo(Duration.ofSeconds(1)) < 0
            || window.compareTo(LONGEST_WINDOW) > 0)) {
      throw Require.refuse("the window of a budget is of whole seconds, up to 366 days");
    }
  }

  private static void name(String name, int maxBytes, String subject) {
    Require.canonical(text -> Canonical.name(text, subject), name);
    if (name.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw Require.refuse(subject + " is longer than " + maxBytes + " bytes");
    }
  }

  /**
   * Counts calls of every tool.
   *
   * @param id see {@link Budget}
   * @param limit the most calls
   * @param store where they are counted
   */
  public static Budget ofCalls(String id, long limit, String store) {
    return new Budget(id, store, everyTool(), null, null, limit, null);
  }

  /**
   * Adds up the values of an argument, of every tool.
   *
   * @param id see {@link Budget}
   * @param limit the most, of at most six decimals
   * @param unit the unit of the argument
   * @param argument the argument
   * @param store where it is counted
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} also if the limit has no millionths
   *     of 64 bits
   */
  public static Budget ofAmount(
      String id, BigDecimal limit, String unit, String argument, String store) {
    return new Budget(id, store, everyTool(), argument, unit, millionths(limit), null);
  }

  private static SortedSet<String> everyTool() {
    return new TreeSet<>(List.of(EVERY_TOOL));
  }

  static long millionths(BigDecimal amount) {
    try {
      return amount.movePointRight(MILLIONTHS).longValueExact();
    } catch (ArithmeticException e) {
      throw Require.refuse("an amount has at most six decimals, and its millionths 64 bits");
    }
  }

  /**
   * Reads a budget such as {@code at most 500 EUR of amount for pay.* in 24h from acme as trip}.
   *
   * @param text {@code at most N calls} or {@code at most N UNIT of ARGUMENT}; then perhaps {@code
   *     for TOOL, TOOL}, {@code in DURATION}, {@code from STORE}, {@code as ID}. Without a store it
   *     is {@code default}; without an id it is a new random one
   * @throws TaperException {@link ErrorCode#SYNTAX}, with the place; {@link
   *     ErrorCode#INVALID_ARGUMENT} for parts that no budget can have
   */
  public static Budget parse(String text) {
    return BudgetParser.parse(text);
  }

  /** Counts only calls of these tools. */
  public Budget forTools(String... patterns) {
    return new Budget(id, store, new TreeSet<>(List.of(patterns)), argument, unit, limit, window);
  }

  /** Holds for every window of this length, and not for ever. */
  public Budget in(Duration newWindow) {
    return new Budget(id, store, tools, argument, unit, limit, newWindow);
  }

  /** True if it counts calls of a tool. */
  public boolean counts(String tool) {
    for (String pattern : tools) {
      if (pattern.equals(EVERY_TOOL)
          || pattern.equals(tool)
          || (pattern.endsWith(".*")
              && tool.startsWith(pattern.substring(0, pattern.length() - 1)))) {
        return true;
      }
    }
    return false;
  }

  /** The fact that states it. */
  public Fact fact() {
    List<Term> patterns = new ArrayList<>();
    tools.forEach(tool -> patterns.add(new Term.Str(tool)));
    return Fact.of(
        PREDICATE,
        new Term.Str(id),
        new Term.Str(store),
        Term.Set.of(patterns),
        text(argument),
        text(unit),
        new Term.Int(limit),
        window == null ? new Term.Null() : new Term.Int(window.toSeconds()));
  }

  private static Term text(@Nullable String text) {
    return text == null ? new Term.Null() : new Term.Str(text);
  }

  /** The check that goes with it. */
  public Check check() {
    return new BudgetStore(store).check();
  }

  /**
   * Reads the budgets that a block states.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a fact of that name is none, two
   *     have one id, or the checks are not those that go with the facts
   */
  public static List<Budget> of(Block block) {
    if (!mayHaveAny(block)) {
      return List.of(); // as nearly all blocks
    }
    List<Budget> budgets = new ArrayList<>();
    SortedSet<String> ids = new TreeSet<>();
    SortedSet<String> stores = new TreeSet<>();
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(PREDICATE)) {
        Budget budget = read(fact.predicate());
        budgets.add(budget);
        stores.add(budget.store);
        if (!ids.add(budget.id)) {
          throw Require.refuse("two budgets have the id " + budget.id);
        }
      }
    }
    SortedSet<String> checked = new TreeSet<>();
    for (Check check : block.checks()) {
      if (BudgetStore.mayBe(check) && Caveat.of(check) instanceof BudgetStore known) {
        checked.add(known.store());
      }
    }
    if (!stores.equals(checked) || (!stores.isEmpty() && !block.scopes().isEmpty())) {
      throw Require.refuse("budgets and the checks that their stores are known do not go together");
    }
    return List.copyOf(budgets);
  }

  private static boolean mayHaveAny(Block block) {
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(PREDICATE)) {
        return true;
      }
    }
    for (Check check : block.checks()) {
      if (BudgetStore.mayBe(check)) {
        return true;
      }
    }
    return false;
  }

  private static Budget read(Predicate fact) {
    List<Term> terms = fact.terms();
    if (terms.size() == 7
        && terms.get(0) instanceof Term.Str id
        && terms.get(1) instanceof Term.Str store
        && terms.get(2) instanceof Term.Set set
        && terms.get(5) instanceof Term.Int limit) {
      List<String> tools = Syntax.strings(set);
      Budget budget =
          tools == null
              ? null
              : new Budget(
                  id.value(),
                  store.value(),
                  new TreeSet<>(tools),
                  terms.get(3) instanceof Term.Str argument ? argument.value() : null,
                  terms.get(4) instanceof Term.Str unit ? unit.value() : null,
                  limit.value(),
                  terms.get(6) instanceof Term.Int window
                      ? Duration.ofSeconds(window.value())
                      : null);
      if (budget != null && budget.fact().predicate().equals(fact)) {
        return budget;
      }
    }
    throw Require.refuse("a fact " + PREDICATE + " is not of the form of a budget");
  }

  /** The budget in the syntax of {@link #parse}, with its store and id. */
  @Override
  public String toString() {
    return words() + " from " + BudgetParser.quoted(store) + " as " + BudgetParser.quoted(id);
  }

  /**
   * An amount in words, such as {@code 10 calls} or {@code 0.5 EUR}.
   *
   * @param amount calls, or millionths of the unit
   */
  public String amount(long amount) {
    return unit == null
        ? amount + " calls"
        : BigDecimal.valueOf(amount, MILLIONTHS).stripTrailingZeros().toPlainString()
            + ' '
            + BudgetParser.quoted(unit);
  }

  /** The budget in words, such as {@code at most 10 calls in 1h}. */
  public String words() {
    StringBuilder out = new StringBuilder("at most ").append(amount(limit));
    if (argument != null) {
      out.append(" of ").append(BudgetParser.quoted(argument));
    }
    if (!tools.contains(EVERY_TOOL)) {
      out.append(" for ").append(String.join(", ", tools));
    }
    return window == null ? out.toString() : out + " in " + GrantText.duration(window);
  }
}
