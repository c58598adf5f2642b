package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules where whoever reaches the relay may do what it does: all but requests goes on as it is. */
public abstract class PassingRules implements RelayRules {
  /** Makes rules. */
  protected PassingRules() {}

  @Override
  public RpcMessage.Notification notification(RpcMessage.Notification notification) {
    return notification;
  }

  @Override
  public RpcMessage answer(RpcMessage.Request asked, RpcMessage answer) {
    return answer;
  }

  @Override
  public RpcMessage serverRequest(RpcMessage.Request request) {
    return request;
  }

  @Override
  public RpcMessage.Notification serverNotification(RpcMessage.Notification notification) {
    return notification;
  }

  @Override
  public boolean mayHave(RpcMessage message, @Nullable Call call) {
    return true;
  }

  @Override
  public boolean isOwned() {
    return false;
  }

  @Override
  public @Nullable HttpRefusal refusal(IncomingRequest request, byte[] content) {
    return null;
  }

  @Override
  public void look() {
    // What is open may stay so.
  }

  /** The input schema of a tool; null if nobody knows. */
  protected @Nullable Map<String, @Nullable Object> schema(@Nullable Object tool) {
    return null;
  }

  @Override
  public Map<String, String> fields(RpcMessage message) {
    return MirroredFields.of(message, this::schema);
  }
}
