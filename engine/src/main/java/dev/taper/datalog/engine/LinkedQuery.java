package dev.taper.datalog.engine;

import dev.taper.datalog.Query;
import java.util.List;

/**
 * A query in its place: its predicates are relations of one program, and whose facts it sees is
 * known. Immutable.
 */
final class LinkedQuery {
  private static final int[] NO_RELATIONS = {};

  /** No predicates, no expressions. */
  static final LinkedQuery NONE =
      new LinkedQuery(
          new CompiledQuery(
              new Query(List.of(), List.of(), List.of()), new Atom[0], new Node[0], 0),
          NO_RELATIONS,
          0,
          false);

  final CompiledQuery code;

  /** By atom: the number of its relation. */
  final int[] relations;

  /** The origins that are trusted, as a mask: a fact is seen if its origin is a subset. */
  final long trusted;

  /** True if it is the service's own business, which a token is not to find out about. */
  final boolean service;

  LinkedQuery(CompiledQuery code, int[] relations, long trusted, boolean service) {
    this.service = service;
    this.code = code;
    this.relations = relations;
    this.trusted = trusted;
  }
}
