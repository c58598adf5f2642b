package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.operations.config.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** {@code taper_authority}: what may I do, until when. */
record AuthorityTool(Holding holding, KnownAgents agents, AuthorityWords words, boolean canHandOn)
    implements ModelTool {
  private static final int ENOUGH = 4096; // characters

  @Override
  public String name() {
    return PREFIX + "authority";
  }

  @Override
  public Map<String, Object> definition() {
    return Definitions.of(
        name(),
        "Says what you may do, for whom, on what task and until when, and whom you can hand a part"
            + " of it on to. The service decides each call all the same.",
        false,
        Map.of(),
        List.of());
  }

  @Override
  public ToolAnswer call(@Nullable Object arguments, BooleanSupplier isAwaited)
      throws MistakeException {
    var unused = ToolArguments.of(arguments, List.of());
    AgentClient client = holding.required();
    DelegationChain chain = client.token().chain();
    EffectiveAuthority left = chain.effectiveAuthority();
    Agent self = chain.holder();
    String holder = self == null ? "nobody" : self.name();
    List<String> grants = words.grants(left);
    List<String> limits = words.limits(left);
    boolean mayHandOn = canHandOn && !left.isEmpty() && isDeepEnough(chain, left);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("holder", holder);
    members.put("delegator", chain.delegator());
    members.put("chain", chain.toString());
    members.put("task", chain.task().id());
    members.put("purpose", chain.task().purpose());
    members.put("audience", client.audience());
    members.put("grants", grants);
    members.put("limits", limits);
    StringBuilder text = new StringBuilder();
    line(text, "You are ", holder, ".");
    line(text, "You act for ", chain.delegator(), ", by " + shown(chain.toString()) + ".");
    String purpose = chain.task().purpose();
    line(text, "The task is ", chain.task().id(), purpose == null ? "." : ": " + shown(purpose));
    text.append("At ").append(shown(client.audience())).append(" you may do this, as grants:\n");
    grants.forEach(grant -> text.append("- ").append(grant).append('\n'));
    limits.forEach(limit -> text.append("All of it: ").append(limit).append(".\n"));
    Instant end = left.expiry();
    if (end != null) {
      String until = end.toString();
      members.put("until", until);
      text.append("It ends at ").append(until).append(", ").append(left(end)).append(".\n");
    }
    if (mayHandOn) {
      SortedSet<String> others = agents.others(self);
      members.put("agents", List.copyOf(others));
      line(
          text,
          "With taper_delegate you can hand a part of it on to: ",
          others.isEmpty() ? "nobody" : String.join(", ", others),
          ".");
    } else {
      members.put("agents", List.of());
      text.append("You cannot hand it on.\n");
    }
    List<String> others = holding.others();
    if (!others.isEmpty()) {
      members.put("others", others);
      text.append("Other work was handed on to you, and you do not use it: ")
          .append(String.join("; ", others))
          .append(". Only if your user wants that: name it with taper_use.\n");
    }
    text.append(holding.unverified());
    return ToolAnswer.of(text.toString().stripTrailing(), members);
  }

  private static boolean isDeepEnough(DelegationChain chain, EffectiveAuthority left) {
    return left.maxDepth().isEmpty() || chain.depth() < left.maxDepth().getAsLong();
  }

  private static void line(StringBuilder text, String before, String value, String behind) {
    text.append(before).append(shown(value)).append(behind).append('\n');
  }

  private static String shown(String text) {
    return ShownText.of(text, ENOUGH);
  }

  /** How long it is until then, in words. */
  private String left(Instant end) {
    Duration left = Duration.between(holding.clock().instant(), end);
    if (left.isNegative() || left.isZero()) {
      return "which is over";
    }
    return "in " + Times.words(left);
  }
}
