package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.testing.SettableClock;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities.Elicitation;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities.Sampling;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What passes in a session beside judged calls. */
class SessionRulesTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey holder = PrivateKey.generate(Algorithm.ED25519);
  private final Verifier verifier =
      Verifier.trusting(RootKeys.of(root.publicKey()))
          .audience("svc:files")
          .catalog(
              ToolCatalog.of("svc:files")
                  .tool(
                      CatalogTool.of("files")
                          .operation("read")
                          .resource("{+uri}")
                          .mcp(new CatalogTool.McpRoute("resources/read", null))
                          .argument(
                              "uri",
                              CatalogTool.Argument.required(
                                  ArgumentType.of(ArgumentType.Kind.STRING))))
                  .build())
          .clock(clock)
          .withoutRevocation()
          .build();

  private SessionRules rules(boolean isProcess, ClientFeature... opened) {
    return new SessionRules(McpGuard.of(verifier), Set.of(opened), isProcess);
  }

  private boolean present(Owner rules, String task) {
    Delegation token =
        Delegation.by("user:alice@acme.com")
            .to(Agent.of("agent:a", holder.publicKey()))
            .task(task)
            .grant("files on a")
            .expiresIn(Duration.ofHours(1));
    AgentClient agent =
        AgentClient.of(Issuer.of(root).clock(clock).mint(token), holder, "svc:files").clock(clock);
    DelegationChain chain =
        DelegationChain.of(agent.token().token().verifyHeld(RootKeys.of(root.publicKey())));
    return rules.owns(agent.token().encodeBase64(), chain);
  }

  private static JSONRPCNotification notification(String method) {
    return new JSONRPCNotification(method, Map.of());
  }

  private static JSONRPCResponse answer(Object result) {
    return new JSONRPCResponse("2.0", 1, result, null);
  }

  @Test
  void owns_aSession_isTheFirstLineageUntilTheEnd() {
    SessionRules rules = rules(false);
    assertThat(rules.isProcess()).isFalse();
    assertThat(rules.takesOpen()).isTrue();
    assertThat(present(rules, "T-1")).isTrue();
    assertThat(rules.takesOpen()).isFalse();
    assertThat(present(rules, "T-2")).isFalse();
    assertThat(rules.hasEnded()).isFalse();
    clock.forward(Duration.ofHours(2));
    SessionRules later = rules(false);
    assertThat(later.hasEnded()).as("nobody's").isFalse();

    assertThat(rules.isOver()).isFalse();
    rules.end();
    assertThat(rules.isOver()).isTrue();
    assertThat(present(rules, "T-1")).isFalse();
  }

  @Test
  void owns_aProcess_isWhoeverWritesToIt() {
    SessionRules rules = rules(true);
    assertThat(rules.isProcess()).isTrue();
    assertThat(present(rules, "T-1")).isTrue();
    assertThat(present(rules, "T-2")).isTrue();
    assertThat(rules.takesOpen()).isTrue();
    rules.end();
    assertThat(present(rules, "T-1")).isTrue();
  }

  @Test
  void takingOpen_isTheSameOwner() {
    SessionRules rules = rules(false);
    assertThat(present(rules, "T-1")).isTrue();
    Owner open = rules.takingOpen();
    assertThat(open.takesOpen()).isEqualTo(true);
    Delegation other =
        Delegation.by("user:bob@acme.com")
            .to(Agent.of("agent:a", holder.publicKey()))
            .task("T-1")
            .grant("files on a")
            .expiresIn(Duration.ofHours(1));
    var token = Issuer.of(root).clock(clock).mint(other);
    DelegationChain chain =
        DelegationChain.of(token.token().verifyHeld(RootKeys.of(root.publicKey())));
    assertThat(open.owns(token.encodeBase64(), chain)).isFalse();
  }

  @Test
  void mayPass_ofASession_isTheBeginningAlone() {
    SessionRules rules = rules(false);
    assertThat(rules.mayPass(notification(SessionRules.INITIALIZED))).isTrue();
    assertThat(rules.mayPass(notification("notifications/progress"))).isFalse();
    assertThat(rules.mayPass(notification("notifications/other"))).isFalse();
    assertThat(rules.mayPass(answer("x"))).isFalse();
    assertThat(rules.mayPass(new JSONRPCRequest("ping", 1))).isFalse();
    assertThat(present(rules, "T-1")).isTrue();
    assertThat(rules.mayPass(notification(SessionRules.INITIALIZED))).isFalse();
    assertThat(rules.mayPass(answer("x"))).isFalse();
  }

  @Test
  void mayPass_ofAProcess_isWhatIsCarriedAndAnswersOfItsOwner() {
    SessionRules rules = rules(true);
    assertThat(rules.mayPass(notification("notifications/progress"))).isTrue();
    assertThat(rules.mayPass(notification("notifications/other"))).isFalse();
    assertThat(rules.mayPass(answer("x"))).as("nobody is there").isFalse();
    assertThat(present(rules, "T-1")).isTrue();
    assertThat(rules.mayPass(answer("x"))).isTrue();
    assertThat(rules.mayPass(new JSONRPCRequest("ping", 1))).isFalse();
    clock.forward(Duration.ofHours(2));
    assertThat(rules.hasEnded()).as("a process goes on").isFalse();
  }

  @Test
  void mayAnswer_asLongAsIsAllowed_andNoLonger() {
    SessionRules rules = rules(true);
    assertThat(present(rules, "T-1")).isTrue();
    int beside = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\"}".length();
    String most = "x".repeat(McpGuard.MAX_ANSWER - beside);

    assertThat(rules.mayAnswer(answer(most))).isTrue();
    assertThat(rules.mayAnswer(answer(most + "x"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(ClientFeature.class)
  void opened_oneFeature_isAllThatAServerLearns(ClientFeature feature) {
    Elicitation both = new Elicitation(new Elicitation.Form(), new Elicitation.Url());
    ClientCapabilities all =
        new ClientCapabilities(
            Map.of("x", 1), new ClientCapabilities.RootCapabilities(true), new Sampling(), both);

    ClientCapabilities opened = rules(false, feature).opened(all);

    assertThat(opened.roots()).isNull();
    assertThat(opened.sampling() != null).isEqualTo(feature == ClientFeature.SAMPLING);
    Elicitation left = opened.elicitation();
    assertThat(left != null).isEqualTo(feature != ClientFeature.SAMPLING);
    if (left != null) {
      assertThat(left.form() != null).isEqualTo(feature == ClientFeature.ELICITATION_FORM);
      assertThat(left.url() != null).isEqualTo(feature == ClientFeature.ELICITATION_URL);
    }
  }

  @Test
  void opened_elicitationOfAnOlderRevision_isAForm() {
    ClientCapabilities old = new ClientCapabilities(null, null, null, new Elicitation(null, null));
    SessionRules form = rules(false, ClientFeature.ELICITATION_FORM);

    assertThat(Objects.requireNonNull(form.opened(old).elicitation()).form()).isNotNull();
    assertThat(rules(false, ClientFeature.ELICITATION_URL).opened(old).elicitation()).isNull();
    ClientCapabilities byUrl =
        new ClientCapabilities(null, null, null, new Elicitation(null, new Elicitation.Url()));
    assertThat(form.opened(byUrl).elicitation()).isNull();
    ClientCapabilities none = form.opened((@Nullable ClientCapabilities) null);
    assertThat(none.elicitation()).isNull();
    assertThat(none.sampling()).isNull();
  }

  private static @Nullable String sent(SessionRules rules, JSONRPCMessage message) {
    JSONRPCMessage sent = rules.outgoing(message);
    return sent == null ? null : sent.toString();
  }

  private static JSONRPCRequest question(String method, Map<String, Object> params) {
    return new JSONRPCRequest(method, "q", params);
  }

  @Test
  void outgoing_notifications_areKnownOnesOfALiveOwner() {
    SessionRules rules = rules(false, ClientFeature.ELICITATION_URL);
    assertThat(sent(rules, notification("notifications/message"))).as("nobody's").isNull();
    assertThat(present(rules, "T-1")).isTrue();
    assertThat(
            sent(
                rules,
                new JSONRPCNotification(
                    "notifications/message", Map.of("level", "info", "secret", "x"))))
        .contains("level")
        .doesNotContain("secret");
    assertThat(sent(rules, new JSONRPCNotification("notifications/tools/list_changed")))
        .isNotNull();
    assertThat(sent(rules, notification("notifications/other"))).isNull();
    Map<String, Object> completed = Map.of("elicitationId", "1");
    JSONRPCNotification complete =
        new JSONRPCNotification("notifications/elicitation/complete", completed);
    assertThat(sent(rules, complete)).contains("elicitationId");
    SessionRules closed = rules(false);
    assertThat(present(closed, "T-1")).isTrue();
    assertThat(sent(closed, complete)).isNull();
    for (String uri : new String[] {"a", "b"}) {
      JSONRPCNotification updated =
          new JSONRPCNotification("notifications/resources/updated", Map.of("uri", uri));
      assertThat(sent(rules, updated) != null).isEqualTo(uri.equals("a"));
    }
    assertThat(sent(rules, answer("x"))).isNotNull();
  }

  @Test
  void outgoing_questions_areOfWhatIsOpened() {
    Map<String, Object> form = Map.of("message", "m", "requestedSchema", Map.of());
    Map<String, Object> url = Map.of("message", "m", "mode", "url", "url", "https://x");
    for (ClientFeature feature : ClientFeature.values()) {
      SessionRules rules = rules(false, feature);
      JSONRPCRequest sampling = question("sampling/createMessage", Map.of("maxTokens", 1, "x", 2));
      assertThat(sent(rules, sampling)).as("nobody's").isNull();
      assertThat(present(rules, "T-1")).isTrue();

      assertThat(sent(rules, sampling) != null).isEqualTo(feature == ClientFeature.SAMPLING);
      assertThat(sent(rules, question("elicitation/create", form)) != null)
          .isEqualTo(feature == ClientFeature.ELICITATION_FORM);
      assertThat(sent(rules, question("elicitation/create", url)) != null)
          .isEqualTo(feature == ClientFeature.ELICITATION_URL);
      assertThat(sent(rules, new JSONRPCRequest("elicitation/create", "q", null)) != null)
          .isEqualTo(feature == ClientFeature.ELICITATION_FORM);
      assertThat(sent(rules, question("ping", Map.of()))).contains("ping");
      assertThat(sent(rules, question("roots/list", Map.of()))).isNull();
      if (feature == ClientFeature.SAMPLING) {
        assertThat(sent(rules, sampling)).contains("maxTokens").doesNotContain("x=2");
      }
      clock.forward(Duration.ofMinutes(1));
    }
  }

  /**
   * A filter lets a message without a token pass; one with a token is its lineage's all the same.
   */
  @Test
  void takingOpen_ofASession_isOwnedAsBefore() {
    SessionRules rules = rules(false);
    Owner open = rules.takingOpen();
    assertThat(present(open, "T-1")).isTrue();
    assertThat(present(open, "T-2")).isFalse();
    assertThat(rules.takesOpen()).isFalse();
    assertThat(open.takesOpen()).isTrue();
  }

  /** A client that samples with tools would run them for a server that nobody let do so. */
  @Test
  void outgoing_samplingWithToolsOrContext_hasNeither() {
    SessionRules rules = rules(false, ClientFeature.SAMPLING);
    assertThat(present(rules, "T-1")).isTrue();
    Map<String, Object> asked =
        Map.of(
            "messages", List.of(),
            "tools", List.of(Map.of("name", "a")),
            "toolChoice", Map.of("mode", "auto"),
            "includeContext", "allServers");

    JSONRPCMessage sent = rules.outgoing(new JSONRPCRequest("sampling/createMessage", 1, asked));

    assertThat(sent)
        .isInstanceOfSatisfying(
            JSONRPCRequest.class,
            request -> assertThat(request.params()).isEqualTo(Map.of("messages", List.of())));
  }
}
