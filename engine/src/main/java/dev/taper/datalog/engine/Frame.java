package dev.taper.datalog.engine;

import dev.taper.datalog.Term;

/**
 * What an expression reads while it is evaluated: the variables, and what it may use. Variables are
 * slots of one array, numbered when compiling, so that binding one is a store and trying the next
 * fact undoes nothing: a slot is always written before it is read.
 */
final class Frame {
  /** Values of the variables by slot; parameters of closures follow those of the query. */
  final Term[] slots;

  final Budget budget;
  final ExternFunctions externs;
  final RegexCache regexes;

  Frame(int slots, Budget budget, ExternFunctions externs, RegexCache regexes) {
    this.slots = new Term[slots];
    this.budget = budget;
    this.externs = externs;
    this.regexes = regexes;
  }
}
