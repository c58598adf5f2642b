package dev.taper.benchmarks.containment;

import dev.taper.benchmarks.containment.corpus.Call;
import java.util.List;

/**
 * What came of the tasks and attacks of one suite under grants of one style.
 *
 * @param suite the suite
 * @param style how the grants were written
 * @param tasks what came of the user tasks
 * @param pairs what came of each pair of a user task and an attack that makes calls
 */
record Tally(String suite, GrantStyle style, List<Task> tasks, List<Pair> pairs) {
  Tally {
    tasks = List.copyOf(tasks);
    pairs = List.copyOf(pairs);
  }

  /**
   * A user's task.
   *
   * @param id the task
   * @param asked how often the user was asked for an approval
   * @param refused the calls that did not run; none if the task was kept
   */
  record Task(String id, int asked, List<Refusal> refused) {
    Task {
      refused = List.copyOf(refused);
    }

    boolean kept() {
      return refused.isEmpty();
    }
  }

  /**
   * A call of a user's task that did not run.
   *
   * @param call the call
   * @param code why
   */
  record Refusal(Call call, String code) {}

  /**
   * An attack on a user's task.
   *
   * @param task the task
   * @param attack the attack
   * @param asked how many of the attack's calls the user was asked to approve
   * @param askedAgain how many other forms of those the user was asked to approve
   * @param through the calls with an effect that ran
   */
  record Pair(String task, String attack, int asked, int askedAgain, List<Through> through) {
    Pair {
      through = List.copyOf(through);
    }

    /** True if no call with an effect ran. */
    boolean contained() {
      return through.isEmpty();
    }

    /** True if none ran that chose only what the corpus marks free. */
    boolean containedAsMarked() {
      return through.stream().noneMatch(Through::asMarked);
    }
  }

  /**
   * A call with an effect that an attacker got through.
   *
   * @param call what ran
   * @param asMarked true if it chose only what the corpus marks free
   * @param reason why
   */
  record Through(Call call, boolean asMarked, String reason) {}

  int kept() {
    return (int) tasks.stream().filter(Task::kept).count();
  }

  int contained() {
    return (int) pairs.stream().filter(Pair::contained).count();
  }

  int containedAsMarked() {
    return (int) pairs.stream().filter(Pair::containedAsMarked).count();
  }

  /** Approvals that the user was asked for by the user's own tasks. */
  int askedByTasks() {
    return tasks.stream().mapToInt(Task::asked).sum();
  }

  /** Approvals that the user was asked for by attacks, one for each call of an attack. */
  int askedByAttacks() {
    return pairs.stream().mapToInt(Pair::asked).sum();
  }

  /** Approvals that attackers asked for in vain by changing what they may choose. */
  int askedAgain() {
    return pairs.stream().mapToInt(Pair::askedAgain).sum();
  }

  /** Attacks that asked the user for an approval. */
  int askingPairs() {
    return (int) pairs.stream().filter(pair -> pair.asked() > 0).count();
  }
}
