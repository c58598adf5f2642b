package dev.taper.integrations.langchain4j;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.mcp.client.McpCallContext;
import dev.langchain4j.mcp.client.McpMetaSupplier;
import dev.langchain4j.mcp.protocol.McpClientParams;
import dev.langchain4j.mcp.protocol.McpClientRequest;
import dev.taper.TaperException;
import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpSigner;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request of a client of the Model Context Protocol the agent's token and a proof of
 * its own, as {@code DefaultMcpClient.builder().metaSupplier(…)} takes it. The model sees none of
 * it. Immutable, and thread-safe if what it is made of is.
 */
public final class McpCredentials implements McpMetaSupplier {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private final Supplier<AgentClient> agents;
  private final Supplier<? extends Collection<String>> approvals;

  private McpCredentials(
      Supplier<AgentClient> agents, Supplier<? extends Collection<String>> approvals) {
    this.agents = agents;
    this.approvals = approvals;
  }

  /**
   * Signs as one agent.
   *
   * @param agent its audience is the one server that the client calls: the token goes there
   */
  public static McpCredentials of(AgentClient agent) {
    return of(() -> agent);
  }

  /** Signs as an agent that may be another one for each request, such as after a renewal. */
  public static McpCredentials of(Supplier<AgentClient> agents) {
    return new McpCredentials(agents, List::of);
  }

  /**
   * Sends approvals with every call.
   *
   * @param given what was approved and has not ended, at most 16, each in base64url; asked before
   *     each call
   */
  public McpCredentials approvals(Supplier<? extends Collection<String>> given) {
    return new McpCredentials(agents, given);
  }

  /**
   * Signs a request just before it is sent.
   *
   * @param context the request; null, a notification and what needs no token get nothing
   * @return the members of {@code _meta}
   * @throws TaperException if an approval is none, or the signer fails
   */
  @Override
  public Map<String, Object> apply(@Nullable McpCallContext context) {
    if (context == null || !(context.message() instanceof McpClientRequest request)) {
      return Map.of();
    }
    String method = JSON.convertValue(request.method, String.class);
    Map<String, @Nullable Object> signed =
        McpSigner.of(agents.get()).sign(method, withApprovals(request.getParams()));
    Map<String, Object> meta = new LinkedHashMap<>();
    if (signed.get(McpMeta.MEMBER) instanceof Map<?, ?> members) {
      members.forEach((name, value) -> meta.put(String.valueOf(name), value));
    }
    meta.remove(McpMeta.APPROVALS, List.of());
    return meta;
  }

  private Map<String, @Nullable Object> withApprovals(@Nullable McpClientParams params) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    if (params != null) {
      plain.putAll(JSON.convertValue(params, OBJECT));
    }
    Map<String, @Nullable Object> meta = McpMeta.members(plain);
    Collection<String> approved = approvals.get();
    if (!approved.isEmpty()) {
      meta.put(McpMeta.APPROVALS, List.copyOf(approved));
    }
    if (!meta.isEmpty()) {
      plain.put(McpMeta.MEMBER, meta);
    }
    return plain;
  }

  /** Nothing that is secret. */
  @Override
  public String toString() {
    return "McpCredentials(" + agents.get().audience() + ")";
  }
}
