package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcFault.Code;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The content of a server's answer: one message, or a stream of them. Each message is handed on as
 * soon as it is whole.
 */
final class HttpBody implements HttpResponse.BodySubscriber<HttpBody> {
  private final CompletableFuture<HttpBody> whole = new CompletableFuture<>();
  private final int maxBytes;
  private final @Nullable SseEvents events;
  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable RpcFault fault;

  private HttpBody(int maxBytes, SseEvents.@Nullable Receiver messages) {
    this.maxBytes = maxBytes;
    this.events = messages == null ? null : new SseEvents(maxBytes, messages);
  }

  /** A content that is kept. */
  static HttpBody kept(int maxBytes) {
    return new HttpBody(maxBytes, null);
  }

  /** A content of events. */
  static HttpBody events(int maxBytes, SseEvents.Receiver messages) {
    return new HttpBody(maxBytes, messages);
  }

  /** What was kept; empty for events. */
  byte[] bytes() {
    return json.toByteArray();
  }

  @Nullable SseEvents events() {
    return events;
  }

  /** Why it was not read to its end; null if it was. */
  @Nullable RpcFault fault() {
    return fault;
  }

  /** Ends the connection. */
  void cancel() {
    whole.complete(this); // first, so that whoever subscribes meanwhile sees it
    Flow.Subscription present = subscription;
    if (present != null) {
      present.cancel();
    }
  }

  @Override
  public CompletionStage<HttpBody> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (whole.isDone()) {
      given.cancel();
    } else {
      given.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (whole.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        take(buffer);
      }
    } catch (RpcFault e) {
      fault = e;
      cancel();
    }
  }

  private void take(ByteBuffer buffer) throws RpcFault {
    if (events != null) {
      events.feed(buffer);
      return;
    }
    if (json.size() + buffer.remaining() > maxBytes) {
      throw new RpcFault(Code.MESSAGE_TOO_LONG, "an answer has at most " + maxBytes + " bytes");
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    json.writeBytes(bytes);
  }

  @Override
  public void onError(Throwable error) {
    fault = new RpcFault(Code.UPSTREAM_ENDED, "the server's answer broke off");
    whole.complete(this);
  }

  @Override
  public void onComplete() {
    whole.complete(this);
  }
}
