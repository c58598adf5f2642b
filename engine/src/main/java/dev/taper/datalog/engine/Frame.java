package dev.taper.datalog.engine;

import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Term;

/**
 * Holds what an expression reads while it is evaluated: the variables and the budget. Variables are
 * slots of one array, numbered by the compiler. So binding a variable is one store, and trying the
 * next fact undoes nothing: a slot is always written before it is read.
 */
final class Frame {
  /** The values of the variables by slot; parameters of closures follow the query's variables. */
  final Term[] slots;

  final ExternFunctions externs;

  /** The account in use, and the regular expressions that it paid for. */
  Budget budget;

  RegexCache regexes;

  private final Accounts work;
  private final RegexCache tokenRegexes;
  private final RegexCache serviceRegexes;

  Frame(int slots, Accounts work, ExternFunctions externs) {
    this.slots = new Term[slots];
    this.externs = externs;
    this.work = work;
    this.tokenRegexes = new RegexCache();
    this.serviceRegexes = work.token == work.service ? tokenRegexes : new RegexCache();
    this.budget = work.service;
    this.regexes = serviceRegexes;
  }

  /** Makes a frame with slots of its own, and the accounts of another. */
  Frame(int slots, Frame base) {
    this.slots = new Term[slots];
    this.externs = base.externs;
    this.work = base.work;
    this.tokenRegexes = base.tokenRegexes;
    this.serviceRegexes = base.serviceRegexes;
    this.budget = base.budget;
    this.regexes = base.regexes;
  }

  /** Charges the work that follows to the service, or to the token. */
  void use(boolean service) {
    budget = service ? work.service : work.token;
    regexes = service ? serviceRegexes : tokenRegexes;
  }
}
