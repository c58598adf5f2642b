package dev.taper.benchmarks.containment.corpus;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One thing that a user's prompt allows.
 *
 * @param tools which tools
 * @param constraints what arguments must be: for each an object such as {@code {"equals": 10}}
 * @param texts the same in Taper's text form; what one of them covers is allowed
 * @param openAuthority the arguments that say whom or what is touched, and that the prompt leaves
 *     open
 */
public record TaskGrant(
    List<String> tools,
    Map<String, JsonNode> constraints,
    List<String> texts,
    List<String> openAuthority) {
  /** Copies what it is given. */
  public TaskGrant {
    tools = List.copyOf(tools);
    constraints = Map.copyOf(constraints);
    texts = List.copyOf(texts);
    openAuthority = List.copyOf(openAuthority);
  }
}
