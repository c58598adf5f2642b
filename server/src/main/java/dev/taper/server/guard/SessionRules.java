package dev.taper.server.guard;

import dev.taper.TaperException;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HolderCheck;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.KnownMembers;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.SessionOwner;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a session, whose revision client and server agree on at its beginning, and which
 * belongs to the lineage whose token was verified in it first. Thread-safe.
 */
final class SessionRules extends Judging {
  private static final String COMPLETED = "notifications/elicitation/complete";

  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();
  private final ClientSide client;
  private final HolderCheck holders;

  /** Whether the process is the session, so that whoever can write to it has it. */
  private final boolean isProcess;

  private final SessionOwner owner;
  private volatile @Nullable Revision revision;

  SessionRules(GuardHost host, Relay relay) {
    super(host, relay);
    this.client = new ClientSide(host.access());
    this.holders = host.holders();
    this.isProcess = !host.isShared();
    this.owner = SessionOwner.nobody(host.guard());
  }

  @Override
  @Nullable Revision revision() {
    return revision;
  }

  @Override
  public void request(Call call) {
    String method = call.request().method();
    Revision spoken = revision;
    if (method.equals(RpcMessage.Request.INITIALIZE)) {
      if (begun.compareAndSet(false, true)) {
        judge(call);
      } else {
        call.answer(new RpcFault(Code.INVALID_MESSAGE, "the session has begun already"));
      }
    } else if (spoken == null) {
      call.answer(new RpcFault(Code.INVALID_MESSAGE, "a session begins with initialize"));
    } else if (Revision.isNotCarried(method)
        || (McpGuard.isOpen(method) && !spoken.hasRequest(method))) {
      unknown(call);
    } else {
      judge(call);
    }
  }

  @Override
  boolean isOwner(Call call, String token, DelegationChain chain) {
    if (isProcess) {
      owner.take(token, chain);
    } else if (!relay().isOpen() || !owner.present(token, chain)) {
      return false;
    }
    call.vouch();
    return true;
  }

  @Override
  void forget(Call call) {
    // The session goes on.
  }

  @Override
  Map<String, @Nullable Object> own(Map<String, @Nullable Object> params) {
    return params;
  }

  @Override
  Map<String, @Nullable Object> openParams(String method, Map<String, @Nullable Object> params) {
    Map<String, @Nullable Object> known = super.openParams(method, params);
    if (!method.equals(RpcMessage.Request.INITIALIZE)) {
      return known;
    }
    Map<String, @Nullable Object> begin = new LinkedHashMap<>(known);
    begin.put(
        CAPABILITIES,
        client.begin(
            Revision.of(params.get("protocolVersion")), RpcMessage.object(params, CAPABILITIES)));
    return begin;
  }

  @Override
  Map<String, @Nullable Object> sent(String method, Map<String, @Nullable Object> params) {
    return params;
  }

  @Override
  RpcMessage answered(String method, RpcMessage answer) {
    if (!method.equals(RpcMessage.Request.INITIALIZE)) {
      return answer;
    }
    if (!(answer instanceof RpcMessage.Result result)) {
      begun.set(false); // the client may try another revision
      return answer;
    }
    Revision agreed = Revision.of(result.result().get("protocolVersion"));
    if (agreed == null || agreed.isStateless()) {
      begun.set(false);
      return new Failure(
          result.id(),
          Failure.INVALID_PARAMS,
          "the server answers with a revision of the protocol that the guard does not know",
          Map.of("supported", Revision.texts()));
    }
    revision = agreed;
    return new RpcMessage.Result(result.id(), described(method, result.result(), agreed));
  }

  @Override
  public RpcMessage.@Nullable Notification notification(RpcMessage.Notification notification) {
    boolean isRepeated =
        notification.method().equals(RpcMessage.Notification.INITIALIZED)
            && !told.compareAndSet(false, true);
    return isRepeated ? null : super.notification(notification);
  }

  @Override
  public RpcMessage serverRequest(RpcMessage.Request request) {
    Revision spoken = revision;
    if (spoken == null || !spoken.hasServerRequest(request.method())) {
      return refusedToServer(request);
    }
    RpcMessage becomes = client.request(request);
    if (becomes == null || (becomes instanceof RpcMessage.Request && !owner.isLive())) {
      return refusedToServer(request);
    }
    return becomes;
  }

  @Override
  public RpcMessage.@Nullable Notification serverNotification(
      RpcMessage.Notification notification) {
    RpcMessage.Notification rebuilt = super.serverNotification(notification);
    boolean isClosed =
        rebuilt != null && rebuilt.method().equals(COMPLETED) && !client.isOpen(ClientSide.URL);
    return isClosed ? null : rebuilt;
  }

  @Override
  public RpcMessage answer(RpcMessage.Request asked, RpcMessage answer) {
    if (!owner.isLive()) {
      return failed("nobody who may answer does");
    }
    if (answer instanceof Failure failure) {
      String message = failure.message();
      return message.length() > McpGuard.MAX_ANSWER
          ? failed("the answer is too long")
          : new Failure(0L, failure.code(), message);
    }
    Map<String, @Nullable Object> known =
        KnownMembers.ofResult(asked.method(), ((RpcMessage.Result) answer).result());
    try {
      var unused = McpJson.write(known, McpGuard.MAX_ANSWER);
    } catch (TaperException e) {
      return failed("the answer is longer than " + McpGuard.MAX_ANSWER + " bytes");
    }
    return new RpcMessage.Result(0L, known);
  }

  private static RpcMessage failed(String why) {
    return new Failure(0L, Failure.INTERNAL, why);
  }

  @Override
  public boolean mayHave(RpcMessage message, @Nullable Call call) {
    return mayHave(message, owner);
  }

  @Override
  public boolean isOwned() {
    return !isProcess && owner.isOwned();
  }

  @Override
  public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
    try {
      ToolOffer offer = holders.check(request, content, McpGuard.SESSION_FIELDS);
      DelegationChain chain = offer.chain();
      if (!relay().isOpen()
          || chain == null
          || !owner.present(CredentialFields.of(request).token(), chain)) {
        return SessionOwner.wrongSession();
      }
      return relay().known(chain.party()) ? null : HttpRefusal.of(503, "overloaded", null);
    } catch (RefusedException e) {
      return e.refusal();
    }
  }

  @Override
  public void look() {
    if (!isProcess && owner.state() == SessionOwner.State.ENDED) {
      relay().expire("the session has ended with the newest token of its owner: " + owner.code());
    }
  }

  @Override
  public Map<String, String> fields(RpcMessage message) {
    return Map.of();
  }
}
