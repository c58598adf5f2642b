package dev.taper.benchmarks.containment.corpus;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of a tool, as an agent or an attacker wants to make it. Not to be changed, though its
 * arguments could be.
 *
 * @param tool the tool's name
 * @param arguments one JSON object
 */
public record Call(String tool, ObjectNode arguments) {
  /** The same call with another value for an argument, or without it if the node is missing. */
  public Call with(String argument, JsonNode value) {
    ObjectNode changed = arguments.deepCopy();
    if (value.isMissingNode()) {
      changed.remove(argument);
    } else {
      changed.set(argument, value);
    }
    return new Call(tool, changed);
  }

  /** The tool and the arguments as JSON. */
  @Override
  public String toString() {
    return tool + " " + arguments;
  }
}
