package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.operations.config.ClientAccess;
import dev.taper.server.mcp.Conversation;
import dev.taper.server.mcp.Link;
import dev.taper.server.mcp.Outlet;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcText;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.process.Metrics;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A delegator that has all its room already. */
class AdmissionTest {
  @TempDir private Path folder;
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final List<String> reached = new ArrayList<>();
  private final List<String> shown = new ArrayList<>();
  private final List<RpcMessage> answers = new ArrayList<>();
  private final List<Runnable> owed = new ArrayList<>();
  private boolean hasRoom;
  private boolean isSlow;

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  /** Answers everything at once, unless it is slow. */
  private final class Server implements Upstream {
    @Override
    public Link open(Link.Receiver receiver) {
      return new Link() {
        @Override
        public void send(RpcMessage message, Map<String, String> fields) {
          if (!(message instanceof RpcMessage.Request request)) {
            return;
          }
          reached.add(request.method());
          Runnable answer =
              () ->
                  receiver.received(
                      new RpcMessage.Result(
                          request.id(),
                          Map.of(
                              "protocolVersion",
                              "2025-11-25",
                              "tools",
                              List.of(),
                              "content",
                              List.of())),
                      null);
          if (isSlow) {
            owed.add(answer);
          } else {
            answer.run();
          }
        }

        @Override
        public void cancel(Object id) {}

        @Override
        public void close() {}
      };
    }

    @Override
    public boolean isWell() {
      return true;
    }

    @Override
    public void close() {}
  }

  private final class Client implements Outlet.Client {
    @Override
    public boolean send(RpcMessage message, int status) {
      return answers.add(message);
    }

    @Override
    public boolean known(String delegator) {
      shown.add(delegator);
      return hasRoom;
    }

    @Override
    public void end(String reason) {}
  }

  @Test
  void callOfADelegatorWithoutRoom_isRefused_andDoesNotReachTheServer() throws Exception {
    GuardWorld world = new GuardWorld(folder);
    AgentClient agent = world.agent("echo");
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(GuardWorld.AUDIENCE)
            .catalog(GuardWorld.anyArguments("echo"))
            .withoutRevocation()
            .build();
    Client client = new Client();
    Conversation relay =
        host(McpGuard.of(() -> verifier), false, new WaitingCalls()).session(client);
    relay.received(
        new RpcMessage.Request(0L, "initialize", Map.of("protocolVersion", "2025-11-25")), client);
    for (long id = 1; id <= 4; id++) {
      hasRoom = id > 2;
      String method = id % 2 == 1 ? "tools/call" : "tools/list";
      Map<String, Object> params =
          id % 2 == 1 ? Map.of("name", "echo", "arguments", Map.of()) : Map.of();
      relay.received(
          new RpcMessage.Request(id, method, McpSigner.of(agent).sign(method, params)), client);
    }
    assertThat(Answered.fault(answers.get(1))).isEqualTo("too_many_requests");
    assertThat(Answered.fault(answers.get(2))).isEqualTo("too_many_requests");
    assertThat(answers.subList(3, 5)).allMatch(RpcMessage.Result.class::isInstance);
    assertThat(reached).containsExactly("initialize", "tools/call", "tools/list");
    assertThat(shown).hasSize(4).containsOnly(world.root.publicKey() + " user:alice@acme.com");
  }

  /** Requests that wait keep the connections of their clients. */
  @Test
  void callsThatWait_ofADelegatorWhoHasItsPart_areRefused_untilOthersAreAnswered()
      throws Exception {
    GuardWorld world = new GuardWorld(folder);
    AgentClient agent = world.agent("echo");
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(GuardWorld.AUDIENCE)
            .catalog(GuardWorld.anyArguments("echo"))
            .withoutRevocation()
            .build();
    WaitingCalls waiting = new WaitingCalls(8);
    Client client = new Client();
    hasRoom = true;
    Conversation relay = host(McpGuard.of(() -> verifier), false, waiting).session(client);
    relay.received(
        new RpcMessage.Request(0L, "initialize", Map.of("protocolVersion", "2025-11-25")), client);
    isSlow = true;
    for (long id = 1; id <= 5; id++) {
      relay.received(call(agent, id), client);
    }
    assertThat(reached).hasSize(5); // of eight, one delegator has four
    assertThat(answers).hasSize(2);
    assertThat(Answered.fault(answers.get(1))).isEqualTo("too_many_requests");
    assertThat(waiting.take("user:bob@acme.com")).isTrue();
    waiting.leave("user:bob@acme.com");

    isSlow = false;
    answerAll();
    relay.received(call(agent, 6L), client);
    assertThat(answers).hasSize(7);
    assertThat(answers.subList(2, 7)).allMatch(RpcMessage.Result.class::isInstance);
    for (int i = 0; i < 4; i++) {
      assertThat(waiting.take("user:bob@acme.com")).as("nothing is left over").isTrue();
    }
  }

  /** What came takes many times its bytes, and a server may be silent for long. */
  @Test
  void requestsThatWait_keepNothingOfWhatNobodyWants() throws Exception {
    GuardWorld world = new GuardWorld(folder);
    AgentClient agent = world.agent("echo");
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(GuardWorld.AUDIENCE)
            .catalog(GuardWorld.anyArguments("echo"))
            .withoutRevocation()
            .build();
    Client client = new Client();
    hasRoom = true;
    Conversation relay =
        host(McpGuard.of(() -> verifier), false, new WaitingCalls()).session(client);
    relay.received(
        new RpcMessage.Request(0L, "initialize", Map.of("protocolVersion", "2025-11-25")), client);
    isSlow = true;
    for (String member : List.of("junk", "progressToken")) {
      for (String method : List.of("tools/call", "tools/list", "ping")) {
        WeakReference<?> junk = asks(relay, client, agent, method, member);
        for (int i = 0; i < 100 && junk.get() != null; i++) {
          System.gc();
          Thread.sleep(10);
        }
        assertThat(junk.get()).as(method + " with " + member).isNull();
      }
    }
    assertThat(owed).hasSize(6);
  }

  private WeakReference<?> asks(
      Conversation relay, Client client, AgentClient agent, String method, String member) {
    Map<String, Object> params =
        method.equals("tools/call") ? Map.of("name", "echo", "arguments", Map.of()) : Map.of();
    Map<String, @Nullable Object> signed = new HashMap<>(McpSigner.of(agent).sign(method, params));
    Map<String, Object> meta = new HashMap<>();
    if (signed.get(McpMeta.MEMBER) instanceof Map<?, ?> given) {
      given.forEach((name, value) -> meta.put(String.valueOf(name), value));
    }
    List<Object> many = new ArrayList<>(List.of(Map.of("x", 1)));
    meta.put(member, many);
    signed.put(McpMeta.MEMBER, meta);
    relay.received(new RpcMessage.Request((long) owed.size() + 1, method, signed), client);
    return new WeakReference<>(many);
  }

  private static RpcMessage call(AgentClient agent, long id) {
    Map<String, Object> params = Map.of("name", "echo", "arguments", Map.of());
    return new RpcMessage.Request(id, "tools/call", McpSigner.of(agent).sign("tools/call", params));
  }

  private void answerAll() {
    owed.forEach(Runnable::run);
    owed.clear();
  }

  private GuardHost host(McpGuard guard, boolean isShared, WaitingCalls waiting) {
    return new GuardHost(
        guard,
        new Server(),
        new Metrics(),
        false,
        isShared,
        Duration.ofSeconds(30),
        timers,
        Runnable::run,
        waiting,
        ClientAccess.CLOSED,
        guard.holders());
  }

  private Conversation alone(McpGuard guard, WaitingCalls waiting, Client client) throws Exception {
    return host(guard, true, waiting).stateless(client);
  }

  private static RpcMessage.Request alone(long id, Map<String, ?> params) {
    Map<String, @Nullable Object> with = new HashMap<>(params);
    Map<String, Object> meta = new HashMap<>();
    if (with.get(McpMeta.MEMBER) instanceof Map<?, ?> given) {
      given.forEach((name, value) -> meta.put(String.valueOf(name), value));
    }
    meta.put(McpMeta.VERSION, "2026-07-28");
    with.put(McpMeta.MEMBER, meta);
    return new RpcMessage.Request(id, "tools/call", with);
  }

  /** They wait for what the server is, and then, to be refused, for its tools. */
  @Test
  void callsThatNobodyProved_takePlacesWhileTheyWait() throws Exception {
    GuardWorld world = new GuardWorld(folder);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(GuardWorld.AUDIENCE)
            .catalog(GuardWorld.anyArguments("echo"))
            .withoutRevocation()
            .build();
    WaitingCalls waiting = new WaitingCalls(8);
    Client client = new Client();
    hasRoom = true;
    Conversation relay = alone(McpGuard.of(() -> verifier), waiting, client);
    Map<String, Object> call = Map.of("name", "echo", "arguments", Map.of());
    isSlow = true;

    for (long id = 1; id <= 20; id++) {
      relay.received(alone(id, call), client);
    }

    assertThat(answers).hasSize(16).allMatch(one -> isFault(one, "too_many_requests"));
    // Whoever has a good token waits at a place of its own delegator.
    AgentClient agent = world.agent("echo");
    relay.received(alone(21L, McpSigner.of(agent).sign("tools/call", call)), client);
    assertThat(answers).hasSize(16);
    while (!owed.isEmpty()) {
      owed.remove(0).run();
    }
    assertThat(answers).hasSize(21);
    assertThat(answers)
        .filteredOn(one -> Long.valueOf(21).equals(one.answers()))
        .singleElement()
        .isInstanceOf(RpcMessage.Result.class);
    for (int i = 0; i < 4; i++) {
      assertThat(waiting.take("user:bob@acme.com")).as("nothing is left over").isTrue();
    }
  }

  private static boolean isFault(RpcMessage answer, String code) {
    return answer instanceof RpcMessage.Failure && String.valueOf(answer).contains(code);
  }

  /** Its result would have another form, which parsers expect. */
  @Test
  void largeCallWithATask_withoutAToken_isAnsweredAsAnError() throws Exception {
    GuardWorld world = new GuardWorld(folder);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(GuardWorld.AUDIENCE)
            .catalog(GuardWorld.anyArguments("echo"))
            .withoutRevocation()
            .build();
    McpGuard guard = McpGuard.of(() -> verifier);
    for (String task : List.of("{\"ttl\":60000}", "null", "[]")) {
      String message =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
              + "\"task\":"
              + task
              + ",\"arguments\":{\"a\":\""
              + "x".repeat(40_000)
              + "\"}}}";
      RpcMessage.Request read =
          (RpcMessage.Request)
              RpcText.read(message.getBytes(StandardCharsets.UTF_8), guard::unread);
      assertThat(McpMeta.isUnread(read.params())).isTrue();
      McpJudgement.Refused refused =
          (McpJudgement.Refused) guard.judge(read.method(), read.params());
      assertThat(refused.answer(read.method()).errorCode()).isEqualTo(-32602);
      assertThat(refused.refusal().code()).isEqualTo("unknown_argument");
    }
  }

  /** What fails behind the thread that got the request is answered, too. */
  @Test
  void requestWithoutASession_thatCannotBeJudged_isAnswered() throws Exception {
    GuardWorld world = new GuardWorld(folder);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(GuardWorld.AUDIENCE)
            .catalog(GuardWorld.anyArguments("echo"))
            .withoutRevocation()
            .build();
    AtomicBoolean isBroken = new AtomicBoolean();
    McpGuard guard =
        McpGuard.of(
            () -> {
              if (isBroken.get()) {
                throw new IllegalStateException("no verifier");
              }
              return verifier;
            });
    Client client = new Client();
    Conversation relay = host(guard, true, new WaitingCalls()).stateless(client);
    isBroken.set(true);
    relay.received(
        new RpcMessage.Request(
            1L,
            "tools/call",
            Map.of(
                "name",
                "echo",
                "arguments",
                Map.of(),
                "_meta",
                Map.of(McpMeta.VERSION, "2026-07-28"))),
        client);

    assertThat(answers).hasSize(1);
    assertThat(Answered.fault(answers.get(0))).isEqualTo("internal");
    assertThat(relay.owesAnswers()).isFalse();
  }
}
