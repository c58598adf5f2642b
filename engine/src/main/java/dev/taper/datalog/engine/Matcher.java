package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the matches of a query's predicates, one at a time, in the order of nested loops over the
 * facts in their order of insertion. It is that order that makes results, and errors, independent
 * of hashing and of the shortcuts below.
 *
 * <ul>
 *   <li>Look-ups: after a few scans of a larger relation, an index over the columns that are known
 *       is made and used from then on.
 *   <li>Semi-naive rounds: only matches with at least one fact of the last round are new. Where no
 *       later predicate can supply one and none before did, a loop starts at the first such fact.
 *       No match is lost or reordered, and old ones are met again only inside a loop whose result
 *       may be new.
 * </ul>
 *
 * <p>The loops are one loop over arrays of cursors: a body of any length needs no stack. Each
 * candidate is charged one step, so the steps bound the time of any join.
 */
final class Matcher {
  /** Relations of at most this many rows are always scanned. */
  private static final int SCAN = 16;

  /** So many scans of one larger relation for one query are tolerated before it is indexed. */
  private static final int TOLERATED_SCANS = 2;

  /** Instead of the rows of an index: all of them. */
  private static final int[] EVERY_ROW = {};

  private final FactStore facts;
  private final Frame frame;
  private final int[] positions;
  private final int[] ends;
  private final int[] rows;
  private final int[] scans;
  private final long[] origins;
  private final int[][] postings;

  private final Term[] key;

  private LinkedQuery query = LinkedQuery.NONE;
  private int @Nullable [] deltas;
  private int @Nullable [] visible;
  private int depth;
  private int lastDelta;

  /**
   * @param atoms the most predicates a query has
   * @param width the most terms a predicate has
   */
  Matcher(FactStore facts, Frame frame, int atoms, int width) {
    this.facts = facts;
    this.frame = frame;
    this.positions = new int[atoms];
    this.ends = new int[atoms];
    this.rows = new int[atoms];
    this.scans = new int[atoms];
    this.origins = new long[atoms];
    this.postings = new int[atoms][];
    this.key = new Term[width];
  }

  /** Starts over all facts. */
  void start(LinkedQuery newQuery) {
    start(newQuery, null, null);
  }

  /**
   * Starts over the facts of earlier rounds, for matches that are new.
   *
   * @param newDeltas by relation, the first row of the last round
   * @param newVisible by relation, the number of rows that this round sees
   */
  void start(LinkedQuery newQuery, int @Nullable [] newDeltas, int @Nullable [] newVisible) {
    query = newQuery;
    deltas = newDeltas;
    visible = newVisible;
    depth = -1;
    lastDelta = -1;
    Arrays.fill(scans, 0, newQuery.relations.length, 0);
    if (newDeltas != null && newVisible != null) {
      for (int i = newQuery.relations.length - 1; i >= 0 && lastDelta < 0; i--) {
        int relation = newQuery.relations[i];
        if (newDeltas[relation] < newVisible[relation]) {
          lastDelta = i;
        }
      }
    }
  }

  /** Goes to the next match; the frame's slots hold its values. */
  boolean next() {
    int last = query.relations.length - 1;
    int d = depth;
    if (d < 0) {
      if (last < 0) {
        depth = 0;
        return true; // no predicates: one match
      }
      if (deltas != null && lastDelta < 0) {
        return false;
      }
      d = 0;
      enter(0);
    } else if (last < 0) {
      return false;
    }
    while (true) {
      if (!advance(d)) {
        if (d-- == 0) {
          return false;
        }
      } else if (d == last) {
        depth = d;
        return true;
      } else {
        enter(++d);
      }
    }
  }

  /** The union of the origins of the matched facts. */
  long origin() {
    int last = query.relations.length - 1;
    return last < 0 ? 0 : origins[last];
  }

  /** The row that an atom matched. */
  int row(int atom) {
    return rows[atom];
  }

  private void enter(int d) {
    int id = query.relations[d];
    int end = visible == null ? facts.relation(id).size : visible[id];
    int start = 0;
    if (deltas != null && d == lastDelta && !metDelta(d, deltas)) {
      start = deltas[id];
    }
    int[] columns = query.code.atoms[d].key;
    if (end - start > SCAN && columns.length > 0) {
      Index index = index(id, d, columns);
      if (index != null) {
        lookUp(index, id, d, start, end);
        return;
      }
    }
    postings[d] = EVERY_ROW;
    positions[d] = start;
    ends[d] = end;
  }

  private boolean metDelta(int d, int[] from) {
    for (int i = 0; i < d; i++) {
      if (rows[i] >= from[query.relations[i]]) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Index index(int id, int d, int[] columns) {
    Index index = facts.relation(id).index(columns);
    // The first loop scans its relation once, so an index made for it alone would not pay.
    return index != null || d == 0 || scans[d]++ < TOLERATED_SCANS
        ? index
        : facts.ownRelation(id).addIndex(columns);
  }

  private void lookUp(Index index, int id, int d, int start, int end) {
    Relation relation = facts.relation(id);
    index.extend(relation, end, frame.budget);
    Atom atom = query.code.atoms[d];
    for (int k = 0; k < atom.key.length; k++) {
      Term constant = atom.constants[atom.key[k]];
      key[k] = constant != null ? constant : frame.slots[~atom.slots[atom.key[k]]];
    }
    int group = index.find(relation, key, frame.budget);
    if (group < 0) {
      positions[d] = 0;
      ends[d] = 0;
      postings[d] = EVERY_ROW;
    } else {
      postings[d] = index.postings(group);
      positions[d] = index.position(group, start);
      ends[d] = index.count(group);
    }
  }

  /** Goes to the next matching row of an atom. */
  private boolean advance(int d) {
    Relation relation = facts.relation(query.relations[d]);
    Atom atom = query.code.atoms[d];
    int[] chosen = postings[d];
    int end = ends[d];
    for (int at = positions[d]; at < end; at++) {
      frame.budget.charge(1);
      int row = chosen == EVERY_ROW ? at : chosen[at];
      long origin = relation.origins[row];
      if ((origin & ~query.trusted) == 0 && atom.matches(frame.slots, relation, row)) {
        positions[d] = at + 1;
        rows[d] = row;
        origins[d] = d == 0 ? origin : origins[d - 1] | origin;
        return true;
      }
    }
    return false;
  }
}
