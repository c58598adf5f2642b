package dev.taper.server.mcp;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The stream on which a server at a URL sends what answers no request. Servers close it,
 * connections break, and proxies cut what is idle, so it is opened again whenever it ends: after a
 * delay that grows while that fails, with the id of the last event. It ends with its session, and
 * where the server says that it has no such stream. Thread-safe.
 */
final class ListenStream {
  private static final Logger LOG = LoggerFactory.getLogger(ListenStream.class);
  private static final Duration MIN_DELAY = Duration.ofSeconds(1);

  /** Also the longest that a server can ask for; see {@link SseEvents}. */
  private static final Duration MAX_DELAY = Duration.ofSeconds(60);

  /** A delay is longer by up to this part of it, so that clients of one server come apart. */
  private static final double JITTER = 0.5;

  /** A stream that lasted as long, or brought an event, did not fail. */
  private static final Duration MIN_UPTIME = Duration.ofSeconds(5);

  private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
  private static final int MAX_DOUBLINGS = 6;
  private static final int MAX_REFUSAL_BYTES = 1 << 16;

  private final UrlUpstream upstream;
  private final HttpLink link;
  private final RetryTimer timer;
  private final HttpFetch fetch = new HttpFetch();
  private @Nullable Long openedAt; // of the present stream; guarded by this
  private @Nullable Long loggedAt; // guarded by this
  private boolean wasOpen; // guarded by this
  private volatile boolean hadEvent;
  private @Nullable String lastId; // guarded by this
  private long serverDelayMillis = -1; // guarded by this
  private int failures; // in a row; guarded by this

  ListenStream(UrlUpstream upstream, HttpLink link) {
    this.upstream = upstream;
    this.link = link;
    this.timer = upstream.timer();
  }

  /** Opens it, and keeps it open from then on. Called once. */
  void open() {
    if (fetch.isCancelled()) {
      return;
    }
    HttpRequest.Builder request = link.request(Map.of()).header("Accept", HttpLink.EVENTS).GET();
    hadEvent = false;
    synchronized (this) {
      openedAt = null;
      if (lastId != null) {
        request.header("Last-Event-ID", lastId);
      }
    }
    var unused =
        fetch
            .send(upstream.client(), upstream.signed(request), this::body)
            .whenComplete(this::ended)
            .exceptionally(e -> null);
  }

  private HttpBody body(ResponseInfo answer) {
    boolean isStream =
        answer.statusCode() == 200 && HttpLink.type(answer.headers()).equals(HttpLink.EVENTS);
    HttpBody made =
        isStream
            ? HttpBody.events(upstream.maxBytes(), this::event)
            : HttpBody.kept(MAX_REFUSAL_BYTES);
    if (fetch.isCancelled()) {
      return made;
    }
    boolean isAgain;
    boolean isGap;
    synchronized (this) {
      isAgain = isStream && wasOpen;
      isGap = isAgain && lastId == null;
      if (isStream) {
        openedAt = timer.nanoTime();
        wasOpen = true;
      }
    }
    if (isAgain) {
      upstream.countReopened();
      LOG.debug("the server is listened to again");
    }
    if (isGap) {
      link.reportGap();
    }
    return made;
  }

  private void event(byte[] data) throws RpcFault {
    ReadingRoom.ANSWERS.awaiting(data.length, () -> link.received(RpcText.read(data)));
    hadEvent = true;
  }

  private void ended(@Nullable HttpResponse<HttpBody> response, @Nullable Throwable error) {
    int status = response == null ? 0 : response.statusCode();
    if (status == 404 && link.hasSession()) {
      link.forgotten(null);
      return;
    }
    if (status == 404 || status == 405 || status == 501) {
      LOG.debug("the server has no stream of its own messages: status {}", status);
      return;
    }
    HttpBody content = response == null ? null : response.body();
    Duration delay;
    synchronized (this) {
      if (fetch.isCancelled()) {
        return;
      }
      boolean isStream = openedAt != null;
      SseEvents events = content == null ? null : content.events();
      boolean hadId = events != null && events.lastId() != null;
      if (events != null) {
        lastId = hadId ? events.lastId() : lastId;
        serverDelayMillis = events.retryMillis() < 0 ? serverDelayMillis : events.retryMillis();
      }
      boolean wasGood =
          (content == null || content.fault() == null || isCut(content))
              && (hadEvent || hadId || (isStream && uptime().compareTo(MIN_UPTIME) >= 0));
      failures = wasGood ? 0 : failures + 1;
      delay = delay();
      log(reason(response, isStream), delay);
    }
    timer.schedule(this::open, delay);
  }

  /** True if the connection broke, and false if what came was no stream of messages. */
  private static boolean isCut(HttpBody content) {
    RpcFault fault = content.fault();
    return fault != null && fault.code() == RpcFault.Code.UPSTREAM_ENDED;
  }

  private Duration uptime() {
    return openedAt == null ? Duration.ZERO : Duration.ofNanos(timer.nanoTime() - openedAt);
  }

  /** Only under the lock. */
  private Duration delay() {
    int doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
    long backOff = MIN_DELAY.toMillis() << doublings;
    long least = Math.min(Math.max(backOff, serverDelayMillis), MAX_DELAY.toMillis());
    return Duration.ofMillis(least + (long) (least * JITTER * timer.random()));
  }

  private static String reason(@Nullable HttpResponse<HttpBody> response, boolean isStream) {
    if (response == null) {
      return isStream ? "its connection broke" : "there is no answer";
    }
    RpcFault fault = response.body().fault();
    if (fault != null) {
      return fault.detail();
    }
    return isStream ? "the server ended it" : "status " + response.statusCode();
  }

  /** A server that ends each stream at once makes no flood. Only under the lock. */
  private void log(String reason, Duration delay) {
    long now = timer.nanoTime();
    if (loggedAt == null || now - loggedAt >= LOG_INTERVAL.toNanos()) {
      loggedAt = now;
      LOG.atLevel(failures > 1 ? Level.WARN : Level.INFO)
          .log(
              "the stream of the server's own messages is not open: {}; opening it again in {} ms",
              reason,
              delay.toMillis());
    }
  }

  /** Ends it; it is not opened again. */
  void close() {
    fetch.cancel();
  }
}
