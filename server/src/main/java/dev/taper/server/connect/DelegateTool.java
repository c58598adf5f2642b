package dev.taper.server.connect;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.operations.OperationException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code taper_delegate}: hands a part of the authority on to an agent of the operator's file of
 * names. A model chooses names and never keys, so no text that it reads can make it give anything
 * to a stranger.
 */
record DelegateTool(
    Holding holding, OwnKey key, KnownAgents agents, McpRefusal.Words words, Handoff handoff)
    implements ModelTool {
  private static final Logger LOG = LoggerFactory.getLogger(DelegateTool.class);
  private static final int MINUTES = 15;
  private static final int MOST_MINUTES = 24 * 60;
  private static final int MOST_NAMES = 100;

  /** What begins as a key does, in any form of ours. */
  private static final Pattern KEY =
      Pattern.compile("(?i)(ed25519|secp256r1)(-private)?/|-----BEGIN|[0-9a-f]{64}");

  @Override
  public String name() {
    return PREFIX + "delegate";
  }

  @Override
  public Map<String, Object> definition() {
    AgentClient client = holding.client();
    SortedSet<String> others =
        agents.others(client == null ? null : client.token().chain().holder());
    Map<String, Object> to = new LinkedHashMap<>();
    to.put("type", "string");
    to.put("description", "The other agent's name, as your operator has it.");
    if (!others.isEmpty() && others.size() <= MOST_NAMES) {
      to.put("enum", List.copyOf(others));
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("to", to);
    properties.put(
        "grants",
        Map.of(
            "type",
            "array",
            "items",
            Map.of("type", "string"),
            "minItems",
            1,
            "description",
            "What the other agent may do, in the words of taper_authority, such as"
                + " 'jira.search read on jira:project/ACME/* where limit <= 50'. Each is an"
                + " alternative. Name as little as its work takes."));
    properties.put(
        "minutes",
        Definitions.integer(
            "For how long; " + MINUTES + " if you do not say, and never longer than you have it.",
            1,
            MOST_MINUTES));
    properties.put(
        "may_delegate",
        Map.of(
            "type",
            "boolean",
            "description",
            "True if the other agent may hand it on as well; false if you do not say."));
    return Definitions.of(
        name(),
        "Hands a part of what you may do on to another agent, by its name. It can only be less than"
            + " you have. You keep what you have.",
        true,
        properties,
        List.of("to", "grants"));
  }

  @Override
  public ToolAnswer call(@Nullable Object arguments, BooleanSupplier isAwaited)
      throws MistakeException {
    ToolArguments given =
        ToolArguments.of(arguments, List.of("to", "grants", "minutes", "may_delegate"));
    String name = given.text("to");
    List<String> grants = given.texts("grants");
    int minutes = given.integer("minutes", MINUTES, 1, MOST_MINUTES);
    boolean onward = given.flag("may_delegate");
    for (String grant : grants) {
      if (KEY.matcher(grant).find()) {
        throw new MistakeException(
            "A grant names no keys here; an approval can be asked of a group.");
      }
    }
    AgentClient client = holding.required();
    List<Agent> keys = keys(name, client);
    DelegationChain chain = client.token().chain();
    Instant end = end(chain, minutes);
    Integer maxDepth = onward ? null : (Integer) (chain.depth() + 1);
    List<AgentToken> tokens = new ArrayList<>();
    try {
      for (Agent agent : keys) {
        tokens.add(key.narrow(client, agent, grants, end, maxDepth));
      }
    } catch (TaperException e) {
      throw notHandedOn(e.code().text(), e);
    } catch (OperationException e) {
      throw notHandedOn(e.code(), e);
    }
    return left(name, tokens);
  }

  private MistakeException notHandedOn(String code, RuntimeException e) {
    String why = // without the mark below the place, whose column is said
        String.valueOf(e.getMessage())
            .lines()
            .map(String::strip)
            .filter(line -> !line.equals("^"))
            .map(words::shown)
            .collect(Collectors.joining("\n"));
    return new MistakeException("Nothing was handed on (" + code + "): " + why);
  }

  /** An agent with each of its keys, one in most cases. */
  private List<Agent> keys(String name, AgentClient client) throws MistakeException {
    Agent self = client.token().chain().holder();
    List<Agent> keys = self != null && self.name().equals(name) ? List.of() : agents.named(name);
    if (keys.isEmpty()) {
      SortedSet<String> others = agents.others(self);
      throw new MistakeException(
          "Your operator knows no other agent "
              + ShownText.of(name, 80)
              + ", and only its names count, no keys. "
              + (others.isEmpty()
                  ? "It names nobody."
                  : "It knows: " + String.join(", ", others) + "."));
    }
    return keys;
  }

  /** When a part ends: after so many minutes, and never later than what it is a part of. */
  private Instant end(DelegationChain chain, int minutes) {
    Instant end = holding.clock().instant().plus(Duration.ofMinutes(minutes));
    Instant own = chain.effectiveAuthority().expiry();
    return own != null && own.isBefore(end) ? own : end;
  }

  private ToolAnswer left(String name, List<AgentToken> tokens) throws MistakeException {
    StringBuilder toPassOn = new StringBuilder();
    try {
      for (AgentToken token : tokens) {
        String text = handoff.take(token);
        toPassOn.append(text == null ? "" : "\n" + text);
      }
    } catch (IOException e) {
      LOG.warn("a token cannot be left for {}: {}", ShownText.of(name, 80), e.toString());
      throw new MistakeException(
          "The token for "
              + ShownText.of(name, 80)
              + " cannot be left for it (store_unavailable). Tell the user.");
    }
    AgentToken token = tokens.get(0);
    EffectiveAuthority left = token.chain().effectiveAuthority();
    Instant end = left.expiry();
    List<String> grants = new AuthorityWords(words).grants(left);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("to", name);
    members.put("chain", token.chain().toString());
    members.put("grants", grants);
    members.put("until", end == null ? null : end.toString());
    LOG.info("handed on: {}: {}", token.chain(), grants);
    String text =
        name
            + " can do this "
            + (end == null ? "from now on" : "until " + end)
            + ": "
            + String.join("; or ", grants)
            + ".";
    return ToolAnswer.of(
        toPassOn.isEmpty()
            ? text
                + " It uses that from its next call on, unless it is at other work; it needs nothing from you"
                + " but the work."
            : text + " Pass this token on to it; to nobody else is it of any use:" + toPassOn,
        members);
  }
}
