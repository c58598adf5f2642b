package dev.taper.benchmarks.containment;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.MissingActivation;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.benchmarks.containment.corpus.Call;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.client.Refusals;
import dev.taper.integrations.mcp.client.SigningTransport;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls the server of a suite with the SDK's client, which signs every message. Whether a tool ran,
 * it asks the tool. Not thread-safe.
 */
final class McpService implements GuardedService {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  /** What the approver is told is why; it does not believe it. */
  private static final String CLAIM = "the task needs it";

  private final SuiteServer server;
  private final Signer agent;
  private final Clock clock;
  private final AtomicReference<@Nullable AgentClient> signing = new AtomicReference<>();
  private @Nullable McpSyncClient client;

  /**
   * Starts a server.
   *
   * @param suite its tools
   * @param root whose tokens it takes
   * @param agent the agent's key
   * @param clock everybody's time
   */
  McpService(Suite suite, PublicKey root, Signer agent, Clock clock) {
    this.server = SuiteServer.start(suite, root, clock);
    this.agent = agent;
    this.clock = clock;
  }

  @Override
  public Answer call(AgentToken token, Call call, List<Approval> approvals) {
    signing.set(AgentClient.of(token, agent, server.catalog().audience()).clock(clock));
    server.forget();
    String code = send(call, approvals);
    Call entered = server.entered();
    if (entered != null) {
      return new Answer.Ran(entered);
    }
    return new Answer.Refused(code, ask(token));
  }

  /** Sends a call; returns the code of a refusal, or what else was answered. */
  private String send(Call call, List<Approval> approvals) {
    CallToolRequest request =
        CallToolRequest.builder(call.tool())
            .arguments(JSON.convertValue(call.arguments(), OBJECT))
            .meta(
                Map.of(McpMeta.APPROVALS, approvals.stream().map(Approval::encodeBase64).toList()))
            .build();
    try {
      CallToolResult result = client().callTool(request);
      McpRefusal refusal = Refusals.in(result);
      return refusal == null ? "answered " + result.content() : refusal.code();
    } catch (McpError e) {
      McpRefusal refusal = Refusals.in(e);
      return refusal == null ? "error " + e.getMessage() : refusal.code();
    }
  }

  /** The client, connected when there is somebody to sign as. */
  private McpSyncClient client() {
    McpSyncClient connected = client;
    if (connected == null) {
      connected =
          McpClient.sync(
                  SigningTransport.of(
                      HttpClientStreamableHttpTransport.builder(server.address()).build(),
                      this::signing))
              .requestTimeout(Duration.ofSeconds(30))
              .build();
      connected.initialize();
      client = connected;
    }
    return connected;
  }

  private AgentClient signing() {
    AgentClient now = signing.get();
    if (now == null) {
      throw new IllegalStateException("nobody calls");
    }
    return now;
  }

  /** The ask that the server makes of what it refused, as it reaches the approver. */
  private @Nullable ApprovalRequest ask(AgentToken token) {
    CallDecision.Denied denied = server.denied();
    MissingActivation missing = denied == null ? null : denied.missingActivation();
    return denied != null && missing != null && missing.isApprovalMissing()
        ? ApprovalRequest.decode(denied.approvalRequest(token.token(), CLAIM).encode())
        : null;
  }

  @Override
  public ToolCall meaning(Call call) {
    ObjectNode params = JSON.createObjectNode().put("name", call.tool());
    params.set("arguments", call.arguments());
    return server.catalog().call(SentMcp.of("tools/call", params.toString()));
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    server.close();
  }
}
