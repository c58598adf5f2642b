package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.Budgets;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.HttpRefusal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of messages, whatever would bring them. */
class McpGuardTest {
  private static final String CALL = "tools/call";
  private static final Map<String, Object> SEARCH =
      Map.of("name", "search", "arguments", Map.of("query", "a"));

  private final World world = new World();

  /** A catalog whose one tool has a pinned definition, as a server gives it. */
  private static ToolCatalog pinned() {
    return ToolCatalog.draft(
        World.AUDIENCE,
        "{\"tools\":[{\"name\":\"search\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
            + "{\"query\":{\"type\":\"string\"}},\"required\":[\"query\"]}}]}");
  }

  private AgentClient agent(UnaryOperator<Delegation> granted) {
    Delegation delegation =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:planner", world.planner.publicKey()))
            .task("T-4711")
            .expiresIn(Duration.ofHours(1));
    return AgentClient.of(
        Issuer.of(world.root).mint(granted.apply(delegation)), world.planner, World.AUDIENCE);
  }

  @Test
  void judge_list_saysWhoseAuthorityItIs() {
    McpGuard guard = McpGuard.of(world.verifier().build());

    McpJudgement judged =
        guard.judge("tools/list", McpSigner.of(world.agent).sign("tools/list", Map.of()));

    assertThat(judged)
        .isInstanceOfSatisfying(
            McpJudgement.Listed.class,
            listed ->
                assertThat(Objects.requireNonNull(listed.offer().chain()).delegator())
                    .isEqualTo("user:alice@acme.com"));
  }

  @Test
  void judge_listWithTooMuch_orWithInput_isRefusedToItsHolder() {
    assertThat(list("cursor", "a".repeat(McpGuard.MAX_PARAMS))).isEqualTo("invalid_request");
    assertThat(list("inputResponses", Map.of())).isEqualTo("input_not_accepted");
    assertThat(list("requestState", "x")).isEqualTo("input_not_accepted");
    assertThat(list("cursor", "a".repeat(1000))).isEqualTo("listed");
  }

  /** Anybody sends it, and a server may keep it as long as a session lasts. */
  @Test
  void judge_openWithTooMuchBesideItsParameters_isRefused() {
    McpGuard guard = McpGuard.of(world.verifier().build());
    String member = "io.modelcontextprotocol/clientInfo";

    assertThat(guard.judge("ping", Map.of("_meta", Map.of(member, "a".repeat(1000)))))
        .isInstanceOf(McpJudgement.Open.class);
    assertThat(
            guard.judge("ping", Map.of("_meta", Map.of(member, "a".repeat(McpGuard.MAX_PARAMS)))))
        .isInstanceOf(McpJudgement.Refused.class);
    assertThat(
            guard.judge(
                "ping", Map.of("_meta", Map.of(McpMeta.TOKEN, "a".repeat(McpGuard.MAX_PARAMS)))))
        .isInstanceOf(McpJudgement.Open.class);
  }

  private String list(String member, Object value) {
    Map<String, Object> params =
        new HashMap<>(McpSigner.of(world.agent).sign("tools/list", Map.of()));
    params.put(member, value);
    McpJudgement judged = McpGuard.of(world.verifier().build()).judge("tools/list", params);
    return judged instanceof McpJudgement.Refused refused ? refused.refusal().code() : "listed";
  }

  @Test
  void judge_withoutParameters_isWithoutToken() {
    McpJudgement judged = McpGuard.of(world.verifier().build()).judge("tools/list", null);

    assertThat(judged)
        .isInstanceOfSatisfying(
            McpJudgement.Refused.class,
            refused -> assertThat(refused.refusal().code()).isEqualTo("token_required"));
  }

  @Test
  void recheck_changedByItsServer_givesBackWhatTheCallTook() {
    McpGuard guard =
        McpGuard.of(
            world
                .verifier()
                .catalog(pinned())
                .budgets("acme", Budgets.forThisProcessOnly())
                .build());
    McpSigner signer =
        McpSigner.of(
            agent(granted -> granted.grant("search").budget("at most 1 calls from acme as a")));

    McpJudgement first = guard.judge(CALL, signer.sign(CALL, SEARCH));
    assertThat(guard.recheck(CALL, first, tool -> true)).isSameAs(first);
    McpJudgement refused = guard.recheck(CALL, first, tool -> false);
    McpJudgement second = guard.judge(CALL, signer.sign(CALL, SEARCH));
    McpJudgement third = guard.judge(CALL, signer.sign(CALL, SEARCH));

    assertThat(first).isInstanceOf(McpJudgement.Called.class);
    assertThat(refused)
        .isInstanceOfSatisfying(
            McpJudgement.Refused.class, answer -> assertThat(answer.isUnknown()).isTrue());
    assertThat(second).isInstanceOf(McpJudgement.Called.class);
    assertThat(third)
        .isInstanceOfSatisfying(
            McpJudgement.Refused.class,
            answer -> assertThat(answer.refusal().code()).isEqualTo("budget_exhausted"));
  }

  @Test
  void judge_withoutDefinitions_servesWhatWasPinned() {
    McpGuard guard = McpGuard.of(world.verifier().catalog(pinned()).build());
    CatalogTool search = Objects.requireNonNull(pinned().tools().get("search"));

    McpJudgement judged =
        guard.judge(
            CALL, McpSigner.of(agent(granted -> granted.grant("search"))).sign(CALL, SEARCH));

    assertThat(judged).isInstanceOf(McpJudgement.Called.class);
    assertThat(
            McpGuard.Definitions.isAsPinned(
                search, "{\"name\":\"search\",\"inputSchema\":{\"type\":\"object\"}}"))
        .isFalse();
    assertThat(McpGuard.Definitions.isAsPinned(CatalogTool.of("search"), "no JSON")).isTrue();
    assertThat(McpGuard.Definitions.isAsPinned(search, Map.of("name", new Object()))).isFalse();
  }

  @Test
  void isPinned_verifierWithAnotherCatalog_isAsTheNewOneSays() {
    AtomicReference<Verifier> present = new AtomicReference<>(world.verifier().build());
    McpGuard guard = McpGuard.of(present::get);
    assertThat(guard.isPinned("tools/call", Map.of("name", "search"))).isFalse();

    present.set(world.verifier().catalog(pinned()).build());

    assertThat(guard.isPinned("tools/call", Map.of("name", "search"))).isTrue();
    assertThat(guard.isPinned("tools/call", Map.of("name", "count"))).isFalse();
    assertThat(guard.isPinned("tools/call", Map.of())).isFalse();
    assertThat(guard.isPinned("tools/call", null)).isFalse();
    assertThat(guard.isPinned("prompts/get", Map.of("name", "search"))).isFalse();
  }

  @Test
  void resourceTemplate_anyCharacterOfUris_isPartOfItsStart() {
    String kept = "abyzABYZ019-._~:/?#[]@!$&'()*+,;=";
    AgentClient reader =
        agent(granted -> granted.grant("jira.file read where uri starts with \"" + kept + "x\""));
    McpJudgement judged =
        McpGuard.of(world.verifier().build())
            .judge("tools/list", McpSigner.of(reader).sign("tools/list", Map.of()));

    McpShown shown = ((McpJudgement.Listed) judged).shown();

    assertThat(shown.resourceTemplate("{+uri}")).isTrue();
    assertThat(shown.resourceTemplate(kept + "x{name}")).isTrue();
    assertThat(shown.resourceTemplate(kept + "{name}")).isTrue();
    assertThat(shown.resourceTemplate(kept + "x")).isTrue();
    // A start that ended too early would fit.
    assertThat(shown.resourceTemplate(kept + "y{name}")).isFalse();
    for (int i = 0; i < kept.length(); i++) {
      String other = kept.substring(0, i) + kept.charAt(i) + "w{name}";
      assertThat(shown.resourceTemplate(other)).as(other).isFalse();
    }
    for (char outside : "`{^|\\\" %".toCharArray()) {
      assertThat(shown.resourceTemplate(outside + "w")).as("%s", outside).isTrue();
    }
  }

  @Test
  void result_refused_isStructuredUnlessTheToolHasASchema() {
    McpJudgement.Answer answer =
        new McpJudgement.Answer(null, "why", Map.of("code", "out_of_scope"));

    assertThat(answer.result(false))
        .containsEntry("isError", true)
        .containsEntry("structuredContent", Map.of("code", "out_of_scope"))
        .containsEntry("_meta", Map.of(McpMeta.REFUSAL, Map.of("code", "out_of_scope")));
    assertThat(answer.result(true)).doesNotContainKey("structuredContent").containsKey("content");
  }

  @Test
  void judge_verifierCannotBeHad_isRefusedForNow() {
    Verifier verifier = world.verifier().build();
    AtomicReference<@Nullable Verifier> present = new AtomicReference<>(verifier);
    McpGuard guard =
        McpGuard.of(
            () -> {
              Verifier now = present.get();
              if (now == null) {
                throw new IllegalStateException("the secret place is gone");
              }
              return now;
            });
    present.set(null);

    McpJudgement judged = guard.judge(CALL, McpSigner.of(world.agent).sign(CALL, SEARCH));

    assertThat(judged)
        .isInstanceOfSatisfying(
            McpJudgement.Refused.class,
            refused -> {
              assertThat(refused.refusal().status()).isEqualTo(503);
              assertThat(refused.refusal().toJson()).doesNotContain("secret");
            });
  }

  private static String code(@Nullable HttpRefusal refusal) {
    return refusal == null ? "read" : refusal.code();
  }

  /** Nobody without a good token has a service read what is long. */
  @Test
  void unread_longMessage_isReadOnlyWithAGoodToken() {
    McpGuard guard = McpGuard.of(world.verifier().build());
    String good = world.token.encodeBase64();
    String foreign =
        world.mint(PrivateKey.generate(Algorithm.ED25519), Clock.systemUTC()).encodeBase64();

    assertThat(code(guard.unread(CALL, good))).isEqualTo("read");
    assertThat(code(guard.unread(CALL, null))).isEqualTo("token_required");
    assertThat(code(guard.unread(CALL, foreign))).isEqualTo("invalid_signature");
    assertThat(code(guard.unread(CALL, "no base64url"))).isEqualTo("invalid_base64");
    assertThat(code(guard.unread("ping", good))).isNotEqualTo("read");
    Clock before = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
    String ended =
        world.mint(world.root, before).delegate(world.planner, Hop.toSelf(), before).encodeBase64();
    assertThat(code(guard.unread(CALL, ended))).isEqualTo("expired");
    AtomicReference<@Nullable Verifier> verifier = new AtomicReference<>(world.verifier().build());
    McpGuard broken = McpGuard.of(() -> Objects.requireNonNull(verifier.get()));
    verifier.set(null);
    assertThat(code(broken.unread(CALL, good))).isEqualTo("unavailable");
  }

  @Test
  void unread_outline_isReadIfItIsSmallOrOneTokenIsGood() {
    McpGuard guard = McpGuard.of(world.verifier().build());
    String good = world.token.encodeBase64();
    String large = ",\"x\":\"" + "x".repeat(40_000) + "\"}";

    assertThat(code(guard.unread(question("{\"token\":\"x\"}")))).isEqualTo("read");
    assertThat(code(guard.unread(question("{\"a\":1" + large)))).isEqualTo("token_required");
    assertThat(code(guard.unread(question("{\"token\":[\"x y\",\"" + good + "\"]" + large))))
        .isEqualTo("read");
    assertThat(code(guard.unread(question("{\"token\":[\"x y\"]" + large))))
        .isEqualTo("invalid_base64");
  }

  private static TokenOutline question(String json) {
    return TokenOutline.ofQuestion(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void judge_markedAsUnread_isRefusedAsMarked() {
    McpGuard guard = McpGuard.of(world.verifier().build());
    HttpRefusal refusal = HttpRefusal.of(431, "marked", null);

    assertThat(refused(guard, Map.of(McpMeta.UNREAD, refusal))).isEqualTo("marked");
    assertThat(refused(guard, Map.of(McpMeta.UNREAD, "by the client")))
        .isEqualTo("invalid_request");
  }

  private static String refused(McpGuard guard, Map<String, Object> meta) {
    McpJudgement judged = guard.judge(CALL, Map.of("_meta", meta));
    return judged instanceof McpJudgement.Refused refused ? refused.refusal().code() : "judged";
  }

  @Test
  void shown_tools_areTheOfferedOnesThatNeedNoTask() {
    McpGuard guard = McpGuard.of(world.verifier().build());
    McpJudgement judged =
        guard.judge("tools/list", McpSigner.of(world.onlySearching()).sign("tools/list", Map.of()));
    McpShown shown = ((McpJudgement.Listed) judged).shown();
    List<Object> listed =
        List.of(
            Map.of("name", "search", "execution", Map.of("taskSupport", "optional")),
            Map.of("name", "search", "title", "a", "execution", Map.of("taskSupport", "required")),
            Map.of("name", "search", "execution", "required"),
            Map.of("name", "count"),
            Map.of("name", "unknown"),
            Map.of("name", 1),
            "search");

    assertThat(shown.tool("search")).isTrue();
    assertThat(shown.tool("count")).isFalse();
    assertThat(shown.tool("unknown")).isFalse();
    assertThat(shown.cut("tools/list", Map.of("tools", listed)).get("tools"))
        .isEqualTo(List.of(Map.of("name", "search"), Map.of("name", "search")));
  }

  @Test
  void toString_ofAJudgement_saysTheDecisionAndNoToken() {
    McpGuard guard = McpGuard.of(world.verifier().build());
    AgentClient agent = agent(granted -> granted.grant("jira.search read"));
    McpJudgement listed =
        guard.judge("tools/list", McpSigner.of(agent).sign("tools/list", Map.of()));
    McpJudgement called = guard.judge(CALL, McpSigner.of(agent).sign(CALL, SEARCH));

    assertThat(listed.toString())
        .startsWith("Listed(")
        .doesNotContain(agent.token().encodeBase64());
    assertThat(called.toString())
        .startsWith("Called(")
        .doesNotContain(agent.token().encodeBase64());
  }
}
