package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the matches of a query's predicates, one at a time, in the order of nested loops over the
 * facts in their order of insertion. That order makes results, and errors, independent of hashing
 * and of the shortcuts below.
 *
 * <ul>
 *   <li>Look-ups: an index over the known columns is used if there is one. An authorizer's data
 *       come with the indexes that its own queries need; any other larger relation gets one after a
 *       few scans.
 *   <li>Semi-naive rounds: only matches with at least one fact of the last round are new. If no
 *       later predicate can supply one and none before did, a loop starts at the first such fact.
 *       No match is lost or reordered, and old ones are met again only inside a loop whose result
 *       may be new.
 * </ul>
 *
 * <p>The loops are one loop over arrays of cursors, so a body of any length needs no stack. Each
 * candidate is charged one step, so the steps bound the time of any join.
 */
final class Matcher {
  /** Relations of at most this many rows are always scanned. */
  static final int SCAN = 16;

  /** How many scans of one larger relation for one query are tolerated before it is indexed. */
  private static final int TOLERATED_SCANS = 2;

  /** Stands for all rows, in place of the rows that a look-up found. */
  private static final int[] EVERY_ROW = {};

  private final FactStore facts;
  private final Frame frame;
  private final int atoms;
  private final int width;

  /** The place that each atom tries next. */
  private final int[] positions;

  private final int[] ends;

  private LinkedQuery query = LinkedQuery.NONE;
  private int @Nullable [] deltas;
  private int @Nullable [] visible;
  private int depth;
  private int lastDelta;

  /** Made for the first larger relation; most requests have none. */
  private @Nullable LookUps lookUps;

  /** The state of look-ups. */
  private static final class LookUps {
    /** The rows to try for each atom, which positions then count. */
    final int[][] rows;

    /** The number of scans of each atom's relation that had no index. */
    final int[] scans;

    final Term[] key;

    LookUps(int atoms, int width) {
      this.rows = new int[atoms][];
      Arrays.fill(rows, EVERY_ROW);
      this.scans = new int[atoms];
      this.key = new Term[width];
    }
  }

  /**
   * @param atoms the most predicates that a query has
   * @param width the most terms that a predicate has
   */
  Matcher(FactStore facts, Frame frame, int atoms, int width) {
    this.facts = facts;
    this.frame = frame;
    this.atoms = atoms;
    this.width = width;
    this.positions = new int[atoms];
    this.ends = new int[atoms];
  }

  /** Starts over all facts. */
  void start(LinkedQuery newQuery) {
    start(newQuery, null, null);
  }

  /**
   * Starts over the facts of earlier rounds, for new matches only.
   *
   * @param newDeltas for each relation, the first row of the last round
   * @param newVisible for each relation, the number of rows that this round sees
   */
  void start(LinkedQuery newQuery, int @Nullable [] newDeltas, int @Nullable [] newVisible) {
    query = newQuery;
    deltas = newDeltas;
    visible = newVisible;
    depth = -1;
    lastDelta = -1;
    if (lookUps != null) {
      Arrays.fill(lookUps.scans, 0);
    }
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

  /** Returns the union of the origins of the matched facts. */
  long origin() {
    long origin = 0;
    for (int i = 0; i < query.relations.length; i++) {
      origin |= facts.relation(query.relations[i]).origin(row(i));
    }
    return origin;
  }

  /** Returns the row that an atom matched. */
  private int row(int atom) {
    int at = positions[atom] - 1;
    int[] rows = lookUps == null ? EVERY_ROW : lookUps.rows[atom];
    return rows == EVERY_ROW ? at : rows[at];
  }

  private void enter(int d) {
    int id = query.relations[d];
    int end = visible == null ? facts.relation(id).size : visible[id];
    int start = 0;
    if (deltas != null && d == lastDelta && !metDelta(d, deltas)) {
      start = deltas[id];
    }
    if (end - start > SCAN && query.code.atoms[d].key.length > 0) {
      lookUp(id, d, start, end);
      return;
    }
    scan(d, start, end);
  }

  private void scan(int d, int start, int end) {
    positions[d] = start;
    ends[d] = end;
    if (lookUps != null) {
      lookUps.rows[d] = EVERY_ROW;
    }
  }

  private boolean metDelta(int d, int[] from) {
    for (int i = 0; i < d; i++) {
      if (row(i) >= from[query.relations[i]]) {
        return true;
      }
    }
    return false;
  }

  private void lookUp(int id, int d, int start, int end) {
    LookUps own = lookUps;
    if (own == null) {
      own = new LookUps(atoms, width);
      lookUps = own;
    }
    Atom atom = query.code.atoms[d];
    Relation relation = facts.relation(id);
    Index index = relation.index(atom.key, query.service);
    if (index == null) {
      // The first loop scans its relation once, so an index made for it alone would not pay.
      if (d == 0 || own.scans[d]++ < TOLERATED_SCANS) {
        scan(d, start, end);
        return;
      }
      relation = facts.ownRelation(id);
      index = relation.addIndex(atom.key, query.service);
    }
    index.extend(relation, end, frame.budget);
    for (int k = 0; k < atom.key.length; k++) {
      Term constant = atom.constants[atom.key[k]];
      own.key[k] = constant != null ? constant : frame.slots[~atom.slots[atom.key[k]]];
    }
    int[] rows = index.find(own.key, frame.budget);
    if (rows == null) {
      scan(d, 0, 0);
      return;
    }
    own.rows[d] = rows;
    ends[d] = rows[0] + 1;
    positions[d] = 1;
    if (start > 0) {
      int at = Arrays.binarySearch(rows, 1, rows[0] + 1, start);
      positions[d] = at < 0 ? ~at : at;
    }
  }

  /** Goes to the next matching row of an atom. */
  private boolean advance(int d) {
    Relation relation = facts.relation(query.relations[d]);
    Atom atom = query.code.atoms[d];
    int[] rows = lookUps == null ? EVERY_ROW : lookUps.rows[d];
    int end = ends[d];
    for (int at = positions[d]; at < end; at++) {
      frame.budget.charge(1);
      int row = rows == EVERY_ROW ? at : rows[at];
      if ((relation.origin(row) & ~query.trusted) == 0 && atom.matches(frame, relation, row)) {
        positions[d] = at + 1;
        return true;
      }
    }
    return false;
  }
}
