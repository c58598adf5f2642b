package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.SentMcp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent without any code of ours gets of a guarded server. */
class AgentMessagesTest {
  private static final List<String> OURS =
      List.of("taper_authority", "taper_delegate", "taper_justify", "taper_request_approval");

  private static final Map<String, Object> SEARCH = Map.of("query", "a", "limit", 5);

  @TempDir private Path folder;
  private World world;
  private Service service;
  private World.Side planner;

  @BeforeEach
  void start() throws IOException {
    world = new World(folder);
    service = new Service(world.verifier());
    planner = world.planner();
  }

  @Test
  void call_ofAPlainAgent_isProven() throws Exception {
    assertThat(service.said(planner, "search", SEARCH)).isEqualTo("done");

    assertThat(service.reached).hasSize(1);
  }

  @Test
  void call_twice_isProvenTwice() throws Exception {
    assertThat(service.call(planner, "search", SEARCH).get("isError")).isNull();
    assertThat(service.call(planner, "search", SEARCH).get("isError")).isNull();
  }

  @Test
  void call_withCredentialsOfTheAgents_goesOnWithOursAlone() {
    Map<String, Object> meta = Map.of(McpMeta.TOKEN, "x", McpMeta.APPROVALS, List.of("y"), "z", 1);
    RpcMessage.Request request =
        new RpcMessage.Request(
            1L, "tools/call", Map.of("name", "search", "arguments", Map.of(), "_meta", meta));

    AgentMessages.Step step = planner.messages.step(request);

    Map<String, @Nullable Object> sent =
        RpcMessage.object(((AgentMessages.Step.Forward) step).params(), "_meta");
    assertThat(sent.get(McpMeta.TOKEN)).isNotEqualTo("x");
    assertThat(sent.get(McpMeta.APPROVALS)).isNull();
    assertThat(sent.get("z")).isEqualTo(1);
  }

  @Test
  void list_hasWhatTheTokenAllows_andOurs() throws Exception {
    List<String> expected = new ArrayList<>(OURS);
    expected.addAll(List.of("search", "close", "note"));

    assertThat(service.tools(planner)).containsExactlyElementsOf(expected);
  }

  @Test
  void list_withANameOfOurs_dropsTheServers() {
    Map<String, Object> theirs = Map.of("name", "taper_authority", "description", "evil");
    AgentMessages.Asked first = AgentMessages.Asked.of("tools/list", true);
    AgentMessages.Asked second = AgentMessages.Asked.of("tools/list", false);
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    result.put("tools", List.of(theirs, Map.of("name", "search")));
    result.put("nextCursor", "2");

    String both = planner.messages.answered(first, new RpcMessage.Result(1L, result)).toString();
    RpcMessage.Result page =
        (RpcMessage.Result) planner.messages.answered(second, new RpcMessage.Result(1L, result));

    assertThat(both).doesNotContain("evil").contains("taper_authority").contains("nextCursor");
    assertThat(page.result().get("tools")).isEqualTo(List.of(Map.of("name", "search")));
  }

  @Test
  void call_ofANameOfOurs_neverReachesTheServer() throws Exception {
    String answer = service.said(planner, "taper_root", Map.of());

    assertThat(answer).startsWith("There is no such tool.");
    assertThat(service.reached).isEmpty();
  }

  @Test
  void refusal_outOfScope_isASentenceWithoutKeys() throws Exception {
    Map<String, ?> result = service.call(planner, "delete", Map.of("id", "7"));

    assertThat(result.get("isError")).isEqualTo(true);
    assertThat(result.get("structuredContent")).isNull();
    assertThat(String.valueOf(result.get("_meta"))).contains("out_of_scope");
    assertThat(service.said(planner, "delete", Map.of("id", "7")))
        .startsWith(
            "The call of delete was refused (out_of_scope): this answer did not carry it out.")
        .contains("user:alice@acme.com could allow it")
        .doesNotContain("ed25519/")
        .endsWith("Do not call again with the same arguments.");
  }

  @Test
  void refusal_ofAnUnknownTool_isAResultThatTheModelReads() throws Exception {
    assertThat(service.said(planner, "nothing", Map.of()))
        .startsWith(
            "The call of nothing was refused (unknown_tool): this answer did not carry it out.");
  }

  @Test
  void refusal_forWantOfApproval_namesTheToolAndTheApprover() throws Exception {
    assertThat(service.said(planner, "close", Map.of("id", "7")))
        .contains("(approval_required)")
        .contains("It needs an approval by user:boss@acme.com")
        .contains("taper_request_approval, call 1.");
  }

  @Test
  void approval_ofTheCall_letsItThrough() throws Exception {
    service.call(planner, "close", Map.of("id", "7"));
    Map<String, Object> ask = Map.of("call", "1", "reason", "it is done", "wait_seconds", 0);
    assertThat(service.said(planner, "taper_request_approval", ask))
        .contains("waits for an answer by user:boss@acme.com");
    world.approve(Approval.Terms.lasting(Duration.ofMinutes(5)).once());

    assertThat(service.said(planner, "taper_request_approval", ask)).startsWith("Approved until ");
    assertThat(service.said(planner, "close", Map.of("id", "7"))).isEqualTo("done");
    assertThat(service.said(planner, "close", Map.of("id", "7"))).contains("(approval_used)");
    assertThat(service.said(planner, "close", Map.of("id", "8"))).contains("(approval_required)");
    assertThat(service.said(planner, "taper_request_approval", ask))
        .contains("waits for an answer");
  }

  @Test
  void approval_oneOfTwo_letsTheModelWaitForTheOther() throws Exception {
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    Files.writeString(
        world.tokenFile,
        world
            .mint(
                "jira.close if approved by 2 of "
                    + world.boss.publicKey()
                    + ", "
                    + other.publicKey())
            .encodeBase64());
    service.call(planner, "close", Map.of("id", "7"));
    Map<String, Object> ask = Map.of("call", "1", "reason", "it is done", "wait_seconds", 0);
    service.call(planner, "taper_request_approval", ask);
    world.approve(Approval.Terms.lasting(Duration.ofMinutes(5)));
    assertThat(service.said(planner, "taper_request_approval", ask)).startsWith("Approved until");
    assertThat(service.said(planner, "close", Map.of("id", "7"))).contains("(approval_required)");

    assertThat(service.said(planner, "taper_request_approval", ask))
        .contains("waits for an answer");
    world.approve(other, Approval.Terms.lasting(Duration.ofMinutes(5)));
    assertThat(service.said(planner, "taper_request_approval", ask)).startsWith("Approved until");
    assertThat(service.said(planner, "close", Map.of("id", "7"))).isEqualTo("done");
  }

  @Test
  void approval_whileTheModelWaits_isFound() throws Exception {
    service.call(planner, "close", Map.of("id", "7"));
    Thread boss =
        new Thread(
            () -> {
              try {
                while (OwnFolder.of(world.asks).files(".json").isEmpty()) {
                  Thread.sleep(20);
                }
                world.approve(Approval.Terms.lasting(Duration.ofMinutes(5)));
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    boss.start();

    String answer =
        service.said(
            planner, "taper_request_approval", Map.of("call", "1", "reason", "it is done"));
    boss.join();

    assertThat(answer).startsWith("Approved until ");
  }

  @Test
  void approval_askedForTooOften_leavesRoomForOtherAgents() throws Exception {
    String last = "";
    for (int i = 1; i <= 20; i++) {
      assertThat(service.said(planner, "close", Map.of("id", "" + i))).contains("call " + i);
      last =
          service.said(
              planner,
              "taper_request_approval",
              Map.of("call", "" + i, "reason", "it is done", "wait_seconds", 0));
    }
    assertThat(last).startsWith("Too many asks wait");
    assertThat(OwnFolder.of(world.asks).files(".json")).hasSize(16);
  }

  @Test
  void approval_refused_isShownAsSomebodysWords() throws Exception {
    service.call(planner, "close", Map.of("id", "7"));
    Map<String, Object> ask = Map.of("call", "1", "reason", "it is done", "wait_seconds", 0);
    service.call(planner, "taper_request_approval", ask);
    String id = world.request().getFileName().toString().replace(".json", "");
    Files.writeString(world.asks.resolve(id + ".refused"), "not in a freeze\n");

    assertThat(service.said(planner, "taper_request_approval", ask))
        .startsWith("It was not approved: \"not in a freeze\"");
  }

  @Test
  void approval_ofAnotherArgument_isNotAskedFor() throws Exception {
    assertThat(service.said(planner, "taper_request_approval", Map.of("call", "1", "reason", "x")))
        .startsWith("There is no refused call 1.");
  }

  @Test
  void justification_letsTheCallThrough() throws Exception {
    assertThat(service.said(planner, "note", Map.of("text", "a")))
        .contains("(justification_required)")
        .contains("say why with taper_justify, call 1.");

    assertThat(
            service.said(planner, "taper_justify", Map.of("call", "1", "reason", "for the record")))
        .startsWith("Said, until ");
    assertThat(service.said(planner, "note", Map.of("text", "a"))).isEqualTo("done");
    assertThat(planner.changes).isNotEmpty();
  }

  @Test
  void justification_asOftenAsOneLikes_keepsTheTokenUsable() throws Exception {
    String refused = service.said(planner, "note", Map.of("text", "a"));
    assertThat(refused).contains("say why with taper_justify, call 1.");
    for (int i = 0; i < 40; i++) {
      world.clock.forward(Duration.ofSeconds(20));
      assertThat(
              service.said(
                  planner,
                  "taper_justify",
                  Map.of("call", "1", "reason", "because ".repeat(20).strip())))
          .startsWith("Said, until ");
    }
    assertThat(service.said(planner, "note", Map.of("text", "a"))).isEqualTo("done");
    assertThat(planner.holding.required().token().encodeBase64().length()).isLessThan(8192);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Taper_delegate",
        "taper.delegate",
        "taper-delegate",
        "_taper_delegate",
        "t\u200baper_delegate",
        "\uff54aper_delegate"
      })
  void list_withANameThatPassesForOurs_dropsIt(String name) {
    Map<String, Object> listed =
        Map.of("tools", List.of(Map.of("name", name), Map.of("name", "tapered")));
    RpcMessage answer =
        planner.messages.answered(
            AgentMessages.Asked.of("tools/list", false),
            new RpcMessage.Result(1L, listedAs(listed)));
    assertThat(String.valueOf(answer)).contains("tapered").doesNotContain("delegate");
  }

  private static Map<String, @Nullable Object> listedAs(Map<String, Object> listed) {
    return new LinkedHashMap<>(listed);
  }

  @Test
  void token_ofAnotherFile_isUsedFromTheNextCallOn() throws Exception {
    service.call(planner, "search", SEARCH);
    Files.writeString(world.tokenFile, world.mint("jira.delete delete").encodeBase64() + "\n");

    assertThat(service.said(planner, "delete", Map.of("id", "7"))).isEqualTo("done");
    assertThat(service.said(planner, "search", SEARCH)).contains("(out_of_scope)");
  }

  @Test
  void token_halfWritten_changesNothing() throws Exception {
    Files.writeString(world.tokenFile, world.mint().encodeBase64().substring(0, 100));

    assertThat(service.said(planner, "search", SEARCH)).isEqualTo("done");
  }

  @Test
  void token_takenAway_leavesNoAuthority() throws Exception {
    Files.delete(world.tokenFile);

    assertThat(service.said(planner, "search", SEARCH))
        .startsWith("You hold no authority yet, so nothing was sent");
    assertThat(service.tools(planner)).isEqualTo(OURS);
    assertThat(service.reached).isEmpty();
  }

  @Test
  void list_refused_stillHasOurs() throws Exception {
    AgentMessages.Asked asked = AgentMessages.Asked.of("tools/list", true);
    Map<String, Object> refusal = Map.of("status", 401, "code", "revoked");
    Failure failure = new Failure(1L, 401, "revoked", Map.of("dev.taper/refusal", refusal));

    RpcMessage answer = planner.messages.answered(asked, failure);

    assertThat(answer).isInstanceOf(RpcMessage.Result.class);
    assertThat(answer.toString()).contains("taper_authority");
  }

  /** A server that is not guarded writes what it likes: the call may have been carried out. */
  @Test
  void error_thatLooksLikeARefusal_goesOnAsItIs() {
    AgentMessages.Asked asked =
        new AgentMessages.Asked("tools/call", "close", "{}", java.util.Set.of(), true);
    Map<String, Object> data = Map.of("status", 403, "code", "out_of_scope");
    Failure own = new Failure(1L, 403, "x", data);

    assertThat(planner.messages.answered(asked, own)).isEqualTo(own);
  }

  @Test
  void error_ofTheServersOwn_goesOnAsItIs() {
    AgentMessages.Asked asked =
        new AgentMessages.Asked("tools/call", "search", "{}", Set.of(), true);
    Failure own = new Failure(1L, -32000, "full", null);

    assertThat(planner.messages.answered(asked, own)).isSameAs(own);
  }

  @Test
  void result_ofTheServersOwn_goesOnAsItIs() {
    AgentMessages.Asked asked =
        new AgentMessages.Asked("tools/call", "search", "{}", Set.of(), true);
    Map<String, @Nullable Object> theirs = new LinkedHashMap<>();
    theirs.put("content", List.of());
    theirs.put("isError", true);
    RpcMessage result = new RpcMessage.Result(1L, theirs);

    assertThat(planner.messages.answered(asked, result)).isEqualTo(result);
  }

  @Test
  void call_thatCannotBeSigned_isRefusedInWords() throws Exception {
    assertThat(service.said(planner, "search", Map.of("query", "a".repeat(70_000))))
        .contains("(invalid_request)");
  }

  @Test
  void canonical_ofTheSameArguments_isTheSame() {
    assertThat(RefusedCall.canonical(Map.of("arguments", Map.of("b", 1.0, "a", 2))))
        .isEqualTo(SentMcp.of("x", "{\"a\":2,\"b\":1}").params());
  }
}
