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
  private final HeldBytes held;
  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable RpcFault fault;

  private HttpBody(int maxBytes, SseEvents.@Nullable Receiver messages, HeldBytes held) {
    this.maxBytes = maxBytes;
    this.held = held;
    this.events = messages == null ? null : new SseEvents(maxBytes, messages, held);
  }

  /** A content that is kept. */
  static HttpBody kept(int maxBytes) {
    return kept(maxBytes, HeldBytes.Room.OF_MEMORY);
  }

  static HttpBody kept(int maxBytes, HeldBytes.Room room) {
    return new HttpBody(maxBytes, null, new HeldBytes(room));
  }

  /** A content of events. */
  static HttpBody events(int maxBytes, SseEvents.Receiver messages) {
    return new HttpBody(maxBytes, messages, new HeldBytes(HeldBytes.Room.OF_MEMORY));
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
    release();
  }

  /** What was kept is not needed any more. */
  void release() {
    held.release();
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
    if (whole.isDone()) {
      release(); // it was cancelled meanwhile
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
    if (!held.hold(json.size() + buffer.remaining())) {
      throw new RpcFault(Code.UPSTREAM_INVALID, "too many long answers come at once");
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    json.writeBytes(bytes);
  }

  @Override
  public void onError(Throwable error) {
    fault = new RpcFault(Code.UPSTREAM_ENDED, "the server's answer broke off");
    onComplete();
  }

  @Override
  public void onComplete() {
    if (events != null) {
      release(); // no event of it is due any more
    }
    whole.complete(this);
  }
}
