package dev.taper.benchmarks.containment;

import java.util.List;

/**
 * The figures of one suite, or of all, under grants of one style.
 *
 * @param suite the suite, or "all"
 * @param style how the grants were written
 * @param tasks how many user tasks there are
 * @param kept how many still work
 * @param pairs how many pairs of a user task and an attack that makes calls there are
 * @param contained pairs in which no call with an effect ran
 * @param containedAsMarked pairs in which none ran that chose only what the corpus marks free
 * @param askedByTasks approvals that the user was asked for by user tasks
 * @param askedByAttacks approvals that the user was asked for by attacks, one for each call
 * @param askingPairs attacks that asked for one
 * @param askedAgain approvals that attacks asked for by changing a call that was refused
 */
record Row(
    String suite,
    GrantStyle style,
    int tasks,
    int kept,
    int pairs,
    int contained,
    int containedAsMarked,
    int askedByTasks,
    int askedByAttacks,
    int askingPairs,
    int askedAgain) {
  static final String ALL = "all";

  /** The figures of one suite. */
  static Row of(Tally tally) {
    return new Row(
        tally.suite(),
        tally.style(),
        tally.tasks().size(),
        tally.kept(),
        tally.pairs().size(),
        tally.contained(),
        tally.containedAsMarked(),
        tally.askedByTasks(),
        tally.askedByAttacks(),
        tally.askingPairs(),
        tally.askedAgain());
  }

  /** The figures of all suites under grants of one style. */
  static Row sum(List<Row> rows, GrantStyle style) {
    Row sum = new Row(ALL, style, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    for (Row row : rows) {
      sum = row.style() == style ? sum.plus(row) : sum;
    }
    return sum;
  }

  private Row plus(Row other) {
    return new Row(
        suite,
        style,
        tasks + other.tasks,
        kept + other.kept,
        pairs + other.pairs,
        contained + other.contained,
        containedAsMarked + other.containedAsMarked,
        askedByTasks + other.askedByTasks,
        askedByAttacks + other.askedByAttacks,
        askingPairs + other.askingPairs,
        askedAgain + other.askedAgain);
  }

  /** The share of pairs that were contained, in percent. */
  double containedPercent() {
    return 100.0 * contained / pairs;
  }
}
