package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.DenialCode;
import dev.taper.integrations.mcp.client.Refusals;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a guarded server does, whatever brings its messages. */
abstract class GuardContract {
  final World world = new World();

  /** Connects a client; null signs nothing. */
  abstract McpSyncClient connect(@Nullable AgentClient agent);

  /** How many messages reached a handler. */
  abstract int reached();

  CallToolRequest call(String tool, Map<String, Object> arguments) {
    return CallToolRequest.builder(tool).arguments(arguments).build();
  }

  @Test
  void callTool_allowed_reachesHandler() {
    McpSyncClient client = connect(world.agent);

    CallToolResult result = client.callTool(call("search", Map.of("query", "a", "limit", 5)));

    assertThat(Refusals.in(result)).isNull();
    assertThat(result.isError()).isNotEqualTo(true);
    assertThat(((TextContent) result.content().get(0)).text()).isEqualTo("search");
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void callTool_outOfScope_isRefusedAsResult() {
    McpSyncClient client = connect(world.agent);

    CallToolResult result = client.callTool(call("delete", Map.of("id", "7")));

    McpRefusal refusal = refusal(result);
    assertThat(refusal.status()).isEqualTo(403);
    assertThat(refusal.code()).isEqualTo("out_of_scope");
    assertThat(Objects.requireNonNull(refusal.decision()).known())
        .isEqualTo(DenialCode.OUT_OF_SCOPE);
    assertThat(McpRefusal.of(result.structuredContent())).isEqualTo(refusal);
    assertThat(((TextContent) result.content().get(0)).text()).startsWith("out_of_scope: ");
    assertThat(reached()).isZero();
  }

  @Test
  void callTool_argumentsDoNotFitTheSchema_isJudgedFirst() {
    McpSyncClient client = connect(world.agent);

    CallToolResult result = client.callTool(call("delete", Map.of("id", List.of())));

    assertThat(refusal(result).code()).isEqualTo("invalid_argument_type");
    assertThat(reached()).isZero();
  }

  @Test
  void callTool_withOutputSchema_isRefusedWithoutStructure() {
    McpSyncClient client = connect(world.onlySearching());
    client.listTools();

    CallToolResult result = client.callTool(call("count", Map.of("query", "a")));

    assertThat(refusal(result).code()).isEqualTo("out_of_scope");
    assertThat(result.structuredContent()).isNull();
    assertThat(reached()).isZero();
  }

  @Test
  void callTool_approvalMissing_isToldAndThenAllowed() {
    McpSyncClient client = connect(world.agent);
    CallToolRequest request = call("close", Map.of("id", "7"));

    McpRefusal refusal = refusal(client.callTool(request));
    assertThat(refusal.code()).isEqualTo("approval_required");
    assertThat(Objects.requireNonNull(refusal.decision()).isApprovalRequired()).isTrue();

    ToolCall meant =
        World.catalog()
            .call(SentMcp.of("tools/call", "{\"name\":\"close\",\"arguments\":{\"id\":\"7\"}}"));
    ApprovalRequest ask = world.token.requestApproval(meant, World.AUDIENCE, "done");
    String approval =
        ask.approve(world.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
            .encodeBase64();
    CallToolResult result =
        client.callTool(
            CallToolRequest.builder("close")
                .arguments(Map.of("id", "7"))
                .meta(Map.of(McpMeta.APPROVALS, List.of(approval)))
                .build());
    assertThat(Refusals.in(result)).isNull();
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void callTool_withoutToken_isRefused() {
    McpSyncClient client = connect(null);

    McpRefusal refusal = refusal(client.callTool(call("search", Map.of("query", "a"))));

    assertThat(refusal)
        .usingRecursiveComparison()
        .ignoringFields("detail")
        .isEqualTo(new McpRefusal(401, "token_required", null, null));
    assertThat(reached()).isZero();
  }

  @Test
  void callTool_unknown_staysInvalidParams() {
    McpSyncClient client = connect(world.agent);

    assertThat(unknown(client, "nothing").code()).isEqualTo(-32602);
    assertThat(reached()).isZero();
  }

  /** The error that a call of a tool is which the catalog does not name. */
  static JSONRPCError unknown(McpSyncClient client, String tool) {
    return unknown(client, CallToolRequest.builder(tool).build());
  }

  /** The error that a call of a tool is which is as if the catalog did not name it. */
  static JSONRPCError unknown(McpSyncClient client, CallToolRequest call) {
    Throwable error = catchThrowable(() -> client.callTool(call));
    assertThat(error).isInstanceOf(McpError.class);
    assertThat(Objects.requireNonNull(Refusals.in(error)).code()).isEqualTo("unknown_tool");
    return ((McpError) error).getJsonRpcError();
  }

  @Test
  void callTool_notInTheCatalogOrNotOnTheServer_isRefused() {
    McpSyncClient client = connect(world.agent);

    assertThat(unknown(client, "unlisted").code()).isEqualTo(unknown(client, "nothing").code());
    assertThat(refusal(client.callTool(call("gone", Map.of()))).code()).isEqualTo("out_of_scope");
    assertThat(reached()).isZero();
  }

  @Test
  void lists_areCutToWhatTheTokenCanUse() {
    McpSyncClient all = connect(world.agent);
    assertThat(all.listTools().tools())
        .extracting(Tool::name)
        .containsExactlyInAnyOrder("search", "count", "close");
    assertThat(all.listResources().resources())
        .extracting(Resource::uri)
        .containsExactly("file:///pub/a.txt");
    assertThat(all.listResourceTemplates().resourceTemplates())
        .extracting(ResourceTemplate::uriTemplate)
        .containsExactly("file:///pub/{name}");
    assertThat(all.listPrompts().prompts()).extracting(Prompt::name).containsExactly("greet");

    McpSyncClient some = connect(world.onlySearching());
    assertThat(some.listTools().tools()).extracting(Tool::name).containsExactly("search");
    assertThat(some.listResources().resources()).isEmpty();
    assertThat(some.listResourceTemplates().resourceTemplates()).isEmpty();
    assertThat(some.listPrompts().prompts()).isEmpty();

    Throwable error = catchThrowable(() -> connect(null).listTools());
    assertThat(Objects.requireNonNull(Refusals.in(error)).code()).isEqualTo("token_required");
    assertThat(((McpError) error).getJsonRpcError().code()).isEqualTo(401);
  }

  @Test
  void readResource_isJudged() {
    McpSyncClient client = connect(world.agent);
    assertThat(
            client
                .readResource(ReadResourceRequest.builder("file:///pub/a.txt").build())
                .contents())
        .hasSize(1);
    assertThat(reached()).isEqualTo(1);

    Throwable error =
        catchThrowable(
            () -> client.readResource(ReadResourceRequest.builder("file:///etc/b.txt").build()));
    assertThat(Objects.requireNonNull(Refusals.in(error)).code()).isEqualTo("out_of_scope");
    assertThat(((McpError) error).getJsonRpcError().code()).isEqualTo(403);
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void getPrompt_isJudged() {
    GetPromptRequest request = GetPromptRequest.builder("greet").build();
    assertThat(connect(world.agent).getPrompt(request).messages()).hasSize(1);
    assertThat(reached()).isEqualTo(1);

    Throwable error = catchThrowable(() -> connect(world.onlySearching()).getPrompt(request));
    assertThat(Objects.requireNonNull(Refusals.in(error)).code()).isEqualTo("out_of_scope");
    assertThat(reached()).isEqualTo(1);
  }

  @Test
  void initialize_saysWhatTheServerIs() {
    McpSyncClient client = connect(world.agent);

    assertThat(String.valueOf(client.getServerCapabilities().experimental().get("dev.taper")))
        .contains("svc:jira", "taper/1 service");
  }

  static McpRefusal refusal(CallToolResult result) {
    assertThat(result.isError()).isTrue();
    return Objects.requireNonNull(Refusals.in(result), () -> "no refusal: " + result);
  }
}
