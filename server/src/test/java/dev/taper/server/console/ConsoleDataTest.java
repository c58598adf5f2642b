package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.SignedLists;
import dev.taper.server.console.Browser.Answer;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Living authority, reviews, timeline, health: over real stores. */
class ConsoleDataTest {
  private final PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable ConsoleWorld started;
  private @Nullable Browser signedIn;

  private ConsoleWorld world() {
    return Objects.requireNonNull(started);
  }

  private Browser browser() {
    return Objects.requireNonNull(signedIn);
  }

  private void start(RealDatabase kind) throws Exception {
    String database = kind.create(folder);
    ConsoleWorld world = new ConsoleWorld(folder, database);
    started = world;
    open.add(world);
    fill(database);
    Browser browser =
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
            "--registry",
            database,
            "--reviewer",
            "user:erin@acme.com",
            "--audit",
            "audit.jsonl",
            "--audit-public-key",
            "audit.pub",
            "--audit-key",
            "audit.key",
            "--revocations",
            "list.bin",
            "--revocation-key",
            "list.key");
    signedIn = browser;
    open.add(browser);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** Three tasks, each handed on once; one of them used, one of them denied often. */
  private void fill(String address) throws Exception {
    try (Database database = Database.open(address, folder);
        AuditLog log =
            AuditLog.on(
                    AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC()),
                    world().auditKey)
                .recordEveryDenial()
                .open()) {
      Registry registry = new Registry(database, Clock.systemUTC());
      Verifier verifier =
          Verifier.trusting(RootKeys.of(world().root.publicKey()))
              .callerStatesMeaning()
              .audience("svc:jira")
              .withoutRevocation()
              .deadline(Duration.ofSeconds(20)) // no answer depends on how fast this machine is
              .listener(registry)
              .listener(log)
              .build();
      for (int i = 0; i < 3; i++) {
        AgentToken token = world().token("T-" + i, world().root);
        AgentToken handed =
            token.delegate(
                world().planner,
                Hop.to(Agent.of("agent:researcher<script>", researcher.publicKey()))
                    .grant("jira.search read")
                    .expiresIn(Duration.ofMinutes(i == 2 ? 30 : 90)),
                Clock.systemUTC());
        registry.issued(handed, world().root.publicKey());
        if (i == 0) {
          call(verifier, handed, "jira.search");
        }
        for (int denied = 0; i == 1 && denied < 6; denied++) {
          call(verifier, handed, "jira.delete");
        }
      }
    }
  }

  private void call(Verifier verifier, AgentToken token, String tool) {
    ToolCall call = ToolCall.of(tool).operation("read");
    var unused =
        verifier.decide(
            token.token(), call, token.prove(researcher, call, "svc:jira"), SentApprovals.NONE);
  }

  private JsonNode living(String query) throws Exception {
    return browser().json("/api/living" + query);
  }

  @ParameterizedTest
  @EnumSource
  void living_byPersonAgentTaskAndMark_isPaged(RealDatabase kind) throws Exception {
    start(kind);
    assertThat(living("").path("total").asInt()).isEqualTo(6);
    assertThat(living("?show=unused").path("total").asInt()).isEqualTo(4);
    assertThat(living("?show=denied").path("items")).hasSize(2);
    assertThat(living("?show=expiring").path("total").asInt()).isEqualTo(1);
    assertThat(living("?show=expiring&within=100m").path("total").asInt()).isEqualTo(3);
    assertThat(living("?show=unexercised&task=T-0").path("total").asInt()).isEqualTo(1);
    assertThat(living("?agent=agent:planner").path("total").asInt()).isEqualTo(3);
    assertThat(living("?delegator=user:alice@acme.com&task=T-1").path("total").asInt())
        .isEqualTo(2);
    JsonNode first = living("?limit=4&order=task");
    assertThat(first.path("items")).hasSize(4);
    JsonNode rest = living("?limit=4&order=task&after=" + first.path("next").textValue());
    assertThat(rest.path("items")).hasSize(2);
    assertThat(rest.has("next")).isFalse();
    JsonNode summary = browser().json("/api/living/summary");
    assertThat(summary.path("living").asInt()).isEqualTo(6);
    assertThat(summary.path("denied").asInt()).isEqualTo(2);
    assertThat(summary.path("by").path("agent").path(0).path("living").asInt()).isEqualTo(3);
    for (String wrong : List.of("?show=x", "?order=x", "?after=x", "?limit=0", "?within=x")) {
      assertThat(browser().get("/api/living" + wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @EnumSource
  void revoking_aBlock_isSignedByTheListKeyAndEndsWhatCameOfIt(RealDatabase kind) throws Exception {
    start(kind);
    JsonNode planners = living("?task=T-0&agent=agent:planner").path("items").path(0);
    String id = planners.path("id").textValue();
    JsonNode one = browser().json("/api/living/" + id);
    assertThat(one.path("handed_on")).hasSize(1);
    assertThat(one.path("chain")).hasSize(1);
    assertThat(browser().get("/api/living/" + "0".repeat(64)).code())
        .isEqualTo("unknown_delegation");
    String what = "{\"kind\":\"block\",\"id\":\"" + id + "\"";
    JsonNode draft = browser().post("/api/revocations/draft", what + "}").json();
    assertThat(draft.path("ends").asInt()).isEqualTo(2);
    assertThat(living("").path("total").asInt()).as("a draft revokes nothing").isEqualTo(6);

    JsonNode done = browser().post("/api/revocations", what + ",\"reason\":\"left\"}").json();
    assertThat(done.path("ended").asInt()).as(done.toString()).isEqualTo(2);
    assertThat(done.has("failure")).isFalse();
    assertThat(living("").path("total").asInt()).isEqualTo(4);
    byte[] list = Files.readAllBytes(folder.resolve("list.bin"));
    assertThat(SignedLists.read(list, List.of(world().listKey.publicKey())).entries()).hasSize(1);
    JsonNode health = browser().json("/api/health");
    assertThat(health.path("lists").path(0).path("state").textValue()).isEqualTo("fresh");
    assertThat(health.path("lists").path(0).path("entries").asInt()).isEqualTo(1);

    browser().post("/api/revocations", "{\"kind\":\"task\",\"id\":\"T-1\",\"task_end\":true}");
    assertThat(living("").path("total").asInt()).isEqualTo(2);
    for (String wrong :
        List.of(
            "{\"kind\":\"x\",\"id\":\"y\"}",
            "{\"kind\":\"holder\",\"id\":\"y\"}",
            "{\"kind\":\"task\"}",
            "{\"kind\":\"delegator\",\"id\":\"user:a\",\"task_end\":true}",
            "{\"kind\":\"task\",\"id\":\"T\",\"reason\":\"\"}")) {
      assertThat(browser().post("/api/revocations", wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @EnumSource
  void reviews_startedHere_areDecidedOnce(RealDatabase kind) throws Exception {
    start(kind);
    JsonNode started =
        browser()
            .post("/api/reviews", "{\"title\":\"Q4 <b>\",\"due\":\"1d\",\"task\":\"T-0\"}")
            .json();
    assertThat(started.path("items").asInt()).isEqualTo(2);
    assertThat(browser().json("/api/pulse").path("reviews_due").asInt()).isEqualTo(1);
    JsonNode items = browser().json("/api/reviews/1?state=open&limit=1");
    assertThat(items.path("items")).hasSize(1);
    assertThat(items.path("next").textValue()).isEqualTo("1");
    String certify = "{\"decision\":\"certified\",\"items\":[1],\"reason\":\"needed\"}";
    JsonNode decided = browser().post("/api/reviews/1/decisions", certify).json();
    assertThat(decided.path("review").path("certified").asInt()).isEqualTo(1);
    assertThat(decided.path("review").path("open").asInt()).isEqualTo(1);
    assertThat(browser().post("/api/reviews/1/decisions", certify).code()).isEqualTo("not_open");
    JsonNode revoked =
        browser()
            .post("/api/reviews/1/decisions", "{\"decision\":\"revoked\",\"items\":[2]}")
            .json();
    assertThat(revoked.path("review").path("revoked").asInt()).isEqualTo(1);
    JsonNode all = browser().json("/api/reviews/1");
    assertThat(all.path("items").path(0).path("by").textValue()).isEqualTo("user:erin@acme.com");
    assertThat(all.path("items").path(1).path("state").textValue()).isEqualTo("revoked");
    assertThat(browser().json("/api/reviews").path("items").path(0).path("title").textValue())
        .isEqualTo("Q4 <b>");
    assertThat(browser().json("/api/pulse").path("reviews_due").asInt()).isZero();
    assertThat(browser().get("/api/reviews/9").code()).isEqualTo("unknown_review");
    assertThat(browser().get("/api/reviews/99999999999").status()).isEqualTo(400);
    for (String wrong :
        List.of(
            "{\"decision\":\"lapsed\",\"items\":[1]}",
            "{\"decision\":\"revoked\",\"items\":[]}",
            "{\"decision\":\"revoked\",\"items\":[\"1\"]}")) {
      assertThat(browser().post("/api/reviews/1/decisions", wrong).status()).isEqualTo(400);
    }
    JsonNode timeline =
        browser().eventually("/api/timeline?kind=review", found -> found.path("items").size() == 2);
    assertThat(timeline.path("items")).hasSize(2);
  }

  @Test
  void timeline_withFilters_isVerifiedAndPaged() throws Exception {
    start(RealDatabase.SQLITE);
    JsonNode all = browser().json("/api/timeline");
    assertThat(all.path("log").path("state").textValue()).isEqualTo("signed");
    assertThat(all.path("items")).hasSize(7);
    assertThat(browser().json("/api/timeline?task=T-0").path("items")).hasSize(1);
    assertThat(browser().json("/api/timeline?kind=deny,allow").path("items")).hasSize(7);
    assertThat(browser().json("/api/timeline?kind=deny").path("items")).hasSize(6);
    assertThat(browser().json("/api/timeline?agent=agent:planner").path("items")).hasSize(7);
    assertThat(browser().json("/api/timeline?until=1").path("items")).isEmpty();
    JsonNode page = browser().json("/api/timeline?limit=5");
    JsonNode rest = browser().json("/api/timeline?limit=5&after=" + page.path("next").textValue());
    assertThat(rest.path("items")).hasSize(2);
    assertThat(rest.has("next")).isFalse();
    JsonNode allowed = browser().json("/api/timeline?kind=allow").path("items").path(0);
    assertThat(allowed.path("caller").textValue()).contains("proven");
    assertThat(allowed.path("agents").path(1).textValue()).contains("<script>");
    JsonNode record = browser().json("/api/timeline/" + allowed.path("seq").asInt());
    assertThat(record.path("hash").textValue())
        .isEqualTo(
            HexFormat.of()
                .formatHex(
                    MessageDigest.getInstance("SHA-256")
                        .digest(
                            ("\0TAPER\0AUDIT\0" + record.path("text").textValue())
                                .getBytes(StandardCharsets.UTF_8))));
    assertThat(record.path("signed").booleanValue()).isTrue();
    assertThat(browser().get("/api/timeline/99999").code()).isEqualTo("unknown_record");
    JsonNode task = browser().json("/api/tasks/T-1");
    assertThat(task.path("tokens")).hasSize(2);
    assertThat(task.path("tokens").path(1).path("parent"))
        .isEqualTo(task.path("tokens").path(0).path("token"));
    assertThat(task.path("tokens").path(1).path("denied").asInt()).isEqualTo(6);
    assertThat(task.path("cut").booleanValue()).isFalse();
    assertThat(browser().get("/api/tasks/T%20x").code()).isEqualTo("unknown_task");
  }

  @Test
  void timeline_ofALogThatSomebodyChanged_showsNoRecord() throws Exception {
    start(RealDatabase.SQLITE);
    assertThat(browser().json("/api/timeline").path("items")).isNotEmpty();
    Path log = folder.resolve("audit.jsonl");
    Files.writeString(log, Files.readString(log).replaceFirst("T-1", "T-9"));

    JsonNode changed =
        browser()
            .eventually(
                "/api/timeline",
                found -> !found.path("log").path("state").asText().equals("signed"));
    assertThat(changed.path("log").path("state").textValue()).isEqualTo("broken");
    assertThat(changed.path("log").path("flaw").path("kind").textValue()).isEqualTo("edited");
    assertThat(changed.path("items")).isEmpty();
    assertThat(browser().json("/api/pulse").path("log").textValue()).isEqualTo("broken");
    Answer task = browser().get("/api/tasks/T-0");
    assertThat(task.code()).isEqualTo("audit_edited");
  }

  @Test
  void health_ofAll_saysWhatDependsOnEachKey() throws Exception {
    start(RealDatabase.SQLITE);
    JsonNode health = browser().json("/api/health");
    assertThat(health.path("verifiers").path(0).path("ready").booleanValue()).isTrue();
    assertThat(health.path("verifiers").path(0).path("files")).isNotEmpty();
    assertThat(health.path("lists").path(0).path("state").textValue()).isEqualTo("unread");
    assertThat(health.path("stores")).allMatch(store -> store.path("ok").booleanValue());
    List<String> keys = new ArrayList<>();
    for (JsonNode key : health.path("keys")) {
      keys.add(
          key.path("use").textValue()
              + " "
              + key.path("name").asText("-")
              + " "
              + key.path("living").asText("-"));
    }
    assertThat(keys)
        .contains(
            "root - 6",
            "agent agent:planner 3",
            "approver user:boss@acme.com -",
            "list - -",
            "audit - -");
    String body = browser().get("/api/health").body();
    assertThat(body).doesNotContain("private").doesNotContain(ConsoleWorld.SECRET);
  }

  @Test
  void health_showsTheLastFindingsOfTheLog() throws Exception {
    start(RealDatabase.SQLITE);
    try (AuditLog log =
        AuditLog.on(
                AuditSink.inFile(folder.resolve("audit.jsonl"), Clock.systemUTC()),
                world().auditKey)
            .open()) {
      var unused =
          log.append(
              AuditEvent.of(AuditKind.FINDING, Instant.parse("2026-11-26T12:00:00Z"))
                  .task("T-9")
                  .subject(
                      AuditEvent.Subject.of("finding", "replays")
                          .reason("replays: somebody with the token")
                          .decision("report")));
    }

    JsonNode findings = browser().json("/api/health").path("findings");
    assertThat(findings).hasSize(1);
    assertThat(findings.path(0).path("rule").textValue()).isEqualTo("replays");
    assertThat(findings.path(0).path("task").textValue()).isEqualTo("T-9");
    assertThat(findings.path(0).path("words").textValue()).startsWith("replays: somebody");
    assertThat(findings.path(0).path("at").asLong()).isPositive();
    assertThat(findings.path(0).path("record").asInt()).isPositive();
  }

  @Test
  void acts_withoutTheirKeysAndNames_areRefused() throws Exception {
    start(RealDatabase.SQLITE);
    try (Browser viewer =
        Browser.signedIn(folder, "--registry", "sqlite:taper.db", "--audit", "audit.jsonl")) {
      JsonNode session = viewer.json("/api/session");
      assertThat(session.path("can")).isEmpty();
      assertThat(session.path("pages"))
          .extracting(JsonNode::textValue)
          .containsExactly("living", "reviews", "timeline", "health");
      assertThat(viewer.post("/api/revocations", "{\"kind\":\"task\",\"id\":\"T-0\"}").code())
          .isEqualTo("no_list_key");
      assertThat(viewer.post("/api/reviews", "{\"title\":\"x\",\"due\":\"1d\"}").code())
          .isEqualTo("no_reviewer");
      assertThat(
              viewer
                  .post("/api/reviews/1/decisions", "{\"decision\":\"certified\",\"items\":[1]}")
                  .code())
          .isEqualTo("no_reviewer");
      assertThat(viewer.json("/api/timeline").path("log").path("state").textValue())
          .isEqualTo("chained");
    }
  }
}
