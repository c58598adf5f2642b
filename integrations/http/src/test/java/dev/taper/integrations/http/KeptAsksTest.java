package dev.taper.integrations.http;

import static dev.taper.integrations.http.AskContract.assertDone;
import static dev.taper.integrations.http.AskContract.assertRefused;
import static dev.taper.integrations.http.AskWorld.CLOSE;
import static dev.taper.integrations.http.AskWorld.approval;
import static dev.taper.integrations.http.AskWorld.approve;
import static dev.taper.integrations.http.AskWorld.body;
import static dev.taper.integrations.http.AskWorld.get;
import static dev.taper.integrations.http.AskWorld.location;
import static dev.taper.integrations.http.AskWorld.post;
import static dev.taper.integrations.http.AskWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierRules;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.store.Database;
import dev.taper.store.SqlAsks;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where asks are kept: for how long, for whom, and what becomes of them when things change. */
class KeptAsksTest {
  private static final String ORIGIN = "https://jira.example.com";

  @TempDir Path folder;

  private final AskWorld world = new AskWorld();
  private final List<AutoCloseable> open = new ArrayList<>();

  private TestService start(TestService.Starter starter, Function<String, HttpGuard> guard)
      throws Exception {
    TestService service = starter.start(guard);
    open.add(service);
    return service;
  }

  private TestService start(Asks asks) throws Exception {
    return start(
        JdkService::start,
        origin -> HttpGuard.of(world.verifier(origin).build()).keepingAsks(asks));
  }

  private Database database() {
    Database database = Database.open("sqlite:asks.db", folder);
    open.add(database);
    return database;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  /** Each has its own connections, as a process of its own; the origin is the proxy's. */
  @Test
  void ask_ofReplicas_isTheSameAtEach() throws Exception {
    Function<String, HttpGuard> guard =
        origin ->
            HttpGuard.of(world.verifier(ORIGIN).build())
                .keepingAsks(new SqlAsks(database()))
                .dialledAs(ORIGIN);
    TestService jetty = start(JettyService::start, guard);
    TestService jdk = start(JdkService::start, guard);

    String json = body("DELETE", "/issues/7");
    List<String> fields =
        world.world.presented(
            world.token,
            SentHttp.of("POST", ORIGIN, "/v1/asks")
                .content("application/json", AskWorld.bytes(json)),
            Clock.systemUTC());
    String target = location(post(jetty, "/v1/asks", fields, json));

    assertThat(get(jdk, target).body()).isEqualTo(get(jetty, target).body());
    assertDone(approve(jdk, target, world.world.boss));
    assertDone(approve(jetty, target, world.second));
    assertThat(get(jdk, target).body()).contains("\"state\":\"answered\"");
    assertThat(get(jetty, target).body()).isEqualTo(get(jdk, target).body());
  }

  @Test
  void approvals_ofManyAtOnce_areAllKept() throws Exception {
    TestService jetty =
        start(
            JettyService::start,
            origin ->
                HttpGuard.of(world.verifier(origin).build()).keepingAsks(new SqlAsks(database())));
    String target = location(world.ask(jetty, body("DELETE", "/issues/7")));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    var first = threads.submit(() -> approve(jetty, target, world.world.boss));
    var second = threads.submit(() -> approve(jetty, target, world.second));
    assertDone(first.get());
    assertDone(second.get());
    threads.shutdown();
    assertThat(get(jetty, target).body()).contains("\"state\":\"answered\"");
  }

  @Test
  void ask_whoseTimeIsOver_isUnknown() throws Exception {
    SettableClock clock = new SettableClock(Instant.now());
    TestService service =
        start(
            JdkService::start,
            origin ->
                HttpGuard.of(world.verifier(origin).build()).keepingAsks(Asks.inMemory(), clock));
    String target = location(world.ask(service, body("POST", CLOSE)));
    Approval approval = approval(request(get(service, target)), world.world.boss);

    clock.forward(Duration.ofMinutes(60).minusSeconds(1));
    assertThat(get(service, target).status()).isEqualTo(200);
    clock.forward(Duration.ofSeconds(1));
    assertRefused(get(service, target), 404, "unknown_ask");
    assertRefused(post(service, target, List.of(), AskWorld.answer(approval)), 404, "unknown_ask");
  }

  @Test
  void asks_ofOneWhoFloods_leaveRoomForOthers() throws Exception {
    TestService service = start(Asks.inMemory(64 * 1024));
    Answer last = world.ask(service, body("POST", CLOSE));
    for (int i = 0; i < 60 && last.status() == 201; i++) {
      last = world.ask(service, body("POST", "/issues/" + i + "/close"));
    }
    assertRefused(last, 503, "asks_full");
    assertThat(last.has("Retry-After", "5")).isTrue();

    Answer others = world.ask(service, world.mint("user:bob@acme.com"), body("POST", CLOSE));
    assertThat(others.status()).isEqualTo(201);
    assertDone(approve(service, location(others), world.world.boss));
  }

  @Test
  void ask_whileTheStoreIsAway_isUnavailable() throws Exception {
    Database database = database();
    TestService service = start(new SqlAsks(database));
    String target = location(world.ask(service, body("POST", CLOSE)));
    Approval approval = approval(request(get(service, target)), world.world.boss);
    database.close();

    assertRefused(world.ask(service, body("POST", CLOSE)), 503, "unavailable");
    assertRefused(get(service, target), 503, "unavailable");
    assertRefused(post(service, target, List.of(), AskWorld.answer(approval)), 503, "unavailable");
  }

  @Test
  void store_thatHangs_holdsUpFewAndNoCalls() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    AtomicInteger asking = new AtomicInteger();
    Asks stuck =
        new Asks() {
          @Override
          public Kept add(Ask ask, Instant now) {
            return Kept.NO_ROOM;
          }

          @Override
          public @Nullable Ask find(String name, Instant now) {
            asking.incrementAndGet();
            hanging.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return null;
          }

          @Override
          public List<Ask.Head> heads(Instant now) {
            return List.of();
          }

          @Override
          public Kept replace(Ask changed, Instant now) {
            return Kept.CHANGED;
          }
        };
    TestService service = start(stuck);
    String target = "/v1/asks/" + "a".repeat(21) + "A";
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(threads.submit(() -> get(service, target)));
    }
    hanging.await();
    assertRefused(get(service, target), 503, "unavailable");
    assertThat(asking).as("strangers wait for each other").hasValue(1);
    release.countDown();
    for (Future<Answer> answer : answers) {
      assertThat(answer.get().status()).isIn(404, 503);
    }
    threads.shutdown();
  }

  @Test
  void ask_madeOrRefused_isToldToTheServicesListeners() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    DecisionListener listener =
        new DecisionListener() {
          @Override
          public void decided(DecisionEvent event) {
            told.add("decided");
          }

          @Override
          public void asked(DecisionEvent event) {
            told.add(
                event.decision() instanceof CallDecision.Denied denied
                    ? denied.code().text()
                    : "allowed");
          }
        };
    TestService service =
        start(
            JdkService::start,
            origin ->
                HttpGuard.of(world.verifier(origin).listener(listener).build())
                    .keepingAsks(Asks.inMemory()));
    String target = location(world.ask(service, body("POST", CLOSE)));
    assertRefused(
        world.ask(service, world.world.token, body("DELETE", "/issues/7")), 403, "out_of_scope");
    assertRefused(
        world.ask(service, "{\"method\":\"PUT\",\"target\":\"/uploads\",\"reason\":\"x\"}"),
        409,
        "nothing_to_ask");
    assertDone(approve(service, target, world.world.boss));
    assertThat(told).containsExactly("approval_required", "out_of_scope", "allowed");
  }

  @Test
  void ask_ofAnotherService_isUnknown() throws Exception {
    Asks shared = Asks.inMemory();
    TestService jira = start(shared);
    TestService wiki =
        start(
            JdkService::start,
            origin ->
                HttpGuard.of(
                        Verifier.trusting(RootKeys.of(world.world.root.publicKey()))
                            .audience("svc:wiki")
                            .catalog(ToolCatalog.of("svc:wiki").origin(origin).build())
                            .withoutRevocation()
                            .build())
                    .keepingAsks(shared));
    String target = location(world.ask(jira, body("POST", CLOSE)));
    assertRefused(get(wiki, target), 404, "unknown_ask");
    assertRefused(post(wiki, target, List.of(), "{\"refusal\":\"a\"}"), 404, "unknown_ask");
    assertThat(get(jira, target).body()).contains("\"state\":\"open\"");
  }

  @Test
  void ask_whoseCallMeansSomethingElseNow_hasEnded() throws Exception {
    AtomicReference<Verifier> current = new AtomicReference<>();
    TestService service =
        start(
            JdkService::start,
            origin -> {
              current.set(world.verifier(origin).build());
              return HttpGuard.of(current::get).keepingAsks(Asks.inMemory());
            });
    String target = location(world.ask(service, body("POST", CLOSE)));
    Approval approval = approval(request(get(service, target)), world.world.boss);
    VerifierRules rules = current.get().rules();
    current.set(current.get().with(rules.withCatalog(other(service.origin()))));
    assertRefused(post(service, target, List.of(), AskWorld.answer(approval)), 404, "unknown_ask");

    RootKeys others = RootKeys.of(world.stranger.publicKey());
    current.set(current.get().with(current.get().rules().withRootKeys(others)));
    assertRefused(post(service, target, List.of(), AskWorld.answer(approval)), 404, "unknown_ask");
  }

  /** The same route, with another operation. */
  private static ToolCatalog other(String origin) {
    return ToolCatalog.of(World.AUDIENCE)
        .origin(origin)
        .tool(
            CatalogTool.of("jira.close")
                .operation("delete")
                .http(new CatalogTool.HttpRoute("POST", "/issues/{id}/close"))
                .argument(
                    "id", CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING))))
        .build();
  }

  @Test
  void guard_catalogWithAToolAtThePath_isRefused() {
    for (String path : List.of("/v1/asks", "/v1/{thing}", "/{a}/{b}/{c}")) {
      CatalogTool tool =
          CatalogTool.of("jira.asks")
              .operation("write")
              .http(new CatalogTool.HttpRoute("POST", path));
      for (String argument : List.of("thing", "a", "b", "c")) {
        if (path.contains("{" + argument + "}")) {
          tool =
              tool.argument(
                  argument,
                  CatalogTool.Argument.required(ArgumentType.of(ArgumentType.Kind.STRING)));
        }
      }
      ToolCatalog catalog = ToolCatalog.of(World.AUDIENCE).origin(ORIGIN).tool(tool).build();
      HttpGuard guard =
          HttpGuard.of(
              Verifier.trusting(RootKeys.of(world.world.root.publicKey()))
                  .audience(World.AUDIENCE)
                  .catalog(catalog)
                  .withoutRevocation()
                  .build());
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> guard.keepingAsks(Asks.inMemory()));
    }
  }

  @Test
  void ask_whereNoneAreKept_isACallLikeOthers() throws Exception {
    TestService service =
        start(JdkService::start, origin -> HttpGuard.of(world.verifier(origin).build()));
    assertRefused(post(service, "/v1/asks", List.of(), "{}"), 401, "token_required");
    assertRefused(world.ask(service, body("POST", CLOSE)), 404, "unknown_tool");
    assertThat(get(service, "/.well-known/taper").body()).doesNotContain("asks");
  }

  @Test
  void ask_behindAProxyThatChangesPaths_isWhereItWasSent() throws Exception {
    TestService service =
        start(
            JdkService::start,
            origin ->
                HttpGuard.of(world.verifier(ORIGIN).build())
                    .keepingAsks(Asks.inMemory())
                    .dialledAs(ORIGIN)
                    .targetFrom("Taper-Original-Target"));
    String json = body("POST", CLOSE);
    for (String target : List.of("/jira/v1/asks", CLOSE)) {
      SentHttp sent =
          SentHttp.of("POST", ORIGIN, target).content("application/json", AskWorld.bytes(json));
      List<String> fields =
          new ArrayList<>(world.world.presented(world.token, sent, Clock.systemUTC()));
      fields.add("Taper-Original-Target: " + target);
      Answer answer = post(service, "/v1/asks", fields, json);
      if (target.equals(CLOSE)) {
        assertRefused(answer, 400, "invalid_request"); // signed for something else
      } else {
        assertThat(location(answer)).startsWith("/jira/v1/asks/");
      }
    }
  }

  @Test
  void agent_thatAsksElsewhere_isToldSo() throws Exception {
    TestService service =
        start(
            JdkService::start,
            origin -> HttpGuard.of(world.verifier(origin).build()).keepingAsks(Asks.inMemory()));
    HttpSigner signer = HttpSigner.of(world.token, world.world.planner, World.AUDIENCE);
    HttpRequest call =
        HttpRequest.newBuilder(URI.create(service.origin() + CLOSE))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    // Nobody rewrites paths here, so there is nothing at that path.
    Asked asked =
        HttpAsker.of(HttpClient.newHttpClient(), signer)
            .behind("/jira")
            .ask(call, "done", Duration.ZERO);
    assertThat(((Asked.NotTaken) asked).code()).isEqualTo("unknown_tool");
    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> HttpAsker.of(following, signer));
  }
}
