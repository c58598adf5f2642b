package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.ApprovalStatement;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.console.Browser.Answer;
import dev.taper.testing.TearDown;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue of asks: what is told, what is drafted, what is answered. */
class ConsoleAsksTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private ConsoleWorld world;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    world = new ConsoleWorld(folder, ConsoleWorld.DATABASE);
    browser =
        Browser.signedIn(
            folder,
            "--config",
            world.config(),
            "--root-keys",
            "root.pub",
            "--names",
            "names.json",
            "--names-key",
            "registrar.pub",
            "--audit",
            "audit.jsonl",
            "--audit-public-key",
            "audit.pub",
            "--audit-key",
            "audit.key");
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(browser, world);
  }

  private List<JsonNode> queue(String query) throws Exception {
    List<JsonNode> items = new ArrayList<>();
    browser.json("/api/asks" + query).path("items").forEach(items::add);
    return items;
  }

  private JsonNode only() throws Exception {
    List<JsonNode> all = queue("");
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static String answer(String ask, String member, String value) {
    return "{\"ask\":\"" + ask + "\",\"" + member + "\":\"" + value + "\"}";
  }

  private JsonNode answered(String... answers) throws Exception {
    Answer answer =
        browser.post("/api/answers", "{\"answers\":[" + String.join(",", answers) + "]}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("results");
  }

  private static String approval(JsonNode item, PrivateKey by) {
    return ConsoleWorld.approval(item.path("request").textValue(), by);
  }

  @Test
  void queue_ofAsks_saysWhatTheServiceDerivedAndWhoseKeyCounts() throws Exception {
    world.ask(
        world.token(),
        "POST",
        "/issues/7/close",
        "{\"text\":\"<img src=x onerror=alert(1)>\",\"count\":9007199254740993}",
        "please");

    JsonNode item = queue("?key=" + world.boss.publicKey()).get(0);
    assertThat(item.path("ask").textValue()).matches("[0-9a-f]{64}");
    assertThat(item.path("state").textValue()).isEqualTo("open");
    assertThat(item.path("counts").booleanValue()).isTrue();
    assertThat(item.path("possible").path("yes").booleanValue()).isTrue();
    assertThat(item.path("until_s").asLong()).isGreaterThan(1_700_000_000L);
    String request = item.path("request").textValue();
    assertThat(request).contains("9007199254740993").contains("<img src=x");
    ApprovalRequest decoded = ApprovalRequest.decode(request);
    assertThat(decoded.call().tool()).isEqualTo("jira.close");
    assertThat(decoded.catalogDigest()).isNotNull();
    assertThat(queue("?key=" + world.stranger.publicKey()).get(0).path("counts").booleanValue())
        .isFalse();
    assertThat(item.has("broken")).isFalse();
  }

  @Test
  void asks_thatLookAlike_haveNamesOfTheirOwnAndAreCounted() throws Exception {
    String spaces = "{\"text\":\"" + " ".repeat(30_000) + "x\"}";
    String marks = "{\"text\":\"\u202Egnp.exe\"}";
    world.ask(world.token(), "POST", "/issues/7/close", spaces, "same");
    world.ask(world.token(), "POST", "/issues/7/close", marks, "same");
    world.ask("DELETE", "/issues/7");

    List<JsonNode> all = queue("");
    assertThat(all).extracting(one -> one.path("ask").textValue()).doesNotHaveDuplicates();
    assertThat(all)
        .filteredOn(one -> one.path("request").textValue().contains("jira.close"))
        .hasSize(2)
        .allMatch(one -> one.path("alike").asInt() == 1);
    Answer raw = browser.get("/api/asks");
    assertThat(raw.body()).as("nothing hidden reaches a log or terminal").doesNotContain("\u202E");
    assertThat(raw.fields()).containsEntry("content-type", "application/json");
  }

  @Test
  void answers_ofOneSitting_areEachTakenOrRefusedByThemselves() throws Exception {
    for (int i = 0; i < 20; i++) {
      world.ask("POST", "/issues/" + i + "/close");
    }
    List<JsonNode> all = queue("");
    assertThat(all).hasSize(20);
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String ask = all.get(i).path("ask").textValue();
      answers.add(
          i == 3
              ? answer(ask, "refusal", "not this one")
              : answer(
                  ask, "approval", approval(all.get(i), i == 5 ? world.stranger : world.boss)));
    }
    JsonNode results = answered(answers.toArray(new String[0]));
    assertThat(results).hasSize(20);
    for (int i = 0; i < 20; i++) {
      String state = results.path(i).path("state").asText();
      assertThat(state).isEqualTo(i == 3 ? "refused" : i == 5 ? "" : "answered");
    }
    assertThat(results.path(5).path("code").textValue()).isEqualTo("approval_mismatch");
    assertThat(only().path("ask")).isEqualTo(all.get(5).path("ask"));
    assertThat(queue("?state=refused").get(0).path("refusal").textValue())
        .isEqualTo("not this one");
    assertThat(answered(answers.get(0)).path(0).path("state").textValue())
        .as("the same answer again")
        .isEqualTo("answered");
    assertThat(answered(answers.get(3).replace("not this one", "another")).path(0).path("code"))
        .isEqualTo(JSON.readTree("\"ask_closed\""));
  }

  @Test
  void approvers_twoAtOnce_areBothKept() throws Exception {
    world.ask("DELETE", "/issues/7");
    JsonNode item = only();
    String ask = item.path("ask").textValue();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Callable<JsonNode>> both =
        List.of(
            () -> answered(answer(ask, "approval", approval(item, world.boss))),
            () -> answered(answer(ask, "approval", approval(item, world.second))));
    List<String> states = new ArrayList<>();
    for (Future<JsonNode> one : threads.invokeAll(both)) {
      states.add(one.get().path(0).path("state").asText());
    }
    threads.shutdown();
    assertThat(states).containsExactlyInAnyOrder("open", "answered");
    assertThat(queue("?state=answered").get(0).path("approvals")).hasSize(2);
  }

  @Test
  void approval_ofAnotherAskOrChanged_isRefusedAndNotRecorded() throws Exception {
    world.ask("POST", "/issues/1/close");
    world.ask("POST", "/issues/2/close");
    List<JsonNode> all = queue("");
    String first = all.get(0).path("ask").textValue();
    String ofOther = approval(all.get(1), world.boss);
    assertThat(answered(answer(first, "approval", ofOther)).path(0).path("code").asText())
        .isEqualTo("approval_mismatch");
    byte[] bytes = Base64.getUrlDecoder().decode(approval(all.get(0), world.boss));
    bytes[40] ^= 1;
    String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    assertThat(answered(answer(first, "approval", forged)).path(0).path("code").asText())
        .isEqualTo("approval_mismatch");
    assertThat(answered(answer(first, "approval", "AAAA")).path(0).path("code").asText())
        .isEqualTo("malformed_approval");
    String ofNobody = approval(all.get(0), world.stranger);
    assertThat(answered(answer(first, "approval", ofNobody)).path(0).path("code").asText())
        .isEqualTo("approval_mismatch");
    assertThat(answered(answer("0".repeat(64), "refusal", "x")).path(0).path("code").asText())
        .isEqualTo("unknown_ask");
    assertThat(Files.exists(folder.resolve("audit.jsonl"))).isFalse();
    assertThat(queue("")).hasSize(2);
  }

  @Test
  void approval_thatIsGiven_isRecordedAndToldOfLater() throws Exception {
    world.ask("POST", "/issues/1/close");
    JsonNode item = only();
    answered(answer(item.path("ask").textValue(), "approval", approval(item, world.boss)));
    JsonNode timeline =
        browser.eventually("/api/timeline?kind=approve", found -> !found.path("items").isEmpty());
    assertThat(timeline.path("log").path("state").textValue())
        .as(timeline.toString())
        .isEqualTo("signed");
    assertThat(timeline.path("items").path(0).path("words").textValue()).contains("jira.close");

    world.ask("POST", "/issues/2/close");
    String name = only().path("ask").textValue();
    JsonNode one =
        browser.json("/api/asks/" + name + "?key=" + world.boss.publicKey()).path("before");
    assertThat(one.path("approved").asInt()).isEqualTo(1);
    assertThat(one.path("items").path(0).path("resource").textValue()).isEqualTo("jira:issue/1");
    JsonNode others =
        browser.json("/api/asks/" + name + "?key=" + world.second.publicKey()).path("before");
    assertThat(others.path("approved").asInt()).isZero();
  }

  @Test
  void authority_thatEnded_bothersNobody() throws Exception {
    world.ask("POST", "/issues/1/close");
    assertThat(queue("")).hasSize(1);
    browser.close();
    Files.writeString(folder.resolve("root.pub"), world.stranger.publicKey().toString());
    browser = Browser.signedIn(folder, "--config", world.config(), "--root-keys", "root.pub");

    JsonNode page = browser.json("/api/asks");
    assertThat(page.path("items")).isEmpty();
    assertThat(page.path("hidden").asInt()).isEqualTo(1);
    JsonNode shown = browser.json("/api/asks?state=all").path("items").path(0);
    assertThat(shown.path("possible").path("yes").booleanValue()).isFalse();
    assertThat(shown.path("possible").path("code").textValue()).isEqualTo("invalid_signature");
    assertThat(browser.json("/api/pulse").path("open").asInt()).isZero();
    Answer draft =
        browser.post(
            "/api/drafts", "{\"ask\":\"" + shown.path("ask").textValue() + "\",\"window_s\":60}");
    assertThat(draft.code()).isEqualTo("invalid_signature");
  }

  @Test
  void pages_ofManyAsks_areAllAsksOnce() throws Exception {
    for (int i = 0; i < 7; i++) {
      world.ask("POST", "/issues/" + i + "/close");
    }
    List<String> names = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = browser.json("/api/asks?limit=3" + after);
      page.path("items").forEach(item -> names.add(item.path("ask").textValue()));
      assertThat(page.path("open").asInt()).isEqualTo(7);
      after = page.has("next") ? "&after=" + page.path("next").textValue() : null;
    } while (after != null);
    assertThat(names).hasSize(7).doesNotHaveDuplicates();
    for (String query :
        List.of(
            "?limit=0",
            "?limit=201",
            "?limit=-1",
            "?state=new",
            "?after=x",
            "?key=x",
            "?more=1",
            "?limit=1&limit=2",
            "?after=%00",
            "?state=%ff")) {
      assertThat(browser.get("/api/asks" + query).status()).as(query).isEqualTo(400);
    }
  }

  @Test
  void queue_thatOneAgentFills_showsOthersAllTheSame() throws Exception {
    AgentToken loud = world.token("user:mallory@acme.com", "agent:loud", "T-1", world.root);
    AgentToken quiet = world.token("user:mallory@acme.com", "agent:quiet", "T-2", world.root);
    for (int i = 0; i < 6; i++) {
      world.ask(loud, "POST", "/issues/" + i + "/close", null, "loud");
    }
    world.ask(quiet, "POST", "/issues/7/close", null, "quiet");
    world.ask(world.token(), "POST", "/issues/8/close", null, "other");
    List<String> reasons = new ArrayList<>();
    List<String> names = new ArrayList<>();
    JsonNode page = browser.json("/api/asks?limit=2");
    JsonNode first = page;
    while (true) {
      for (JsonNode item : page.path("items")) {
        names.add(item.path("ask").textValue());
        reasons.add(ApprovalRequest.decode(item.path("request").textValue()).reason());
      }
      if (!page.has("next")) {
        break;
      }
      page = browser.json("/api/asks?limit=2&after=" + page.path("next").textValue());
    }
    assertThat(reasons.subList(0, 2)).containsExactlyInAnyOrder("loud", "other");
    assertThat(reasons.get(2)).isEqualTo("quiet");
    assertThat(names).hasSize(8).doesNotHaveDuplicates();
    assertThat(first.path("waiting").toString())
        .isEqualTo(
            "[{\"delegator\":\"user:mallory@acme.com\",\"agent\":\"agent:loud\",\"open\":6},"
                + "{\"delegator\":\"user:alice@acme.com\",\"agent\":\"agent:planner\",\"open\":1},"
                + "{\"delegator\":\"user:mallory@acme.com\",\"agent\":\"agent:quiet\",\"open\":1}]");
    // What was answered takes no turns from what is open.
    answered(answer(names.get(0), "refusal", "no"));
    assertThat(browser.json("/api/asks?limit=2").path("items")).hasSize(2);
    assertThat(queue("?state=refused")).hasSize(1);
  }

  @Test
  void draft_ofOneCall_isWhatIsSignedAndCounts() throws Exception {
    world.ask("POST", "/issues/1/close");
    JsonNode item = only();
    String ask = item.path("ask").textValue();
    JsonNode draft =
        browser
            .post(
                "/api/drafts",
                "{\"ask\":\"" + ask + "\",\"window_s\":300,\"uses\":1,\"reason\":\"fine\"}")
            .json();
    String text =
        new String(
            Base64.getUrlDecoder().decode(draft.path("statement").textValue()),
            StandardCharsets.UTF_8);
    ApprovalStatement statement = ApprovalStatement.parse(text);
    ApprovalRequest request = ApprovalRequest.decode(item.path("request").textValue());
    assertThat(statement.covers(request.call())).isTrue();
    assertThat(statement.uses()).hasValue(1);
    assertThat(statement.reason()).isEqualTo("fine");
    assertThat(statement.window().toSeconds()).isEqualTo(300);
    assertThat(draft.path("covers").asInt()).isEqualTo(1);
    assertThat(draft.path("words").textValue()).contains("once");
  }

  @Test
  void draft_ofPatterns_saysHowManyAsksItCovers() throws Exception {
    var token = world.token();
    for (int i = 0; i < 3; i++) {
      world.ask(token, "POST", "/issues/" + i + "/close", null, "x");
    }
    world.ask(world.token("T-9", world.root), "POST", "/issues/9/close", null, "x");
    String ask = queue("").get(0).path("ask").textValue();
    JsonNode draft =
        browser
            .post(
                "/api/drafts",
                "{\"ask\":\""
                    + ask
                    + "\",\"window_s\":600,\"uses\":5,\"calls\":[{\"tools\":[\"jira.close\"],"
                    + "\"operations\":[\"close\"],\"resources\":[\"jira:issue/*\"]}]}")
            .json();
    assertThat(draft.path("covers").asInt()).as(draft.toString()).isEqualTo(3);
    for (String wrong :
        List.of(
            "\"window_s\":0",
            "\"window_s\":60,\"calls\":[{\"tools\":[\"jira.close\"]}]",
            "\"window_s\":7200,\"uses\":2,\"calls\":[{\"tools\":[\"jira.close\"]}]",
            "\"window_s\":60,\"calls\":[{\"tools\":[]}],\"uses\":2",
            "\"window_s\":60,\"uses\":0",
            "\"window_s\":60,\"onward_from\":9",
            "\"window_s\":60,\"reason\":\"two\\nlines\"",
            "\"window_s\":60,\"more\":1")) {
      Answer answer = browser.post("/api/drafts", "{\"ask\":\"" + ask + "\"," + wrong + "}");
      assertThat(answer.status()).as(wrong + answer.body()).isEqualTo(400);
    }
    assertThat(
            browser
                .post("/api/keeper-approvals", "{\"ask\":\"" + ask + "\",\"statement\":\"AAAA\"}")
                .code())
        .isEqualTo("no_keeper_key");
  }

  @Test
  void answers_thatMakeNoSense_changeNothing() throws Exception {
    world.ask("POST", "/issues/1/close");
    String ask = only().path("ask").textValue();
    String refused = answer(ask, "refusal", "x");
    for (String json :
        List.of(
            "",
            "[]",
            "{}",
            "{\"answers\":[]}",
            "{\"answers\":{}}",
            "{\"answers\":[1]}",
            "{\"answers\":[" + refused + "," + refused + "]}",
            "{\"answers\":[{\"ask\":\"" + ask + "\"}]}",
            "{\"answers\":[{\"ask\":\"" + ask + "\",\"refusal\":null}]}",
            "{\"answers\":[{\"ask\":\"" + ask + "\",\"refusal\":\"a\",\"approval\":\"b\"}]}",
            "{\"answers\":[{\"ask\":\"" + ask + "\",\"refusal\":\"a\",\"by\":\"me\"}]}",
            "{\"answers\":[" + refused + "],\"answers\":[]}",
            "{\"answers\":[" + refused + "]} x",
            "{\"answers\":" + "[".repeat(40) + "]".repeat(40) + "}")) {
      Answer answer = browser.post("/api/answers", json);
      assertThat(answer.code()).as(json).isEqualTo("invalid_request");
    }
    assertThat(answered(answer(ask, "refusal", "two\\nlines")).path(0).path("code").asText())
        .isEqualTo("invalid_request");
    assertThat(only().path("state").textValue()).isEqualTo("open");
  }

  /** Whoever loses a key has another one put into the names in its place. */
  @Test
  void lostKey_takenOutOfTheNames_countsForNothing() throws Exception {
    world.ask("DELETE", "/issues/7");
    JsonNode item = queue("?key=" + world.boss.publicKey()).get(0);
    assertThat(item.path("counts").booleanValue()).isTrue();
    String stolen = approval(item, world.boss);
    browser.close();
    world.replaceBoss(world.stranger);
    browser = Browser.signedIn(folder, "--config", world.config(), "--root-keys", "root.pub");

    assertThat(queue("?key=" + world.boss.publicKey()).get(0).path("counts").booleanValue())
        .isFalse();
    assertThat(queue("?key=" + world.stranger.publicKey()).get(0).path("counts").booleanValue())
        .isTrue();
    String ask = item.path("ask").textValue();
    assertThat(answered(answer(ask, "approval", stolen)).path(0).path("code").asText())
        .isEqualTo("approval_mismatch");
    assertThat(
            answered(answer(ask, "approval", approval(item, world.stranger)))
                .path(0)
                .path("state")
                .asText())
        .isEqualTo("open");
  }

  @Test
  void trust_isWhatTheFilesOfThisMachineSay() throws Exception {
    JsonNode trust = browser.json("/api/trust");
    assertThat(trust.path("root_keys").path(0).path("key").textValue())
        .isEqualTo(world.root.publicKey().toString());
    JsonNode names = trust.path("names");
    assertThat(names.path("signed_by").textValue())
        .isEqualTo(world.registrar.publicKey().toString());
    assertThat(names.path("agents").path(0).path("name").textValue()).isEqualTo("agent:planner");
    assertThat(names.path("approvers").path(0).path("groups").path(0).textValue())
        .isEqualTo("leads");
    assertThat(trust.path("services").path(0).path("audience").textValue()).isEqualTo("svc:jira");

    // A key under a known name, by somebody who can write the file and lacks the registrar's key.
    String text = Files.readString(folder.resolve("names.json"));
    Files.writeString(
        folder.resolve("names.json"),
        text.replace(world.boss.publicKey().toString(), world.stranger.publicKey().toString()));
    assertThat(browser.get("/api/trust").code()).isEqualTo("invalid_names");
    world.names(2);
    assertThat(browser.get("/api/trust").status()).isEqualTo(200);
    world.names(1);
    assertThat(browser.get("/api/trust").code()).as("an old file").isEqualTo("invalid_names");
  }
}
