package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentMcp;
import dev.taper.agent.client.AgentClient;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.Post.Answer;
import dev.taper.integrations.mcp.server.GuardedTransport;
import dev.taper.testing.TearDown;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that no library sends: each has its code, and nothing reaches a handler. */
class BadInputTest {
  private static final String CALL = "tools/call";
  private static final Map<String, Object> SEARCH =
      Map.of("name", "search", "arguments", Map.of("query", "a", "limit", 5));

  private final World world = new World();
  private @Nullable HttpService service;

  @BeforeEach
  void start() throws Exception {
    service = HttpService.stateless(McpGuard.of(world.verifier().build()));
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(service);
  }

  private HttpService service() {
    return Objects.requireNonNull(service);
  }

  private Map<String, @Nullable Object> signed(String method, Map<String, ?> params) {
    return McpSigner.of(world.agent).sign(method, params);
  }

  private Answer post(String method, Map<String, ?> params) throws Exception {
    return Post.to(service().origin(), Post.message(method, params));
  }

  private void assertRefused(String code, Map<String, ?> params) throws Exception {
    assertThat(post(CALL, params).code()).isEqualTo(code);
    assertThat(service().reached).isEmpty();
  }

  /** A good call of which one member of {@code _meta} is another. */
  private Map<String, @Nullable Object> with(String member, @Nullable Object value) {
    Map<String, @Nullable Object> params = signed(CALL, SEARCH);
    Map<String, @Nullable Object> meta = new LinkedHashMap<>(meta(params));
    meta.put(member, value);
    params.put(McpMeta.MEMBER, meta);
    return params;
  }

  @SuppressWarnings("unchecked") // it was made here
  private static Map<String, @Nullable Object> meta(Map<String, ?> params) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(params.get(McpMeta.MEMBER));
  }

  @Test
  void meta_noObject_isInvalid() throws Exception {
    for (Object bad : List.<Object>of(List.of(), "text", 7, true)) {
      Map<String, Object> params = new LinkedHashMap<>(SEARCH);
      params.put(McpMeta.MEMBER, bad);
      assertRefused("invalid_request", params);
    }
    Map<String, @Nullable Object> nothing = new LinkedHashMap<>(SEARCH);
    nothing.put(McpMeta.MEMBER, null);
    assertRefused("invalid_request", nothing);
  }

  @Test
  void params_noObject_isInvalid() throws Exception {
    for (String bad : List.of("[1]", "\"text\"", "7")) {
      Answer answer =
          Post.to(
              service().origin(),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + bad + "}");
      assertThat(answer.code()).isEqualTo("invalid_request");
    }
    assertThat(
            Post.to(service().origin(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}")
                .code())
        .isEqualTo("token_required");
    assertThat(service().reached).isEmpty();
  }

  @Test
  void members_ofAnotherType_areInvalid() throws Exception {
    assertRefused("invalid_request", with(McpMeta.TOKEN, 7));
    assertRefused("invalid_request", with(McpMeta.TOKEN, null));
    assertRefused("invalid_request", with(McpMeta.PROOF, List.of()));
    assertRefused("invalid_request", with(McpMeta.APPROVALS, "text"));
    assertRefused("invalid_request", with(McpMeta.APPROVALS, List.of(7)));
  }

  @Test
  void members_ofAnotherForm_haveTheirCodes() throws Exception {
    assertRefused("invalid_base64", with(McpMeta.TOKEN, "a b"));
    assertRefused("invalid_base64", with(McpMeta.TOKEN, ""));
    assertRefused("malformed_token", with(McpMeta.TOKEN, "AAAA"));
    assertRefused("malformed_holder_proof", with(McpMeta.PROOF, "!"));
    assertRefused("malformed_holder_proof", with(McpMeta.PROOF, "AA"));
    assertRefused("malformed_approval", with(McpMeta.APPROVALS, List.of("!")));
    assertRefused("malformed_approval", with(McpMeta.APPROVALS, List.of("AA")));
    assertRefused("malformed_approval", with(McpMeta.APPROVALS, Collections.nCopies(17, "AA")));
  }

  @Test
  void members_tooLong_haveTheirStatus() throws Exception {
    Answer answer = post(CALL, with(McpMeta.TOKEN, "A".repeat(9_000)));
    assertThat(answer.refusal())
        .isEqualTo(
            new McpRefusal(
                431,
                "fields_too_large",
                "each has at most 8192 characters, all together 65536",
                null));
    assertRefused(
        "fields_too_large", with(McpMeta.APPROVALS, Collections.nCopies(16, "A".repeat(8_000))));
  }

  @Test
  void names_twice_areInvalid() throws Exception {
    String good = Post.message(CALL, signed(CALL, SEARCH));
    String token = "\"dev.taper/token\":\"" + world.token.encodeBase64() + "\"";
    assertThat(good).contains(token);
    for (String twice :
        List.of(
            good.replace(token, token + "," + token),
            good.replace("\"name\":\"search\"", "\"name\":\"count\",\"name\":\"search\""),
            good.replace("\"query\":\"a\"", "\"query\":\"b\",\"query\":\"a\""))) {
      assertThat(twice).isNotEqualTo(good);
      assertThat(Post.to(service().origin(), twice).code()).isEqualTo("invalid_request");
    }
    assertThat(service().reached).isEmpty();
    assertThat(Post.to(service().origin(), good).refusal()).isNull();
  }

  @Test
  void batch_isRefusedWhole() throws Exception {
    String good = Post.message(CALL, signed(CALL, SEARCH));

    Answer answer = Post.to(service().origin(), "[" + good + "]");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(service().reached).isEmpty();
  }

  @Test
  void proof_ofSomethingElse_isMismatch() throws Exception {
    Map<String, @Nullable Object> meta = meta(signed(CALL, SEARCH));
    assertThat(post("prompts/get", withMeta(Map.of("name", "search"), meta)).code())
        .isEqualTo("request_mismatch");
    assertRefused(
        "request_mismatch",
        withMeta(Map.of("name", "search", "arguments", Map.of("query", "b")), meta));
    assertRefused(
        "request_mismatch",
        withMeta(Map.of("name", "count", "arguments", Map.of("query", "a")), meta));
    assertRefused("request_mismatch", withMeta(SEARCH, meta(signed("tools/list", Map.of()))));
    assertThat(post("tools/list", withMeta(Map.of(), meta)).code()).isEqualTo("request_mismatch");
    AgentClient elsewhere = world.agent.at("svc:crm");
    assertRefused("request_mismatch", McpSigner.of(elsewhere).sign(CALL, SEARCH));
    Map<String, @Nullable Object> stolen = with(McpMeta.PROOF, null);
    meta(stolen).remove(McpMeta.PROOF);
    assertRefused("proof_required", stolen);
  }

  private static Map<String, Object> withMeta(Map<String, Object> params, Map<String, ?> meta) {
    Map<String, Object> all = new LinkedHashMap<>(params);
    all.put(McpMeta.MEMBER, meta);
    return all;
  }

  @Test
  void message_replayed_isRefused() throws Exception {
    Map<String, @Nullable Object> good = signed(CALL, SEARCH);

    assertThat(post(CALL, good).refusal()).isNull();
    assertThat(post(CALL, good).refusal())
        .satisfies(
            refusal -> {
              assertThat(Objects.requireNonNull(refusal).status()).isEqualTo(401);
              assertThat(refusal.code()).isEqualTo("proof_replayed");
            });
    assertThat(service().reached).hasSize(1);
  }

  @Test
  void token_overTwoConnections_needsAProofOfEach() throws Exception {
    try (HttpService second = HttpService.streamable(McpGuard.of(world.verifier().build()));
        Clients clients = new Clients()) {
      for (int i = 0; i < 2; i++) {
        assertThat(
                clients
                    .http(second.origin(), world.agent)
                    .callTool(
                        CallToolRequest.builder("search")
                            .arguments(Map.of("query", "a", "limit", 5))
                            .build())
                    .isError())
            .isNotEqualTo(true);
      }
      assertThat(second.reached).hasSize(2);
    }
  }

  @Test
  void proof_ofAnotherTime_saysByHowMuch() throws Exception {
    AgentClient late = world.agent.clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)));

    Answer answer = post(CALL, McpSigner.of(late).sign(CALL, SEARCH));

    assertThat(answer.code()).isEqualTo("proof_expired");
    assertThat(Objects.requireNonNull(answer.refusal()).detail()).contains("your clock is 60");
  }

  @Test
  void token_ofAnotherRoot_isToldNothing() throws Exception {
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    AgentClient forged =
        AgentClient.of(world.mint(other, Clock.systemUTC()), world.planner, World.AUDIENCE);

    Answer answer = post(CALL, McpSigner.of(forged).sign(CALL, SEARCH));

    assertThat(answer.refusal())
        .usingRecursiveComparison()
        .ignoringFields("detail")
        .isEqualTo(new McpRefusal(401, "invalid_signature", null, null));
  }

  @Test
  void meaning_thatTheCatalogRefuses_onlyTheHolderIsTold() throws Exception {
    Map<String, Object> unknown =
        Map.of("name", "search", "arguments", Map.of("query", "a", "secret", 1));
    assertThat(post(CALL, signed(CALL, unknown)).refusal())
        .satisfies(refusal -> assertThat(Objects.requireNonNull(refusal).detail()).isNotNull());
    assertRefused("unknown_argument", signed(CALL, unknown));
    Answer thief = post(CALL, withMeta(unknown, meta(signed(CALL, SEARCH))));
    assertThat(thief.refusal())
        .usingRecursiveComparison()
        .ignoringFields("detail")
        .isEqualTo(new McpRefusal(401, "request_mismatch", null, null));

    Map<String, Object> task = new LinkedHashMap<>(SEARCH);
    task.put("task", Map.of());
    assertRefused("unknown_argument", signed(CALL, task));
    // The result of a task has another form, which parsers expect.
    assertThat(post(CALL, signed(CALL, task)).error()).isEqualTo(-32602);
    assertThat(post(CALL, task).error()).isEqualTo(-32602);
    assertRefused("invalid_request", signed(CALL, Map.of("name", "search")));
    assertThat(post("logs/read", signed("logs/read", Map.of())).error()).isEqualTo(-32601);
    assertThat(post("logs/read", Map.of()).code()).isEqualTo("token_required");
    Answer noTool = post(CALL, signed(CALL, Map.of("arguments", Map.of())));
    assertThat(noTool.error()).isEqualTo(-32602);
  }

  @Test
  void input_ofAPerson_isNoConsent() throws Exception {
    for (String name : List.of("inputResponses", "requestState")) {
      Map<String, Object> params = new LinkedHashMap<>(SEARCH);
      params.put(name, Map.of());
      assertRefused("input_not_accepted", signed(CALL, params));
      assertRefused("input_not_accepted", params);
      assertThat(post(CALL, params).error()).isEqualTo(-32602);
    }
  }

  @Test
  void message_tooLargeOrTooDeep_isInvalid() throws Exception {
    Map<String, @Nullable Object> params = signed(CALL, SEARCH);
    params.put("arguments", Map.of("query", "a".repeat(70_000)));
    assertRefused("invalid_request", params);
    Object deep = 1;
    for (int i = 0; i < 20; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    params.put("arguments", Map.of("query", "a", "weight", deep));
    assertRefused("invalid_request", params);
    String deeper = Post.message(CALL, params).replace("[1]", "[".repeat(90) + "]".repeat(90));
    assertThat(Post.to(service().origin(), deeper).code()).isEqualTo("invalid_request");
    assertThat(service().reached).isEmpty();
  }

  @Test
  void handler_getsWhatWasJudged_andNothingOfOurs() throws Exception {
    BigDecimal exact = new BigDecimal("0.1000000000000000055511151231257827");
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("name", "search");
    params.put(
        "arguments", Map.of("query", "a", "limit", 5.0, "weight", exact, "debug", List.of("x")));
    params.put(
        McpMeta.MEMBER,
        Map.of(
            "progressToken",
            7,
            "traceparent",
            "00-1-2-01",
            "io.modelcontextprotocol/x",
            true,
            "com.example/y",
            1));

    assertThat(post(CALL, signed(CALL, params)).refusal()).isNull();

    HttpService.Reached reached = service().reached.get(0);
    CallToolRequest request = (CallToolRequest) reached.request();
    assertThat(request.arguments()).isEqualTo(Map.of("query", "a", "limit", 5, "weight", exact));
    assertThat(request.meta())
        .isEqualTo(
            Map.of(
                "progressToken", 7, "traceparent", "00-1-2-01", "io.modelcontextprotocol/x", true));
    assertThat(GuardedTransport.decision(reached.context()).call().tool()).isEqualTo("jira.search");
  }

  @Test
  void guard_thatCannotJudge_isUnavailable() throws Exception {
    boolean[] broken = {false};
    McpGuard guard =
        McpGuard.of(
            () -> {
              if (broken[0]) {
                throw new IllegalStateException("secret");
              }
              return world.verifier().build();
            });
    broken[0] = true;
    try (HttpService unlucky = HttpService.stateless(guard)) {
      Answer answer = Post.to(unlucky.origin(), Post.message(CALL, signed(CALL, SEARCH)));

      assertThat(answer.refusal())
          .usingRecursiveComparison()
          .ignoringFields("detail")
          .isEqualTo(new McpRefusal(503, "unavailable", null, null));
      assertThat(answer.response().body()).doesNotContain("secret");
      assertThat(unlucky.reached).isEmpty();
    }
  }

  @Test
  void sentMcp_isTheSameOnBothSides() {
    SentMcp sent = SentMcp.of(CALL, McpJson.write(SEARCH, 1 << 16));

    assertThat(sent.params())
        .isEqualTo("{\"arguments\":{\"limit\":5,\"query\":\"a\"},\"name\":\"search\"}");
  }

  /** What anybody may send is kept by the SDK as long as a session lasts. */
  @Test
  void initialize_large_startsNoSession() throws Exception {
    Map<String, Object> large =
        Map.of(
            "protocolVersion", "2025-11-25",
            "capabilities", Map.of(),
            "clientInfo", Map.of("name", "a".repeat(McpGuard.MAX_PARAMS), "version", "1"));
    assertThat(post("initialize", large).code()).isEqualTo("invalid_request");

    try (HttpService streamable = HttpService.streamable(McpGuard.of(world.verifier().build()))) {
      Answer answer = Post.to(streamable.origin(), Post.message("initialize", large));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.response().headers().firstValue("Mcp-Session-Id")).isEmpty();
    }
  }
}
