package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.client.SigningTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What stands for a session or transport of the SDK does what the one behind it does. */
class SessionsTest {
  private static final ClientCapabilities NOTHING = ClientCapabilities.builder().build();

  /** What the one behind was told. */
  private final List<String> told = new ArrayList<>();

  private final Gate gate =
      new Gate(
          McpGuard.of(
              Verifier.trusting(RootKeys.of(PrivateKey.generate(Algorithm.ED25519).publicKey()))
                  .audience("svc:jira")
                  .catalog(ToolCatalog.of("svc:jira").build())
                  .withoutRevocation()
                  .build()));

  private SessionRules nobodys() {
    return new SessionRules(gate.guard(), Set.of(), false);
  }

  private static List<String> inherited(Class<?> ours) {
    List<String> inherited = new ArrayList<>();
    for (Method method : ours.getMethods()) {
      Class<?> owner = method.getDeclaringClass();
      boolean isOurs = owner.getPackage().equals(ours.getPackage());
      if (!isOurs && owner != Object.class && !Modifier.isStatic(method.getModifiers())) {
        boolean overridden =
            Arrays.stream(ours.getDeclaredMethods())
                .anyMatch(
                    own ->
                        own.getName().equals(method.getName())
                            && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
        if (!overridden) {
          inherited.add(method.toString());
        }
      }
    }
    return inherited;
  }

  @Test
  void sessionsAndTransports_hideNoMethod() {
    for (Class<?> ours :
        List.of(
            StreamableSession.class,
            StreamableSession.Connection.class,
            HeldConnection.class,
            DuplexSession.class,
            DuplexSession.Out.class,
            StreamableTransport.class,
            StatelessTransport.class,
            DuplexTransport.class,
            StrictMapper.class,
            SigningTransport.class)) {
      assertThat(inherited(ours)).as(ours.getName()).isEmpty();
    }
  }

  /** One that remembers what it was told. */
  private <T> T behind(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              told.add(method.getName());
              Class<?> answer = method.getReturnType();
              return answer == void.class
                  ? null
                  : answer == Mono.class
                      ? Mono.empty()
                      : answer == List.class ? List.of("of " + method.getName()) : "read";
            }));
  }

  /** Calls all methods, and compares what the one behind was told and what came back. */
  private <T> void assertPassedOn(Class<T> type, UnaryOperator<T> ours) throws Exception {
    T ofOurs = ours.apply(behind(type));
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      told.clear();
      @Nullable Object[] arguments = new Object[method.getParameterCount()];
      if (method.getName().equals("sendMessage")) {
        arguments[0] = JSONRPCResponse.result("of a client", "done"); // the guard drops others
      }
      @Nullable Object answer = method.invoke(ofOurs, arguments);
      if (answer instanceof Mono<?> later) {
        later.block();
      } else if (method.getReturnType() != void.class) {
        assertThat(answer).isIn(List.of("of " + method.getName()), "read");
      }
      assertThat(told).as("%s", method).containsExactly(method.getName());
    }
  }

  @Test
  void transports_tellTheOneBehindAll() throws Exception {
    assertPassedOn(McpServerTransport.class, out -> new DuplexSession.Out(nobodys(), out));
    assertPassedOn(
        McpStreamableServerTransport.class,
        out -> new StreamableSession.Connection("1", nobodys(), out));
    assertPassedOn(McpStreamableServerTransport.class, out -> new HeldConnection(nobodys(), out));
    assertPassedOn(
        McpServerTransportProvider.class, one -> new DuplexTransport(gate, one, Set.of(), true));
    assertPassedOn(
        McpStreamableServerTransportProvider.class,
        one -> new StreamableTransport(gate, one, Set.of()));
    assertPassedOn(McpStatelessServerTransport.class, one -> new StatelessTransport(gate, one));
    Supplier<AgentClient> nobody =
        () -> {
          throw new IllegalStateException("nothing is signed");
        };
    assertPassedOn(McpClientTransport.class, one -> SigningTransport.of(one, nobody));
  }

  /** The server's answer is the gate's to send, which also ends the connection. */
  @Test
  void connection_keepsTheAnswerThatTheGateWaitsFor() {
    JSONRPCResponse answer = JSONRPCResponse.result("1", "done");
    JSONRPCResponse other = JSONRPCResponse.result("2", "other");
    for (boolean named : new boolean[] {false, true}) {
      StreamableSession.Connection connection =
          new StreamableSession.Connection(
              "1", nobodys(), behind(McpStreamableServerTransport.class));
      Consumer<JSONRPCMessage> server =
          message ->
              (named ? connection.sendMessage(message, "name") : connection.sendMessage(message))
                  .block();
      told.clear();
      server.accept(other);
      server.accept(new JSONRPCNotification("notifications/progress")); // nobody may have it
      assertThat(told).containsExactly("sendMessage");
      assertThat(connection.answer().block()).isNull();

      server.accept(answer);
      connection.close();
      connection.closeGracefully().block();

      assertThat(connection.answer().block()).isSameAs(answer);
      assertThat(told).hasSize(1);
    }
  }

  private static void assertSameLevel(McpLoggableSession ours, McpLoggableSession behind) {
    ours.setMinLoggingLevel(LoggingLevel.ERROR);
    assertThat(behind.isNotificationForLevelAllowed(LoggingLevel.WARNING)).isFalse();
    assertThat(ours.isNotificationForLevelAllowed(LoggingLevel.WARNING)).isFalse();
    assertThat(ours.isNotificationForLevelAllowed(LoggingLevel.ERROR)).isTrue();
    behind.setMinLoggingLevel(LoggingLevel.WARNING);
    assertThat(ours.isNotificationForLevelAllowed(LoggingLevel.WARNING)).isTrue();
  }

  @Test
  void duplexSession_isTheOneBehind() {
    McpServerTransport transport = behind(McpServerTransport.class);
    DuplexSession.Out out = new DuplexSession.Out(nobodys(), transport);
    McpServerSession behind =
        new McpServerSession(
            "s-1",
            Duration.ofSeconds(1),
            out,
            request -> Mono.error(new IllegalStateException()),
            Map.of(
                "who",
                (exchange, params) -> {
                  told.add(exchange.getClientInfo().name());
                  return Mono.just("known");
                }),
            Map.of());
    DuplexSession session = new DuplexSession(gate, behind, nobodys(), out);

    assertThat(session.getId()).isEqualTo("s-1");
    assertSameLevel(session, behind);
    session.init(NOTHING, Implementation.builder("a client", "1").build());
    session.handle(new JSONRPCNotification("notifications/initialized")).block();
    behind.handle(new JSONRPCRequest("who", 1, Map.of())).block();
    session.close();
    assertThat(told).containsExactly("a client", "sendMessage", "close");
  }

  private static InitializeRequest request(String name) {
    return InitializeRequest.builder(
            "2025-11-25", NOTHING, Implementation.builder(name, "1").build())
        .build();
  }

  private static McpStreamableServerSession started(InitializeRequest request) {
    return new McpStreamableServerSession(
        "s-1",
        request.capabilities(),
        request.clientInfo(),
        Duration.ofSeconds(1),
        Map.of(),
        Map.of());
  }

  @Test
  void streamableSession_isTheOneBehind() {
    McpStreamableServerSession behind = started(request("a"));
    StreamableSession session =
        new StreamableSession(
            gate, behind, request("a"), nobodys(), () -> told.add("ended"), () -> 0);
    SessionHolder.hold(session);

    assertThat(session.getId()).isEqualTo("s-1");
    assertSameLevel(session, behind);
    assertThat(session.hasListeningStream()).isFalse();
    assertThat(session.hasOpenStream()).isFalse();

    var first = session.listeningStream(behind(McpStreamableServerTransport.class));
    assertThat(first).isNotNull();
    assertThat(session.hasListeningStream()).isTrue();
    assertThat(session.hasOpenStream()).isTrue();
    session.releaseListeningStream();
    assertThat(told).containsExactly("close");
    assertThat(session.hasListeningStream()).isFalse();
    assertThat(session.hasOpenStream()).isFalse();

    var second = session.listeningStream(behind(McpStreamableServerTransport.class));
    assertThat(second).isNotSameAs(first);
    session.close();
    assertThat(told).containsExactly("close", "ended", "close");
    assertThat(session.hasListeningStream()).isFalse();
    SessionHolder.release();
  }

  private static int size(InitializeRequest request) throws Exception {
    return McpJsonDefaults.getMapper()
        .writeValueAsString(request)
        .getBytes(StandardCharsets.UTF_8)
        .length;
  }

  /** What a client says of itself is kept with its session, so there is a most of it. */
  @Test
  void session_ofWhoSaysTheMost_isStarted_andOfWhoSaysMoreIsNot() throws Exception {
    List<McpStreamableServerSession.Factory> factories = new ArrayList<>();
    McpStreamableServerTransportProvider provider =
        (McpStreamableServerTransportProvider)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {McpStreamableServerTransportProvider.class},
                (proxy, method, arguments) -> {
                  factories.add((McpStreamableServerSession.Factory) arguments[0]);
                  return null;
                });
    new StreamableTransport(gate, provider, Set.of())
        .setSessionFactory(
            request -> new McpStreamableServerSessionInit(started(request), Mono.empty()));
    McpStreamableServerSession.Factory factory = factories.get(0);

    int room = McpGuard.MAX_PARAMS - size(request("a"));
    InitializeRequest most = request("a" + "b".repeat(room));
    assertThat(size(most)).isEqualTo(McpGuard.MAX_PARAMS);
    assertThat(factory.startSession(most).session()).isInstanceOf(StreamableSession.class);
    assertThatThrownBy(() -> factory.startSession(request("a" + "b".repeat(room + 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
