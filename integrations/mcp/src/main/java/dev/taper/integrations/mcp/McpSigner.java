package dev.taper.integrations.mcp;

import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.client.AgentClient;
import dev.taper.integrations.http.client.HttpSigner;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs an agent's messages of the Model Context Protocol, whatever sends them. Immutable, and
 * thread-safe if the agent's signer is.
 */
public final class McpSigner {
  private final AgentClient agent;

  private McpSigner(AgentClient agent) {
    this.agent = agent;
  }

  /** Signs as one agent. */
  public static McpSigner of(AgentClient agent) {
    return new McpSigner(agent);
  }

  /**
   * Signs a message just before it is sent. What is sent again is signed again.
   *
   * @param method such as {@code tools/call}
   * @param params its parameters as maps, lists and so on; {@code _meta} may have approvals, under
   *     {@link McpMeta#APPROVALS}
   * @return the parameters to send, just as they are: with {@code _meta}, and the numbers as they
   *     were signed
   * @throws TaperException if the parameters are no such JSON, an approval is none, or the signer
   *     fails
   */
  public Map<String, @Nullable Object> sign(String method, Map<String, ?> params) {
    if (McpGuard.isOpen(method)) {
      return new LinkedHashMap<>(params);
    }
    Map<String, @Nullable Object> meta = McpMeta.members(params);
    Map<String, @Nullable Object> plain = new LinkedHashMap<>(params);
    plain.remove(McpMeta.MEMBER);
    SentMcp sent = SentMcp.of(method, McpJson.write(plain, McpGuard.MAX_PARAMS));
    meta.putAll(credentials(method, sent, meta.remove(McpMeta.APPROVALS)));
    Map<String, @Nullable Object> signed = McpJson.read(sent.params(), Integer.MAX_VALUE);
    signed.put(McpMeta.MEMBER, meta);
    return signed;
  }

  private Map<String, Object> credentials(String method, SentMcp sent, @Nullable Object approvals) {
    List<String> given =
        approvals instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    Credentials credentials =
        McpGuard.isList(method) ? agent.proveOffer() : agent.prove(sent, SentApprovals.of(given));
    return meta(credentials);
  }

  /**
   * Signs a request of streamable HTTP that goes on with a session and says not itself who sends
   * it: the POST of an answer, a notification or a request that needs no token, the GET that
   * listens or resumes, the DELETE. Its header fields get token and proof, which cover the content
   * and the fields of {@link McpGuard#SESSION_FIELDS}.
   *
   * @param request with the session's id, just before it is sent
   * @throws TaperException as {@link HttpSigner#sign}
   */
  public HttpRequest sign(HttpRequest request) {
    return HttpSigner.of(agent)
        .fields(McpGuard.SESSION_FIELDS.toArray(new String[0]))
        .inOwnField()
        .sign(request);
  }

  /** What travels beside a message, as members of its {@code _meta}. */
  public static Map<String, Object> meta(Credentials credentials) {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put(McpMeta.TOKEN, credentials.token());
    String proof = credentials.proof();
    if (proof != null) {
      meta.put(McpMeta.PROOF, proof);
    }
    if (!credentials.approvals().isEmpty()) {
      meta.put(McpMeta.APPROVALS, credentials.approvals());
    }
    return meta;
  }
}
