package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.agent.client.AgentClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code taper_use}: goes on to other work that was left for the agent. Nothing that is left there
 * is used by being there: the name has to be given, and is one of those that are listed.
 */
record UseTool(Holding holding) implements ModelTool {
  private static final Logger LOG = LoggerFactory.getLogger(UseTool.class);

  @Override
  public String name() {
    return PREFIX + "use";
  }

  @Override
  public Map<String, Object> definition() {
    Map<String, Object> work = new LinkedHashMap<>();
    work.put("type", "string");
    work.put("description", "The name of the work, as taper_authority lists it.");
    List<String> others = holding.others();
    if (!others.isEmpty()) {
      work.put("enum", others);
    }
    return Definitions.of(
        name(),
        "Goes on to other work that was handed on to you, with the authority for that in place of"
            + " what you have now. Only for work that your user gave you.",
        true,
        Map.of("work", work),
        List.of("work"));
  }

  @Override
  public ToolAnswer call(@Nullable Object arguments, BooleanSupplier isAwaited)
      throws MistakeException {
    String work = ToolArguments.of(arguments, List.of("work")).text("work");
    if (!holding.use(work)) {
      List<String> others = holding.others();
      throw new MistakeException(
          "No other work is called "
              + ShownText.of(work, 80)
              + ", or more than one. "
              + (others.isEmpty()
                  ? "There is no other."
                  : "There is: " + String.join("; ", others) + "."));
    }
    AgentClient client = holding.required();
    LOG.info("goes on with {}: {}", ShownText.of(work, 200), client.token().chain());
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("work", work);
    members.put("chain", client.token().chain().toString());
    return ToolAnswer.of(
        "From now on you work on "
            + work
            + ". taper_authority says what you may do; other tools may be there now.",
        members);
  }
}
