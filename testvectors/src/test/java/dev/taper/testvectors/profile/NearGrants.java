package dev.taper.testvectors.profile;

import dev.taper.TaperException;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Checks that are nearly grants: one thing is in another order, twice, left out, or another. Most
 * are grants no more, some still are; it decides which code a refusal has.
 */
final class NearGrants {
  /** What is written for something else, wherever it stands first. */
  private static final String[][] SWAPS = {
    {" <= ", " < "},
    {" >= ", " > "},
    {" === ", " == "},
    {"\"integer\"", "\"string\""},
    {"starts_with", "ends_with"},
    {"].contains", ", 1].contains"},
    {".all(", ".any("},
    {"check if", "check all"},
    {"$tool", "$t"},
    {"$arg", "$a"},
    {" || ", " && "},
    {"arg(\"", "arg(\"x"},
    {".length() >= ", ".length() > "},
    {"\"^(?:", "\"^("},
    {"443", "65536"},
    {"/data/reports\" ||", "/data\" ||"}
  };

  private final Luck luck;

  NearGrants(Luck luck) {
    this.luck = luck;
  }

  /** Another check that is near this one, or this one if what was made of it is no check. */
  Check of(Check grants) {
    try {
      return luck.percent(40) ? swapped(grants) : rearranged(grants);
    } catch (TaperException e) {
      return grants;
    }
  }

  private Check swapped(Check grants) {
    String text = grants.toString();
    List<String[]> there = new ArrayList<>();
    for (String[] swap : SWAPS) {
      if (text.contains(swap[0])) {
        there.add(swap);
      }
    }
    if (there.isEmpty()) {
      return grants;
    }
    String[] swap = there.get(luck.below(there.size()));
    int at = text.indexOf(swap[0]);
    String changed = text.substring(0, at) + swap[1] + text.substring(at + swap[0].length());
    return Datalog.block(changed + ";").checks().get(0);
  }

  private Check rearranged(Check grants) {
    List<Query> queries = new ArrayList<>(grants.queries());
    int which = luck.below(queries.size());
    Query query = queries.get(which);
    List<Predicate> predicates = new ArrayList<>(query.predicates());
    List<Expression> expressions = new ArrayList<>(query.expressions());
    switch (luck.below(7)) {
      case 0 -> Collections.reverse(predicates);
      case 1 -> Collections.reverse(expressions);
      case 2 -> twice(predicates);
      case 3 -> twice(expressions);
      case 4 -> without(expressions);
      case 5 -> queries.add(query);
      default -> {
        // Both in one: the more there is, the likelier two are of one kind.
        Query other = queries.get(luck.below(queries.size()));
        predicates.addAll(other.predicates());
        expressions.addAll(other.expressions());
      }
    }
    queries.set(which, new Query(predicates, expressions, query.scopes()));
    return new Check(grants.kind(), queries);
  }

  private <T> void twice(List<T> some) {
    if (!some.isEmpty()) {
      some.add(some.get(luck.below(some.size())));
    }
  }

  private <T> void without(List<T> some) {
    if (!some.isEmpty()) {
      some.remove(luck.below(some.size()));
    }
  }
}
