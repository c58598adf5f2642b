package dev.taper.server.guard;

import dev.taper.integrations.mcp.McpGuard;
import dev.taper.server.mcp.Call;
import dev.taper.server.mcp.Relay;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcFault;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.server.mcp.RpcMessage.RpcError;
import dev.taper.server.process.Metrics;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a session, whose revision client and server agree on at its beginning. Thread-safe.
 */
final class SessionRules extends Judging {
  private static final String INITIALIZE = "initialize";

  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Revision revision;

  SessionRules(
      McpGuard guard,
      Metrics metrics,
      boolean byStatus,
      Relay relay,
      Executor later,
      WaitingCalls waiting) {
    super(guard, metrics, byStatus, relay, later, waiting);
  }

  @Override
  @Nullable Revision revision() {
    return revision;
  }

  @Override
  public void request(Call call) {
    String method = call.request().method();
    Revision spoken = revision;
    if (method.equals(INITIALIZE)) {
      if (begun.compareAndSet(false, true)) {
        judge(call);
      } else {
        call.answer(new RpcFault(Code.INVALID_MESSAGE, "the session has begun already"));
      }
    } else if (spoken == null) {
      call.answer(new RpcFault(Code.INVALID_MESSAGE, "a session begins with initialize"));
    } else if (McpGuard.isOpen(method) && !spoken.hasRequest(method)) {
      unknown(call);
    } else {
      judge(call);
    }
  }

  @Override
  Map<String, @Nullable Object> own(Map<String, @Nullable Object> params) {
    return params;
  }

  @Override
  Map<String, @Nullable Object> sent(String method, Map<String, @Nullable Object> params) {
    return params;
  }

  @Override
  RpcMessage answered(String method, RpcMessage answer) {
    if (!method.equals(INITIALIZE)) {
      return answer;
    }
    if (!(answer instanceof RpcMessage.Result result)) {
      begun.set(false); // the client may try another revision
      return answer;
    }
    Revision agreed = Revision.of(result.result().get("protocolVersion"));
    if (agreed == null || agreed.isStateless()) {
      begun.set(false);
      return new RpcMessage.Failure(
          result.id(),
          new RpcError(
              RpcError.INVALID_PARAMS,
              "the server answers with a revision of the protocol that the guard does not know",
              Map.of("supported", Revision.texts())));
    }
    revision = agreed;
    return new RpcMessage.Result(result.id(), described(result.result()));
  }

  @Override
  public Map<String, String> fields(RpcMessage message) {
    return Map.of();
  }
}
