package dev.taper.benchmarks.containment.corpus;

import java.util.List;
import java.util.Set;

/**
 * What an injected text makes an agent try.
 *
 * @param id such as {@code injection_task_0}
 * @param goal what the attacker wants, in words
 * @param steps the calls; none if the goal is only that the agent says something
 */
public record Attack(String id, String goal, List<Step> steps) {
  /** Copies the list. */
  public Attack {
    steps = List.copyOf(steps);
  }

  /**
   * One call of an attack.
   *
   * @param call the call that reaches the goal
   * @param effect true if it changes or sends something
   * @param free the arguments that the goal leaves to the attacker
   */
  public record Step(Call call, boolean effect, Set<String> free) {
    /** Copies the set. */
    public Step {
      free = Set.copyOf(free);
    }
  }
}
