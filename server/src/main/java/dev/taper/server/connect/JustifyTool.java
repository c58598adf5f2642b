package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.approval.Justification;
import dev.taper.integrations.mcp.McpRefusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code taper_justify}: says why, which some grants ask for. Every service records it. */
record JustifyTool(Holding holding, RefusedCalls refused, McpRefusal.Words words)
    implements ModelTool {
  private static final Logger LOG = LoggerFactory.getLogger(JustifyTool.class);
  private static final int MINUTES = 10;
  private static final int MOST_MINUTES = 60;

  @Override
  public String name() {
    return PREFIX + "justify";
  }

  @Override
  public Map<String, Object> definition() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("call", Definitions.text("The refused call, as its refusal numbers it."));
    properties.put(
        "reason",
        Definitions.text("Why it is to be made, in one line. It is signed and stays on record."));
    properties.put(
        "minutes",
        Definitions.integer(
            "For how long; " + MINUTES + " if you do not say. Some grants take less.",
            1,
            MOST_MINUTES));
    return Definitions.of(
        name(),
        "Says why you make a call that was refused because it needs a justification. Only say what"
            + " is true: people read it.",
        true,
        properties,
        List.of("call", "reason"));
  }

  @Override
  public ToolAnswer call(@Nullable Object arguments, BooleanSupplier isAwaited)
      throws MistakeException {
    ToolArguments given = ToolArguments.of(arguments, List.of("call", "reason", "minutes"));
    RefusedCall call = refused.required(given.id("call"));
    String reason = given.text("reason");
    int minutes = given.integer("minutes", MINUTES, 1, MOST_MINUTES);
    if (!call.needsJustification()) {
      throw new MistakeException("A justification is not what this call lacks.");
    }
    Justification justification;
    try {
      justification =
          Justification.of(
              call.refusal().tool(), reason, Duration.ofMinutes(minutes), holding.clock());
      holding.justify(justification);
    } catch (TaperException e) {
      throw MistakeException.of("It cannot be said so", e, words);
    }
    LOG.info("justified: {}", justification.words());
    String until = justification.until().toString();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("tool", justification.tools().toString());
    members.put("until", until);
    return ToolAnswer.of(
        "Said, until "
            + until
            + ". Call "
            + ShownText.of(call.name(), 80)
            + " again with the same arguments.",
        members);
  }
}
