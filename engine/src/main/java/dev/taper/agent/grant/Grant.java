package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.Canonical;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Query;
import dev.taper.datalog.regex.PatternMemo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What may be done: with which tools, operations and resources, and with what arguments. A
 * dimension that is left out is not restricted. Immutable and thread-safe; every method that adds
 * something returns a new grant, and throws a {@link dev.taper.TaperException} of code {@code
 * INVALID_ARGUMENT} if it makes no sense.
 *
 * <pre>{@code
 * Grant.tools("jira.*").operations("read").resources("jira:project/ACME/")
 *     .where(Constraint.arg("limit").atMost(50));
 * }</pre>
 */
public final class Grant {
  /** The most constraints that can be granted together; bounds what reading a token costs. */
  private static final int MAX_CONSTRAINTS = 128;

  private final @Nullable TextSet tools;
  private final @Nullable TextSet operations;
  private final @Nullable TextSet resources;
  private final List<ConstraintBody> constraints;
  private final Activations activations;

  Grant(
      @Nullable TextSet tools,
      @Nullable TextSet operations,
      @Nullable TextSet resources,
      List<ConstraintBody> constraints,
      Activations activations) {
    this.tools = tools;
    this.operations = operations;
    this.resources = resources;
    this.constraints = List.copyOf(constraints);
    this.activations = activations;
  }

  /** Grants some tools, such as {@code jira.search} or {@code jira.*}; at least one. */
  public static Grant tools(String... patterns) {
    List<ToolPattern> parsed = patterns(Arrays.asList(patterns), ToolPattern::new);
    return new Grant(ToolPattern.setOf(parsed), null, null, List.of(), Activations.NONE);
  }

  /** Grants every tool there is; restrict it by something else. */
  public static Grant anyTool() {
    return new Grant(null, null, null, List.of(), Activations.NONE);
  }

  /**
   * Reads a grant from its text.
   *
   * <pre>
   * grant      = tools [operations] ["on" resources] ["where" constraint *("and" constraint)]
   *              ["if" activation *("and" activation)]
   * tools      = "*" | list of NAME or NAME ".*"
   * operations = list of NAME
   * resources  = list of TEXT, a prefix if it ends with "/", ":", "/*" or ":*"
   * constraint = ARG ("=" | "!=") VALUE
   *            | ARG ["not"] "in" list of VALUE
   *            | ARG ("&lt;" | "&lt;=" | "&gt;" | "&gt;=") NUMBER      a decimal point lets decimals through
   *            | ARG "starts" "with" TEXT
   *            | ARG "matches" TEXT
   *            | ARG "length" "&lt;=" NUMBER
   *            | ARG "each" "in" list of VALUE
   *            | ARG "each" ("starts" | "ends") "with" TEXT
   *            | ARG "each" "matches" TEXT
   *            | ARG "each" "host" "in" list of HOST or "*." HOST
   *            | ARG "scheme" "in" list of TEXT
   *            | ARG "host" "in" list of HOST or "*." HOST
   *            | ARG "host" "class" "in" list of TEXT
   *            | ARG "port" "in" (list of PORT | PORT "-" PORT)
   *            | ARG "ip" "in" list of NETWORK                  such as 10.0.0.0/8
   *            | ARG "under" TEXT
   *            | "only" list of ARG
   *            | "no" "arguments"
   * activation = "justified" ["within" DURATION]                such as 90s, 15m, 1h, 2d
   *             | "approved" "by" (KEY | NUMBER "of" list of KEY | [NUMBER "of"] "group" TEXT)
   * </pre>
   *
   * <p>Lists are separated by commas. Text needs double quotes if it is empty, holds white space,
   * commas, quotes or {@code < > = !}, or could be taken for a keyword or a value of another type;
   * inside them, {@code \"}, {@code \\} and {@code \n} stand for what they stand for elsewhere.
   *
   * @throws dev.taper.TaperException {@link dev.taper.ErrorCode#SYNTAX} with the place in the text
   */
  public static Grant parse(String text) {
    return GrantParser.grant(text);
  }

  /** Adds operations. */
  public Grant operations(String... names) {
    List<String> all = new ArrayList<>(operations());
    for (String name : names) {
      all.add(Require.canonical(Canonical::operation, name));
    }
    return new Grant(tools, TextSet.exactly(all), resources, constraints, activations);
  }

  /** Adds resources, such as {@code jira:project/ACME/} for all below, or a single one. */
  public Grant resources(String... patterns) {
    List<ResourcePattern> all = new ArrayList<>(patterns(resources(), ResourcePattern::new));
    all.addAll(patterns(Arrays.asList(patterns), ResourcePattern::new));
    return new Grant(tools, operations, ResourcePattern.setOf(all), constraints, activations);
  }

  /** Adds constraints on arguments; all of them must hold. */
  public Grant where(Constraint... more) {
    List<ConstraintBody> all = constraints;
    for (Constraint constraint : more) {
      List<ConstraintBody> next = ConstraintLists.add(all, (ConstraintBody) constraint);
      if (next == null) {
        throw Require.refuse(
            "nothing satisfies "
                + ((ConstraintBody) constraint).text(Require.MAX_SHOWN)
                + " and what the grant says already");
      }
      all = next;
    }
    if (all.size() > MAX_CONSTRAINTS) {
      throw Require.refuse("a grant has more than " + MAX_CONSTRAINTS + " constraints");
    }
    return new Grant(tools, operations, resources, all, activations);
  }

  /** Allows no arguments but these; none at all if none is named. */
  public Grant onlyArguments(String... names) {
    return where(Constraint.onlyArguments(names));
  }

  /** Makes the grant inactive until the holder justifies its use, within the verifier's limit. */
  public Grant ifJustified() {
    return when(new Justified(null));
  }

  /**
   * Makes the grant inactive until the holder justifies its use.
   *
   * @param within the longest window that one such justification may have
   */
  public Grant ifJustified(Duration within) {
    return when(new Justified(within));
  }

  /** Makes the grant inactive until the key's owner approves the call. */
  public Grant ifApproved(PublicKey approver) {
    return ifApproved(1, approver);
  }

  /** Makes the grant inactive until {@code count} of the keys' owners approve the call. */
  public Grant ifApproved(int count, PublicKey... approvers) {
    return when(ApprovedBy.of(count, approvers));
  }

  /**
   * Makes the grant inactive until persons of a group, whom the verifier knows, approve the call.
   */
  public Grant ifApprovedByGroup(int count, String group) {
    return when(new ApprovedByGroup(count, group));
  }

  /** Adds an activation, which must be met before the grant is active. */
  Grant when(Activation activation) {
    return new Grant(tools, operations, resources, constraints, activations.and(activation));
  }

  /** The tools; empty if any will do. */
  public List<ToolPattern> tools() {
    return tools == null ? List.of() : patterns(tools.patterns(), ToolPattern::new);
  }

  /** The operations; empty if any will do, or none. */
  public List<String> operations() {
    return operations == null ? List.of() : operations.patterns();
  }

  /** The resources, prefixes with a star at the end; empty if any will do, or none. */
  public List<String> resources() {
    return resources == null ? List.of() : resources.patterns();
  }

  /** The constraints on arguments, in canonical order. */
  public List<Constraint> constraints() {
    return List.copyOf(constraints);
  }

  /** What must be there before the grant is active, in canonical order; empty if it always is. */
  public List<Activation> activations() {
    return activations.list();
  }

  /** True if the call fits this grant; agrees with the grant's Datalog. */
  public boolean allows(CallFacts facts) {
    return activations.areMet(facts) && covers(facts);
  }

  /** True if the call would fit this grant if it were active. */
  public boolean covers(CallFacts facts) {
    if (!test(tools, "tool", facts)
        || !test(operations, "operation", facts)
        || !test(resources, "resource", facts)) {
      return false;
    }
    for (ConstraintBody constraint : constraints) {
      if (!constraint.test(facts)) {
        return false;
      }
    }
    return true;
  }

  /** False only if no call of that tool, for all that is known of it, can ever fit this grant. */
  boolean mayCover(Grants.ToolOutline tool, Grants.ToolOutline.Work work) {
    return tool.mayFit(tools, operations, resources, constraints, work);
  }

  private static boolean test(@Nullable TextSet set, String predicate, CallFacts facts) {
    return set == null || Facts.anyText(facts, predicate, set::test);
  }

  /** Each point in which the call does not fit this grant; empty if it fits. */
  public List<Caveat.Mismatch> mismatches(CallFacts facts) {
    return mismatches(facts, Integer.MAX_VALUE);
  }

  /** The first of these points, about so many; a short token can name many long ones. */
  public List<Caveat.Mismatch> mismatches(CallFacts facts, int most) {
    return misses(facts).first(most);
  }

  /** The arguments that do not fit this grant. */
  public Set<String> refusedArguments(CallFacts facts) {
    return misses(facts).arguments();
  }

  Misses misses(CallFacts facts) {
    return new Misses(tools, operations, resources, constraints, activations, facts);
  }

  /** What both grants allow; null if nothing can ever fit both. */
  public @Nullable Grant intersect(Grant other) {
    return intersect(other, new PatternMemo());
  }

  @Nullable Grant intersect(Grant other, PatternMemo patterns) {
    if (TextSet.isDisjoint(tools, other.tools)
        || TextSet.isDisjoint(operations, other.operations)
        || TextSet.isDisjoint(resources, other.resources)) {
      return null;
    }
    List<ConstraintBody> all = constraints;
    for (ConstraintBody constraint : other.constraints) {
      all = all == null ? null : ConstraintLists.add(all, constraint);
    }
    all = all == null ? null : ConstraintLists.tighten(all, patterns);
    return all == null
        ? null
        : new Grant(
            TextSet.both(tools, other.tools),
            TextSet.both(operations, other.operations),
            TextSet.both(resources, other.resources),
            all,
            activations.and(other.activations));
  }

  /** How much there is to compare when this is intersected. */
  long weight() {
    long weight = 1L + activations.weight();
    for (TextSet set : Arrays.asList(tools, operations, resources)) {
      weight += set == null ? 0 : set.size();
    }
    for (ConstraintBody constraint : constraints) {
      weight += constraint instanceof OneOf listed ? listed.values().size() : 1;
    }
    return weight;
  }

  /** True if it asks for more approvals than one grant can; what several grants leave may do so. */
  boolean isTooLong() {
    return activations.areTooMany();
  }

  /** One such grant for each of its tools; the grant itself if it names none. */
  List<Grant> byTool() {
    List<Grant> each = new ArrayList<>();
    for (ToolPattern tool : tools()) {
      TextSet alone = ToolPattern.setOf(List.of(tool));
      each.add(new Grant(alone, operations, resources, constraints, activations));
    }
    return each.isEmpty() ? List.of(this) : each;
  }

  /** How this grant compares with one that it is meant to narrow. */
  public Grants.Narrowing comparedTo(Grant parent) {
    return comparedTo(parent, new PatternMemo());
  }

  Grants.Narrowing comparedTo(Grant parent, PatternMemo patterns) {
    List<String> wider = new ArrayList<>();
    if (tools == null && parent.tools != null) {
      // Operations and resources that a grant leaves out are its parent's; tools are always named.
      wider.add("any tool, wider than " + parent.tools.text(ConstraintLists.LONGEST));
    }
    TextSet.addWider(tools, parent.tools, "tools", wider);
    TextSet.addWider(operations, parent.operations, "operations", wider);
    TextSet.addWider(resources, parent.resources, "resources", wider);
    for (ConstraintBody theirs : parent.constraints) {
      ConstraintLists.addWider(constraints, theirs, wider);
    }
    activations.addWider(parent.activations, wider);
    return new Grants.Narrowing(wider, intersect(parent, patterns) == null);
  }

  /** The canonical query. */
  Query query() {
    List<Element> elements = new ArrayList<>();
    addElement(tools, "tool", elements);
    addElement(operations, "operation", elements);
    addElement(resources, "resource", elements);
    Variables variables = new Variables();
    for (ConstraintBody constraint : constraints) {
      elements.add(constraint.compile(variables));
    }
    activations.addElements(elements);
    return elements.isEmpty()
        ? new Query(List.of(), List.of(Syntax.TRUE), List.of())
        : Element.join(elements);
  }

  /** This grant with an element of a query read into it; null if that has no known shape. */
  @Nullable Grant with(Element element) {
    return switch (element.predicate().name()) {
      case "tool", "operation", "resource" ->
          element.predicate().terms().size() == 1 ? withText(element) : null;
      case "justified_for", "approved_by", "approvers" -> {
        Activation activation = Activations.read(element);
        yield activation == null ? null : when(activation);
      }
      default -> {
        ConstraintBody constraint = ConstraintKinds.read(element);
        yield constraint == null ? null : where(constraint);
      }
    };
  }

  private @Nullable Grant withText(Element element) {
    TextSet set = TextSet.read(BinaryOp.PREFIX, element.term(0), element.expressions());
    if (set == null) {
      return null;
    }
    String[] patterns = set.patterns().toArray(new String[0]);
    return switch (element.predicate().name()) {
      case "tool" ->
          new Grant(tools(patterns).tools, operations, resources, constraints, activations);
      case "operation" -> operations(patterns);
      default -> resources(patterns);
    };
  }

  private static void addElement(@Nullable TextSet set, String predicate, List<Element> elements) {
    if (set != null) {
      var term = set.term(() -> Syntax.variable(predicate));
      elements.add(Element.of(predicate, List.of(term), set.expressions(term)));
    }
  }

  private static <P> List<P> patterns(List<String> texts, Function<String, P> parse) {
    return texts.stream().map(parse).toList();
  }

  /** The grant in words, such as {@code jira.search, read, jira:project/ACME/Q3/*}. */
  public String words() {
    return words(Integer.MAX_VALUE);
  }

  /** The same, without the last constraints if it is longer than enough without them. */
  String words(int enough) {
    StringJoiner words = new StringJoiner(", ");
    if (tools == null) {
      words.add("any tool");
    }
    for (TextSet set : Arrays.asList(tools, operations, resources)) {
      if (set != null) {
        words.add(String.join(" or ", set.patterns()));
      }
    }
    for (int i = 0; i < constraints.size() && words.length() <= enough; i++) {
      words.add(constraints.get(i).text(enough));
    }
    if (!activations.isEmpty()) {
      words.add(activations.toString());
    }
    return words.toString();
  }

  /** The grant in the syntax of {@link #parse}. */
  @Override
  public String toString() {
    return text(Integer.MAX_VALUE);
  }

  /** The same, or the beginning of that, as {@link Constraint#text}. */
  public String text(int enough) {
    StringBuilder out = new StringBuilder(tools == null ? "*" : GrantText.words(tools.patterns()));
    if (operations != null) {
      out.append(' ').append(GrantText.words(operations.patterns()));
    }
    if (resources != null) {
      out.append(" on ").append(GrantText.words(resources.patterns()));
    }
    String separator = " where ";
    for (int i = 0; i < constraints.size() && out.length() <= enough; i++) {
      out.append(separator).append(constraints.get(i).text(enough));
      separator = " and ";
    }
    if (!activations.isEmpty()) {
      out.append(' ').append(activations);
    }
    return out.toString();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Grant other
        && Objects.equals(tools, other.tools)
        && Objects.equals(operations, other.operations)
        && Objects.equals(resources, other.resources)
        && constraints.equals(other.constraints)
        && activations.equals(other.activations);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tools, operations, resources, constraints, activations);
  }
}
