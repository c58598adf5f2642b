package dev.taper.benchmarks.containment.corpus;

import java.util.List;

/**
 * What a user asks an agent to do.
 *
 * @param id such as {@code user_task_0}
 * @param prompt the user's words
 * @param calls the calls that do it, in order
 * @param byTool what the prompt allows, by tool alone
 * @param byArgument what the prompt allows, by tool and argument
 */
public record UserTask(
    String id,
    String prompt,
    List<Call> calls,
    List<TaskGrant> byTool,
    List<TaskGrant> byArgument) {
  /** Copies the lists. */
  public UserTask {
    calls = List.copyOf(calls);
    byTool = List.copyOf(byTool);
    byArgument = List.copyOf(byArgument);
  }
}
