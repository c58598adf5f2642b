package dev.taper.datalog.engine;

import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/**
 * Holds what an expression reads while it is evaluated: the variables and the budget. Variables are
 * slots of one array, numbered by the compiler. So binding a variable is one store, and trying the
 * next fact undoes nothing: a slot is always written before it is read.
 */
final class Frame {
  /** The values of the variables by slot; parameters of closures follow the query's variables. */
  final Term[] slots;

  final ExternFunctions externs;

  /** The account in use. */
  Budget budget;

  private final Accounts work;

  /** Keeps the regular expressions, of which most evaluations have none. */
  private final Frame root;

  private @Nullable RegexCache tokenRegexes;
  private @Nullable RegexCache serviceRegexes;

  Frame(int slots, Accounts work, ExternFunctions externs) {
    this.slots = new Term[slots];
    this.externs = externs;
    this.work = work;
    this.root = this;
    this.budget = work.service;
  }

  /** Makes a frame with slots of its own, and the accounts and regular expressions of another. */
  Frame(int slots, Frame base) {
    this.slots = new Term[slots];
    this.externs = base.externs;
    this.work = base.work;
    this.root = base.root;
    this.budget = base.budget;
  }

  /** Charges the work that follows to the service, or to the token. */
  void use(boolean service) {
    budget = service ? work.service : work.token;
  }

  /** The regular expressions that the account in use paid for. */
  RegexCache regexes() {
    return root.regexes(budget == work.service);
  }

  private RegexCache regexes(boolean service) {
    RegexCache known = service ? serviceRegexes : tokenRegexes;
    if (known == null) {
      known = new RegexCache();
      if (service) {
        serviceRegexes = known;
      } else {
        tokenRegexes = known;
      }
    }
    return known;
  }
}
