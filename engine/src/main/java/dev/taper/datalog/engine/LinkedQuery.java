package dev.taper.datalog.engine;

import dev.taper.datalog.Query;
import java.util.List;

/**
 * A query in its place in a program: its predicates are relations of the program, and it is known
 * whose facts it sees. Immutable.
 */
final class LinkedQuery {
  private static final int[] NO_RELATIONS = {};

  /** The query without predicates and expressions. */
  static final LinkedQuery NONE =
      new LinkedQuery(
          new CompiledQuery(
              new Query(List.of(), List.of(), List.of()), new Atom[0], new Node[0], 0),
          NO_RELATIONS,
          0,
          false);

  final CompiledQuery code;

  /** The number of each atom's relation. */
  final int[] relations;

  /** The trusted origins, as a mask: a fact is seen if its origin is a subset. */
  final long trusted;

  /** True if the query is the service's own, which a token must not find out about. */
  final boolean service;

  LinkedQuery(CompiledQuery code, int[] relations, long trusted, boolean service) {
    this.service = service;
    this.code = code;
    this.relations = relations;
    this.trusted = trusted;
  }
}
