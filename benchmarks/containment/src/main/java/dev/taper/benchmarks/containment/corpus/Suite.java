package dev.taper.benchmarks.containment.corpus;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One environment of the benchmark: its tools, what users ask there, and how agents are attacked.
 *
 * @param name such as {@code banking}
 * @param tools the tools by their names
 * @param userTasks what users ask
 * @param attacks what injected texts ask; each meets each user task
 */
public record Suite(
    String name, Map<String, Tool> tools, List<UserTask> userTasks, List<Attack> attacks) {
  /** Copies the lists. */
  public Suite {
    tools = Map.copyOf(tools);
    userTasks = List.copyOf(userTasks);
    attacks = List.copyOf(attacks);
  }

  /**
   * A tool.
   *
   * @param name its name
   * @param description what it does, in words
   * @param schema the JSON Schema of its arguments
   * @param optional the arguments that may be missing
   */
  public record Tool(String name, String description, String schema, Set<String> optional) {
    /** Copies the set. */
    public Tool {
      optional = Set.copyOf(optional);
    }
  }
}
