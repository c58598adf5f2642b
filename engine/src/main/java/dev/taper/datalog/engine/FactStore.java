package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the facts of one world. The program's facts stay where they are: a relation becomes the
 * world's own only when something is added to it. So a request costs what it adds (and, once for
 * each relation it adds to, a copy of that relation's references). A fact of the request costs one
 * look-up by its predicate's name; one that nothing in the program asks for is not stored until
 * somebody lists the facts.
 */
final class FactStore {
  private static final int[] NONE = {};

  private final Program program;
  private final List<Fact> requestFacts;
  private final Frame frame;
  private final Term[] row;
  private Relation[] relations;

  /** True while facts of the request are left out that nothing in the program can see. */
  private boolean unsettled;

  /** Predicates that only occur in facts added here, numbered after the program's. */
  private @Nullable PredicateTable extra;

  private int size;
  private int serviceSize;

  /**
   * The derived facts in order, in runs of one relation: its number, or the complement of it for
   * facts that are copies from its mate, then how many.
   */
  private int[] runs = NONE;

  private int runsEnd;
  private int derivedCount;

  /**
   * @throws TaperException {@link ErrorCode#INVALID_DATALOG} if a fact is nested too deeply
   */
  FactStore(Program program, List<Fact> requestFacts, Frame frame) {
    this.program = program;
    this.requestFacts = requestFacts;
    this.frame = frame;
    this.relations = program.relations.clone();
    this.size = program.facts;
    this.serviceSize = program.serviceFacts;
    this.row = program.width == 0 ? BlockProgram.NO_TERMS : new Term[program.width];
    for (int i = 0; i < requestFacts.size(); i++) {
      Predicate fact = requestFacts.get(i).predicate();
      List<Term> terms = fact.terms();
      for (int c = 0; c < terms.size(); c++) {
        QueryCompiler.constant(terms.get(c));
      }
      int id = program.predicates.find(fact.name(), terms.size());
      if (id >= 0) {
        addRequest(id, terms.toArray(row));
      } else {
        unsettled = true;
      }
    }
  }

  /** Adds the facts that no rule, check or policy can see; most requests never need them. */
  private void settle() {
    if (unsettled) {
      unsettled = false;
      for (Fact fact : requestFacts) {
        List<Term> terms = fact.predicate().terms();
        if (program.predicates.find(fact.predicate().name(), terms.size()) < 0) {
          addRequest(number(fact), terms.toArray(row));
        }
      }
    }
  }

  /** Returns the number of a fact's predicate, a new one if need be. */
  private int number(Fact fact) {
    String name = fact.predicate().name();
    int arity = fact.predicate().terms().size();
    int id = find(name, arity);
    if (id < 0) {
      if (extra == null) {
        extra = new PredicateTable();
      }
      id = program.predicates.size() + extra.add(name, arity);
      relations = Arrays.copyOf(relations, id + 1);
      relations[id] = new Relation(arity);
    }
    return id;
  }

  /** Returns the number of a predicate, or -1 if no fact, rule or query has it. */
  int find(String name, int arity) {
    settle();
    int id = program.predicates.find(name, arity);
    if (id < 0 && extra != null) {
      int more = extra.find(name, arity);
      return more < 0 ? -1 : program.predicates.size() + more;
    }
    return id;
  }

  /** The number of predicates. */
  int predicates() {
    settle();
    return relations.length;
  }

  String name(int id) {
    int own = program.predicates.size();
    return id < own || extra == null ? program.predicates.name(id) : extra.name(id - own);
  }

  Relation relation(int id) {
    return relations[id];
  }

  /** Returns a relation that may be changed. */
  Relation ownRelation(int id) {
    Relation relation = relations[id];
    if (id < program.relations.length && relation == program.relations[id]) {
      relation = relation.copy();
      relations[id] = relation;
    }
    return relation;
  }

  /** The number of facts; a fact of two origins counts twice. */
  int size() {
    settle();
    return size;
  }

  /** The number of facts that are charged to one side; all facts if there are no sides. */
  int size(boolean service) {
    if (!program.isConfidential()) {
      return size();
    }
    settle();
    return service ? serviceSize : size - serviceSize;
  }

  private void count(boolean service) {
    size++;
    serviceSize += service ? 1 : 0;
  }

  private void addRequest(int id, Term[] row) {
    if (ownRelation(id).add(Origin.AUTHORIZER_BIT, row, frame.budget)) {
      count(true);
      copy(id, Origin.AUTHORIZER_BIT, row);
    }
  }

  /** Adds a fact to the other relation of its predicate, if that side may see it. */
  private int copy(int id, long origin, Term[] row) {
    int mate = program.mate(id);
    if (mate < 0 || !program.isCopied(id, origin)) {
      return -1;
    }
    return ownRelation(mate).add(origin, row, frame.budget) ? mate : -1;
  }

  /** Adds a fact that a rule derived. */
  void derive(int id, long origin, Term[] row, boolean service) {
    if (ownRelation(id).add(origin, row, frame.budget)) {
      derived(id, origin, row, service);
    }
  }

  /** Adds facts that a rule derived to a large relation. */
  void derive(int id, Heads heads, boolean service) {
    Relation relation = ownRelation(id);
    heads.find(relation, frame.budget);
    for (int i = 0; i < heads.size; i++) {
      if (relation.add(heads.origins[i], heads.rows[i], heads.hashes[i], frame.budget)) {
        derived(id, heads.origins[i], heads.rows[i], service);
      }
    }
    heads.size = 0;
  }

  private void derived(int id, long origin, Term[] row, boolean service) {
    count(service);
    derived(id);
    derivedCount++;
    int mate = copy(id, origin, row);
    if (mate >= 0) {
      derived(~mate);
    }
  }

  private void derived(int id) {
    if (runsEnd == 0 || runs[runsEnd - 2] != id) {
      if (runsEnd == runs.length) {
        runs = Arrays.copyOf(runs, Math.max(8, 2 * runsEnd));
      }
      runs[runsEnd] = id;
      runs[runsEnd + 1] = 0;
      runsEnd += 2;
    }
    runs[runsEnd - 1]++;
  }

  /** Adds a fact that a rule derived at another time. */
  void derive(OriginFact fact) {
    List<Term> terms = fact.fact().predicate().terms();
    for (Term term : terms) {
      QueryCompiler.constant(term);
    }
    derive(number(fact.fact()), fact.origin().mask(), terms.toArray(BlockProgram.NO_TERMS), false);
  }

  /** Returns a row as a fact with its origin. */
  OriginFact fact(int id, int row) {
    Relation relation = relations[id];
    return new OriginFact(new Origin(relation.origin(row)), relation.fact(name(id), row));
  }

  /**
   * Lists all facts: the token's by block, the authorizer's, the request's, then the derived ones.
   */
  List<OriginFact> list() {
    settle();
    List<OriginFact> facts = new ArrayList<>(size);
    int[] rows = new int[relations.length];
    for (int i = 0; i < program.blocks.size(); i++) {
      collect(program.blocks.get(i).block().facts(), 1L << i, rows, facts);
    }
    for (Fact fact : program.authorizer.code().block().facts()) {
      boolean shared = program.authorizer.isShared(fact.predicate().name());
      long origin = shared ? Origin.AUTHORIZER_BIT : Origin.SERVICE_BIT;
      collect(List.of(fact), origin, rows, facts);
    }
    collect(requestFacts, Origin.AUTHORIZER_BIT, rows, facts);
    collectDerived(rows, facts);
    return List.copyOf(facts);
  }

  /** Lists the facts that rules derived, in that order. */
  List<OriginFact> listDerived() {
    int[] rows = new int[relations.length];
    for (int id = 0; id < rows.length; id++) {
      rows[id] = relations[id].size;
    }
    for (int i = 0; i < runsEnd; i += 2) {
      rows[runs[i] < 0 ? ~runs[i] : runs[i]] -= runs[i + 1];
    }
    List<OriginFact> facts = new ArrayList<>(derivedCount);
    collectDerived(rows, facts);
    return List.copyOf(facts);
  }

  private void collectDerived(int[] rows, List<OriginFact> to) {
    for (int i = 0; i < runsEnd; i += 2) {
      if (runs[i] < 0) {
        rows[~runs[i]] += runs[i + 1];
        continue;
      }
      for (int left = runs[i + 1]; left > 0; left--) {
        to.add(fact(runs[i], rows[runs[i]]++));
      }
    }
  }

  /**
   * Collects facts; rows keep the order of adding, so a fact that is not the next row is an older
   * one.
   */
  private void collect(List<Fact> sources, long origin, int[] rows, List<OriginFact> to) {
    Budget free = Budget.unlimited();
    boolean service = (origin & (Origin.AUTHORIZER_BIT | Origin.SERVICE_BIT)) != 0;
    for (Fact fact : sources) {
      int known = find(fact.predicate().name(), fact.predicate().terms().size());
      int id = program.seen(known, service);
      Term[] row = fact.predicate().terms().toArray(BlockProgram.NO_TERMS);
      if (relations[id].isRow(rows[id], origin, row, free)) {
        rows[id]++;
        to.add(new OriginFact(new Origin(origin), fact));
        int mate = program.mate(id);
        if (mate >= 0 && relations[mate].isRow(rows[mate], origin, row, free)) {
          rows[mate]++;
        }
      }
    }
  }
}
