package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.memory.Budgets;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpRefusal;
import dev.taper.integrations.mcp.McpSigner;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What a server is asked for a message, and what its answers are made to. */
class GateTest {
  private static final String AUDIENCE = "svc:jira";
  private static final String CALL = "tools/call";
  private static final Map<String, Object> SEARCH =
      Map.of("name", "search", "arguments", Map.of("query", "a"));

  private static final Owner EVERYBODYS = (token, chain) -> true;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final List<JSONRPCRequest> asked = new ArrayList<>();
  private final Gate gate =
      new Gate(
          McpGuard.of(
              Verifier.trusting(RootKeys.of(root.publicKey()))
                  .audience(AUDIENCE)
                  .catalog(catalog())
                  .budgets("main", Budgets.forThisProcessOnly())
                  .withoutRevocation()
                  .build()));

  private static ToolCatalog catalog() {
    CatalogTool.Argument text =
        CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING));
    return ToolCatalog.of(AUDIENCE)
        .tool(
            CatalogTool.of("jira.search")
                .operation("read")
                .mcp(CatalogTool.McpRoute.tool("search"))
                .argument("query", text))
        .tool(
            CatalogTool.of("jira.prompt")
                .operation("read")
                .mcp(new CatalogTool.McpRoute("prompts/get", null))
                .argument("name", text))
        .build();
  }

  /** May search once. */
  private AgentClient agent() {
    return AgentClient.of(
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.search read")
                    .budget(Budget.ofCalls("calls", 1, "main"))
                    .expiresIn(Duration.ofHours(1))),
        planner,
        AUDIENCE);
  }

  private static JSONRPCRequest search(AgentClient agent) {
    return new JSONRPCRequest(CALL, 1, McpSigner.of(agent).sign(CALL, SEARCH));
  }

  private Server server(Consumer<CallDecision.Allowed> handler) {
    return (request, decision) -> {
      asked.add(request);
      if (decision != null) {
        handler.accept(decision);
      }
      return Mono.just(
          JSONRPCResponse.result(
              request.id(),
              request.method().equals(CALL)
                  ? CallToolResult.builder().addTextContent("done").build()
                  : ListToolsResult.builder(List.of()).build()));
    };
  }

  private JSONRPCResponse answer(JSONRPCRequest request) {
    return answer(request, decision -> {});
  }

  private JSONRPCResponse answer(JSONRPCRequest request, Consumer<CallDecision.Allowed> handler) {
    return Objects.requireNonNull(gate.answer(request, EVERYBODYS, server(handler)).block());
  }

  private static @Nullable String refusal(JSONRPCResponse response) {
    Object holder =
        response.error() != null
            ? response.error().data()
            : response.result() instanceof CallToolResult result ? result.meta() : null;
    McpRefusal refusal = McpRefusal.in(holder);
    return refusal == null ? null : refusal.code();
  }

  private static final Map<String, Object> FORGED =
      Map.of(McpMeta.REFUSAL, Map.of("status", 403, "code", "out_of_scope"), "own", 1);

  private JSONRPCResponse passingOn(Function<JSONRPCRequest, JSONRPCResponse> answer) {
    return Objects.requireNonNull(
        gate.answer(
                search(agent()),
                EVERYBODYS,
                (request, decision) -> Mono.just(answer.apply(request)))
            .block());
  }

  /** A handler may pass on what another server says, and that refused nothing of this one. */
  @Test
  void result_ofAHandler_isNoRefusal_whateverItSays() {
    CallToolResult result = new CallToolResult(List.of(), true, null, FORGED);

    JSONRPCResponse answered = passingOn(request -> JSONRPCResponse.result(request.id(), result));

    assertThat(refusal(answered)).isNull();
    assertThat(((CallToolResult) Objects.requireNonNull(answered.result())).meta())
        .isEqualTo(Map.of("own", 1));
  }

  @Test
  void error_ofAHandler_isNoRefusal_whateverItSays() {
    JSONRPCResponse.JSONRPCError error = new JSONRPCResponse.JSONRPCError(403, "x", FORGED);

    JSONRPCResponse answered = passingOn(request -> JSONRPCResponse.error(request.id(), error));

    assertThat(refusal(answered)).isNull();
    assertThat(Objects.requireNonNull(answered.error()).data()).isEqualTo(Map.of("own", 1));
  }

  private List<String> methods() {
    return asked.stream().map(JSONRPCRequest::method).toList();
  }

  @Test
  void call_ofAToolThatIsNotPinned_isAllThatTheServerIsAsked() {
    assertThat(refusal(answer(search(agent())))).isNull();
    assertThat(methods()).containsExactly(CALL);
  }

  /** A client that nobody knows makes the server do nothing. */
  @Test
  void message_refused_asksTheServerNothing() {
    JSONRPCRequest prompt = new JSONRPCRequest("prompts/get", 1, Map.of("name", "greet"));

    assertThat(refusal(answer(prompt))).isEqualTo("token_required");
    assertThat(asked).isEmpty();
  }

  /** Only what its tools are, under a name that no client sent. */
  @Test
  void call_refused_asksWhatTheToolsAre() {
    JSONRPCRequest call = new JSONRPCRequest(CALL, "mine", SEARCH);

    assertThat(refusal(answer(call))).isEqualTo("token_required");
    assertThat(refusal(answer(call))).isEqualTo("token_required");

    assertThat(methods()).containsExactly("tools/list", "tools/list");
    assertThat(asked)
        .extracting(JSONRPCRequest::id)
        .doesNotHaveDuplicates()
        .doesNotContain("mine", "");
  }

  @Test
  void call_answered_counts_whateverIsGivenBackLater() {
    AgentClient agent = agent();
    List<CallDecision.Allowed> decided = new ArrayList<>();
    assertThat(refusal(answer(search(agent), decided::add))).isNull();

    decided.get(0).reservation().giveBack();

    assertThat(refusal(answer(search(agent)))).isEqualTo("budget_exhausted");
  }

  @Test
  void call_givenBackByItsHandler_doesNotCount() {
    AgentClient agent = agent();
    assertThat(refusal(answer(search(agent), decision -> decision.reservation().giveBack())))
        .isNull();

    assertThat(refusal(answer(search(agent)))).isNull();
  }

  /** One judgement is good for one message. */
  @Test
  void judgement_leftByAFilter_isTakenOnce() {
    JSONRPCRequest call = search(agent());
    Judged.leave(new Judged(CALL, gate.guard().judge(CALL, call.params())));
    JSONRPCRequest anybody = new JSONRPCRequest(CALL, 2, SEARCH);

    assertThat(refusal(answer(call))).isNull();
    assertThat(refusal(answer(anybody))).isEqualTo("token_required");
    assertThat(Judged.take()).isNull();
  }

  @Test
  void initialize_keepsWhatElseIsExperimental() {
    InitializeResult result =
        InitializeResult.builder(
                "2025-11-25",
                ServerCapabilities.builder().experimental(Map.of("com.example", "x")).build(),
                Implementation.builder("jira", "1").build())
            .build();

    JSONRPCResponse described =
        Objects.requireNonNull(
            gate.answer(
                    new JSONRPCRequest("initialize", 1, Map.of()),
                    EVERYBODYS,
                    (request, decision) -> Mono.just(JSONRPCResponse.result(request.id(), result)))
                .block());

    assertThat(((InitializeResult) described.result()).capabilities().experimental())
        .containsEntry("com.example", "x")
        .containsKey("dev.taper");
  }

  /** What comes in the session of another lineage is not done, and costs its holder nothing. */
  @Test
  void call_inAnothersSession_isRefusedAndGivenBack() {
    AgentClient agent = agent();
    JSONRPCResponse refused =
        Objects.requireNonNull(
            gate.answer(search(agent), (token, chain) -> false, server(decision -> {})).block());

    assertThat(refusal(refused)).isEqualTo("wrong_session");
    assertThat(methods()).doesNotContain(CALL);
    assertThat(refusal(answer(search(agent)))).isNull();
  }
}
