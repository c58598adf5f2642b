package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Check;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Query;
import dev.taper.datalog.Query.QueryExplanation;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a query matched or did not. It is off the hot path: plain loops, and a budget of
 * its own.
 */
final class Explainer {
  private static final int NEAREST = 3;

  private final FactStore facts;
  private final Program program;
  private final boolean service;
  private final Check.Kind kind;
  private final CompiledQuery code;
  private final long trusted;
  private final Frame frame;

  /** The relation of each predicate, or -1 if there is none. */
  private final int[] relations;

  /** The most predicates that matched together, and the values they matched with. */
  private int deepest;

  private Map<String, Term> deepestBindings = Map.of();

  /** The expression that was false in the furthest match, and that match. */
  private int furthest = -1;

  private Map<String, Term> furthestBindings = Map.of();

  private @Nullable Map<String, Term> firstMatch;
  private int evaluating;
  private boolean truncated;

  /**
   * @param query the query; a relation of it that does not exist is -1
   */
  Explainer(FactStore facts, Program program, Frame frame, Check.Kind kind, LinkedQuery query) {
    this.facts = facts;
    this.program = program;
    this.service = query.service;
    this.kind = kind;
    this.code = query.code;
    this.trusted = query.trusted;
    this.frame = frame;
    this.relations = query.relations;
  }

  QueryExplanation explain() {
    @Nullable QueryExplanation found = null;
    try {
      found = search();
    } catch (TaperException e) {
      requireLimit(e);
    }
    Query query = code.source;
    if (found != null) {
      return found;
    }
    if (furthest >= 0) {
      return new QueryExplanation.FalseExpression(query, furthest, furthestBindings, truncated);
    }
    if (firstMatch != null) {
      return new QueryExplanation.Match(query, firstMatch, truncated);
    }
    if (deepest == relations.length && code.expressions.length == 0) {
      return new QueryExplanation.Match(query, deepestBindings, truncated);
    }
    if (deepest == relations.length) {
      // A match was found, but its expressions used up the budget.
      return new QueryExplanation.Failed(
          query, evaluating, ErrorCode.TOO_MUCH_WORK, deepestBindings);
    }
    int index = deepest;
    List<OriginFact> near = nearest(index, true);
    List<OriginFact> untrusted = nearest(index, false);
    return new QueryExplanation.NoFact(query, index, deepestBindings, near, untrusted, truncated);
  }

  private void requireLimit(TaperException e) {
    if (e.code().category() != ErrorCode.Category.LIMIT) {
      throw e;
    }
    truncated = true;
  }

  /** Goes through the matches of the predicates; returns the answer if one match gives it. */
  private @Nullable QueryExplanation search() {
    int last = relations.length - 1;
    int[] next = new int[relations.length];
    for (int d = 0; d >= 0; ) {
      if (d > deepest) {
        deepest = d;
        deepestBindings = Map.of(); // none of another match, if the budget ends here
        deepestBindings = bindings(d);
      }
      if (d > last) {
        QueryExplanation answer = full();
        if (answer != null) {
          return answer;
        }
        d--;
      } else if (advance(d, next)) {
        d++;
        if (d <= last) {
          next[d] = 0;
        }
      } else {
        d--;
      }
    }
    return null;
  }

  private boolean advance(int d, int[] next) {
    if (relations[d] < 0) {
      return false;
    }
    Relation relation = facts.relation(relations[d]);
    while (next[d] < relation.size) {
      frame.budget.charge(1);
      int row = next[d]++;
      if ((relation.origin(row) & ~trusted) == 0 && code.atoms[d].matches(frame, relation, row)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable QueryExplanation full() {
    for (int i = 0; i < code.expressions.length; i++) {
      evaluating = i;
      boolean holds;
      try {
        holds = code.expressions[i].test(frame);
      } catch (TaperException e) {
        if (e.code().category() == ErrorCode.Category.LIMIT) {
          throw e;
        }
        return new QueryExplanation.Failed(code.source, i, e.code(), bindings(relations.length));
      }
      if (!holds) {
        if (i > furthest) {
          furthest = i;
          furthestBindings = Map.of();
          furthestBindings = bindings(relations.length);
        }
        return kind == Check.Kind.ALL
            ? new QueryExplanation.FalseExpression(
                code.source, i, bindings(relations.length), false)
            : null;
      }
    }
    if (firstMatch == null) {
      firstMatch = bindings(relations.length);
    }
    return kind == Check.Kind.ALL
        ? null
        : new QueryExplanation.Match(code.source, firstMatch, false);
  }

  /** Returns the values that the first predicates bind. */
  private Map<String, Term> bindings(int atoms) {
    Map<String, Term> bindings = new LinkedHashMap<>();
    for (int i = 0; i < atoms; i++) {
      Atom atom = code.atoms[i];
      frame.budget.charge(atom.slots.length);
      for (int c = 0; c < atom.slots.length; c++) {
        if (atom.constants[c] == null && atom.slots[c] >= 0) {
          bindings.put(variable(i, c), frame.slots[atom.slots[c]]);
        }
      }
    }
    return Collections.unmodifiableMap(bindings);
  }

  /** Returns the name of the variable in a column of a predicate. */
  private String variable(int atom, int column) {
    return ((Term.Variable) code.source.predicates().get(atom).terms().get(column)).name();
  }

  private List<OriginFact> nearest(int index, boolean visible) {
    List<OriginFact> best = new ArrayList<>();
    List<Integer> scores = new ArrayList<>();
    String name = code.source.predicates().get(index).name();
    try {
      for (int id = 0; id < facts.predicates(); id++) {
        frame.budget.charge(1);
        if (isSeen(id) && facts.name(id).equals(name)) {
          nearest(index, id, visible, best, scores);
        }
      }
    } catch (TaperException e) {
      requireLimit(e);
    }
    return List.copyOf(best);
  }

  /**
   * True if the asking side may see a relation: a block never sees the service's, the service sees
   * both.
   */
  private boolean isSeen(int id) {
    return service || id >= program.apart.length || !program.apart[id];
  }

  /** Ranks the facts of one arity; among equals, the earlier fact stays first. */
  private void nearest(
      int index, int id, boolean visible, List<OriginFact> best, List<Integer> scores) {
    Relation relation = facts.relation(id);
    for (int row = 0; row < relation.size; row++) {
      frame.budget.charge(1);
      long origin = relation.origin(row);
      boolean copied = service && program.isTokens(id) && program.isCopied(id, origin);
      if (copied || ((origin & ~trusted) == 0) != visible) {
        continue;
      }
      boolean same =
          id == relations[index] || (relations[index] >= 0 && program.mate(id) == relations[index]);
      int score = same ? equalTerms(index, relation, row) : -1;
      int place = scores.size();
      while (place > 0 && scores.get(place - 1) < score) {
        place--;
      }
      if (place < NEAREST) {
        scores.add(place, score);
        best.add(place, facts.fact(id, row));
        if (best.size() > NEAREST) {
          scores.remove(NEAREST);
          best.remove(NEAREST);
        }
      }
    }
  }

  /** Counts the terms of a fact that are what the predicate asks for under the bindings. */
  private int equalTerms(int index, Relation relation, int row) {
    Atom atom = code.atoms[index];
    int equal = 0;
    for (int c = 0; c < atom.slots.length; c++) {
      Term wanted = atom.constants[c];
      if (wanted == null) {
        wanted = deepestBindings.get(variable(index, c));
      }
      if (wanted != null
          && Values.same(wanted, relation.page(row)[relation.at(row) + c], frame.budget)) {
        equal++;
      }
    }
    return equal;
  }
}
