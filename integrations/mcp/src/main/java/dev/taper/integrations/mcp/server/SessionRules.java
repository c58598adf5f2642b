package dev.taper.integrations.mcp.server;

import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.mcp.KnownMembers;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.SessionOwner;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities.Elicitation;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose a session is, and what passes in it beside judged calls. Thread-safe. */
final class SessionRules implements Owner {
  static final String INITIALIZED = "notifications/initialized";

  /** Asks whether somebody is there: whoever does is told, and that is all. */
  static final String PING = "ping";

  private static final Set<String> TO_SERVER =
      Set.of(INITIALIZED, "notifications/cancelled", "notifications/progress");
  private static final Set<String> TO_CLIENT =
      Set.of(
          "notifications/resources/updated",
          "notifications/resources/list_changed",
          "notifications/tools/list_changed",
          "notifications/prompts/list_changed",
          "notifications/message",
          "notifications/progress",
          "notifications/cancelled");

  private static final TypeRef<Map<String, @Nullable Object>> OBJECT = new TypeRef<>() {};

  private final SessionOwner owner;
  private final Set<ClientFeature> opened;
  private final boolean isProcess;
  private volatile boolean over;

  /**
   * Makes the rules of a session that nobody owns yet.
   *
   * @param isProcess whether the process is the session, so that whoever can write to it has it
   */
  SessionRules(McpGuard guard, Set<ClientFeature> opened, boolean isProcess) {
    this.owner = SessionOwner.nobody(guard);
    this.opened = opened;
    this.isProcess = isProcess;
  }

  @Override
  public boolean owns(String token, DelegationChain chain) {
    if (isProcess) {
      owner.take(token, chain);
      return true;
    }
    return !over && owner.present(token, chain);
  }

  @Override
  public boolean takesOpen() {
    return isProcess || !owner.isOwned();
  }

  /** The same rules for a message that may come without a token, as a filter decided. */
  Owner takingOpen() {
    return (token, chain) -> owns(token, chain);
  }

  /** Nobody goes on with the session. */
  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  boolean isProcess() {
    return isProcess;
  }

  /** True once the newest token of its owner has ended or is revoked. */
  boolean hasEnded() {
    return !isProcess && owner.state() == SessionOwner.State.ENDED;
  }

  /**
   * True if what a client sends beside its requests may reach the server, where nothing but the
   * connection says who sends it.
   */
  boolean mayPass(JSONRPCMessage message) {
    if (message instanceof JSONRPCNotification notification) {
      return isCarried(notification)
          && (isProcess || (notification.method().equals(INITIALIZED) && takesOpen()));
    }
    return isProcess && message instanceof JSONRPCResponse answer && mayAnswer(answer);
  }

  /** As {@link #opened(InitializeRequest)}, of parameters that were not read as such. */
  InitializeRequest opened(@Nullable Object params) {
    return opened(McpJsonDefaults.getMapper().convertValue(params, InitializeRequest.class));
  }

  /** The parameters of {@code initialize}, with what the client can do cut to what is open. */
  InitializeRequest opened(InitializeRequest request) {
    return new InitializeRequest(
        request.protocolVersion(),
        opened(request.capabilities()),
        request.clientInfo(),
        request.meta());
  }

  /** True if a notification of a client may reach the server. */
  static boolean isCarried(JSONRPCNotification notification) {
    return TO_SERVER.contains(notification.method());
  }

  /** What a server learns of what its client can do. */
  ClientCapabilities opened(@Nullable ClientCapabilities capabilities) {
    ClientCapabilities given =
        capabilities == null ? ClientCapabilities.builder().build() : capabilities;
    boolean isSampling = opened.contains(ClientFeature.SAMPLING);
    Elicitation can = given.elicitation();
    boolean isForm = opened.contains(ClientFeature.ELICITATION_FORM);
    boolean isUrl = opened.contains(ClientFeature.ELICITATION_URL);
    Elicitation elicitation =
        can == null
            ? null
            : new Elicitation(
                isForm && can.form() == null && can.url() == null
                    ? new Elicitation.Form() // what a client of an older revision means
                    : isForm ? can.form() : null,
                isUrl ? can.url() : null);
    boolean isElicitation =
        elicitation != null && (elicitation.form() != null || elicitation.url() != null);
    return new ClientCapabilities(
        null, null, isSampling ? given.sampling() : null, isElicitation ? elicitation : null);
  }

  /**
   * What is sent of a message of the server's own: written anew from the members that the protocol
   * names; null if it does not go out.
   */
  @Nullable JSONRPCMessage outgoing(JSONRPCMessage message) {
    if (message instanceof JSONRPCNotification notification) {
      return outgoing(notification);
    }
    if (message instanceof JSONRPCRequest request) {
      return outgoing(request);
    }
    return message;
  }

  private @Nullable JSONRPCMessage outgoing(JSONRPCNotification notification) {
    String method = notification.method();
    boolean isCompleted = method.equals("notifications/elicitation/complete");
    if (isCompleted
        ? !opened.contains(ClientFeature.ELICITATION_URL)
        : !TO_CLIENT.contains(method)) {
      return null;
    }
    Map<String, @Nullable Object> params = rebuilt(method, notification.params());
    return owner.mayHave(method, params) ? new JSONRPCNotification(method, params) : null;
  }

  private @Nullable JSONRPCMessage outgoing(JSONRPCRequest request) {
    String method = request.method();
    Map<String, @Nullable Object> params =
        KnownMembers.has(method) ? rebuilt(method, request.params()) : null;
    boolean isOpen =
        switch (method) {
          case "ping" -> true;
          case "sampling/createMessage" -> opened.contains(ClientFeature.SAMPLING);
          case "elicitation/create" ->
              opened.contains(
                  params != null && "url".equals(params.get("mode"))
                      ? ClientFeature.ELICITATION_URL
                      : ClientFeature.ELICITATION_FORM);
          default -> false;
        };
    return isOpen && owner.isLive() ? new JSONRPCRequest(method, request.id(), params) : null;
  }

  private static @Nullable Map<String, @Nullable Object> rebuilt(
      String method, @Nullable Object params) {
    return params == null
        ? null
        : KnownMembers.ofQuestion(
            method,
            new LinkedHashMap<>(McpJsonDefaults.getMapper().convertValue(params, OBJECT)),
            part -> false); // no feature opens a part
  }

  /** True if an answer of a client is no longer than it may be, and its owner may go on. */
  boolean mayAnswer(JSONRPCResponse answer) {
    try {
      return owner.isLive()
          && McpJsonDefaults.getMapper().writeValueAsBytes(answer).length <= McpGuard.MAX_ANSWER;
    } catch (IOException e) {
      return false;
    }
  }
}
