package dev.taper.server.mcp;

import dev.taper.TaperException;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session with a server at a URL, which is listened to, or its requests without one. */
final class HttpLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLink.class);
  static final String EVENTS = "text/event-stream";
  private static final List<String> LISTS = List.of("tools", "resources", "prompts");
  private static final String JSON = "application/json";
  private static final int LEAST_REFUSAL = 400;
  private static final int MAX_REFUSAL = 1 << 20;
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration TOLD = Duration.ofSeconds(20);
  private static final int MAX_RESUMED = 60;

  /** The most characters that wait to be told; what does not fit is not told. */
  private static final int MAX_TELLING = 1 << 20;

  /** What a message takes beside its own characters. */
  private static final int BESIDE = 1024;

  private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);
  private static final int GOODBYE_SECONDS = 2;

  private final UrlUpstream upstream;
  private final Receiver receiver;
  private final Map<Object, Exchange> exchanges = new ConcurrentHashMap<>();
  private final AtomicBoolean listening = new AtomicBoolean();
  private final ListenStream stream;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable String session;
  private volatile @Nullable String version;
  private volatile List<String> lists = List.of(); // whose changes the server announces
  private CompletableFuture<?> told = NOTHING; // guarded by this
  private final AtomicLong telling = new AtomicLong(); // characters of what is told, and waits

  HttpLink(UrlUpstream upstream, Receiver receiver) {
    this.upstream = upstream;
    this.receiver = receiver;
    this.stream = new ListenStream(upstream, this);
  }

  /** One message on its way, and its answer. */
  private final class Exchange {
    private final @Nullable Object about;
    private final boolean isInitialize;
    private final boolean inSession;
    private final HttpFetch fetch = new HttpFetch();
    private volatile boolean answered;
    private int resumed; // only by the thread that has the answer

    Exchange(RpcMessage message, boolean inSession) {
      this.about = message instanceof RpcMessage.Request request ? request.id() : null;
      this.isInitialize =
          message instanceof RpcMessage.Request request
              && request.method().equals(RpcMessage.Request.INITIALIZE);
      this.inSession = inSession;
    }

    CompletableFuture<?> run(HttpRequest request) {
      return send(request).whenComplete(this::finished).exceptionally(e -> null);
    }

    private CompletableFuture<HttpResponse<HttpBody>> send(HttpRequest request) {
      if (ended.get() && about != null) {
        fetch.cancel();
      }
      return fetch.send(upstream.client(), request, this::body);
    }

    private HttpBody body(ResponseInfo answer) {
      boolean isStream = answer.statusCode() / 100 == 2 && type(answer.headers()).equals(EVENTS);
      HttpBody made =
          isStream
              ? HttpBody.events(
                  upstream.maxBytes(),
                  data ->
                      ReadingRoom.ANSWERS.awaiting(data.length, () -> message(RpcText.read(data))))
              : HttpBody.kept(upstream.maxBytes());
      if (isInitialize) {
        session =
            answer.headers().firstValue(McpFields.SESSION).filter(HttpLink::isVisible).orElse(null);
      }
      return made;
    }

    private void message(RpcMessage message) {
      if (about != null && about.equals(message.answers())) {
        answered = true;
        if (isInitialize && message instanceof RpcMessage.Result result) {
          Object said = result.result().get("protocolVersion");
          version = said instanceof String text && isVisible(text) ? text : null;
          lists = announced(result.result());
        }
        exchanges.remove(about, this);
      }
      if (!fetch.isCancelled()) {
        receiver.received(message, about);
      }
    }

    private void finished(@Nullable HttpResponse<HttpBody> response, @Nullable Throwable error) {
      if (fetch.isCancelled()) {
        return;
      }
      if (response == null) {
        fail(upstream.unreachable(error));
        return;
      }
      upstream.answered(response);
      try {
        finished(response, response.body());
      } finally {
        response.body().release();
      }
    }

    private void finished(HttpResponse<HttpBody> response, HttpBody content) {
      int status = response.statusCode();
      RpcFault fault = content.fault();
      if (status == 404 && inSession && session != null && !isInitialize) {
        forgotten(resumed == 0 && !answered ? about : null);
      } else if (fault != null && fault.code() != Code.UPSTREAM_ENDED) {
        fail(fault);
      } else if (content.events() == null) {
        byte[] bytes = content.bytes();
        try {
          ReadingRoom.ANSWERS.awaiting(bytes.length, () -> whole(status, bytes, response));
        } catch (RpcFault e) {
          fail(new RpcFault(Code.UPSTREAM_INVALID, "the server answers with what is no message"));
        }
      } else if (!answered && about != null && !resume(content.events())) {
        fail(new RpcFault(Code.UPSTREAM_ENDED, "the server's stream ended without an answer"));
      }
    }

    /** An answer that is no stream. */
    private void whole(int status, byte[] bytes, HttpResponse<?> response) throws RpcFault {
      if (bytes.length > 0 && type(response.headers()).equals(JSON)) {
        RpcMessage message = RpcText.read(bytes);
        boolean isOurs = about != null && about.equals(message.answers());
        if (about != null && message instanceof Failure failure && !isOurs) {
          message = failure.withId(about); // about no id that the server could read
        }
        if (message.isAnswer() && about != null) {
          message(message);
          return;
        }
      }
      RpcMessage refusal = refusal(status, bytes, response);
      if (refusal != null) {
        message(refusal);
      } else if (about != null) {
        fail(new RpcFault(Code.UPSTREAM_INVALID, "the server answers with status " + status));
      } else if (status / 100 != 2) {
        LOG.warn("the server takes no such message: status {}", status);
      }
    }

    /**
     * A refusal by status, as the message that it stands for; null if it is none. A problem without
     * the field that guards write is that of a server or proxy, which may have been late.
     */
    private @Nullable RpcMessage refusal(int status, byte[] bytes, HttpResponse<?> response) {
      if (about == null
          || status < LEAST_REFUSAL
          || !type(response.headers()).equals(HttpRefusal.CONTENT_TYPE)) {
        return null;
      }
      try {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Map<String, @Nullable Object> problem = McpJson.read(text, MAX_REFUSAL);
        return problem.get("code") instanceof String code
                && response.headers().allValues(HttpRefusal.FIELD).equals(List.of(code))
            ? new Failure(about, status, code, Map.of(McpMeta.REFUSAL, problem))
            : null;
      } catch (TaperException e) {
        return null;
      }
    }

    /** Asks for the rest of a stream that the server closed meanwhile. */
    private boolean resume(SseEvents events) {
      String last = events.lastId();
      if (!inSession || last == null || resumed++ >= MAX_RESUMED || ended.get()) {
        return false;
      }
      long wait = events.retryMillis() < 0 ? AGAIN.toMillis() : events.retryMillis();
      HttpRequest.Builder request =
          request(Map.of()).header("Accept", EVENTS).header("Last-Event-ID", last).GET();
      upstream
          .timer()
          .schedule(
              () -> {
                var unused =
                    send(upstream.signed(request))
                        .whenComplete(this::finished)
                        .exceptionally(e -> null);
              },
              Duration.ofMillis(wait));
      return true;
    }

    private void fail(RpcFault fault) {
      if (about != null) {
        exchanges.remove(about, this);
      }
      if (!answered && !ended.get()) {
        receiver.broken(fault, about);
      }
    }
  }

  static String type(java.net.http.HttpHeaders headers) {
    String type = headers.firstValue("Content-Type").orElse("");
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The lists of which a server says in its answer to initialize that it tells their changes. */
  static List<String> announced(Map<String, @Nullable Object> initialized) {
    Map<String, @Nullable Object> capabilities = RpcMessage.object(initialized, "capabilities");
    return LISTS.stream()
        .filter(
            list -> Boolean.TRUE.equals(RpcMessage.object(capabilities, list).get("listChanged")))
        .toList();
  }

  private static boolean isVisible(String text) {
    return text.length() <= 1024 && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  @Override
  public void send(RpcMessage message, Map<String, String> fields) throws RpcFault {
    if (ended.get()) {
      throw new RpcFault(Code.UPSTREAM_ENDED, "the session with the server has ended");
    }
    String json = RpcText.toServer(message);
    HttpRequest.Builder request =
        request(fields)
            .header("Content-Type", JSON)
            .header("Accept", JSON + ", " + EVENTS)
            .POST(BodyPublishers.ofString(json));
    if (message instanceof RpcMessage.Request asked) {
      boolean isBare = session != null && fields.isEmpty() && McpGuard.isOpen(asked.method());
      var unused =
          run(
              new Exchange(message, fields.isEmpty()),
              isBare ? upstream.signed(request) : request.build());
    } else {
      tell(message, json.length() + BESIDE, upstream.signed(request.timeout(TOLD)), fields);
    }
    if (message instanceof RpcMessage.Notification notification
        && notification.method().equals(RpcMessage.Notification.INITIALIZED)
        && listening.compareAndSet(false, true)) {
      stream.open();
    }
  }

  /** Tells a server no more than it takes: clients can tell as much as they like. */
  private void tell(
      RpcMessage message, long length, HttpRequest request, Map<String, String> fields)
      throws RpcFault {
    long before = telling.getAndAdd(length);
    if (before > 0 && before + length > MAX_TELLING) {
      telling.addAndGet(-length);
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the server takes messages too slowly");
    }
    var unused =
        run(new Exchange(message, fields.isEmpty()), request)
            .whenComplete((answer, error) -> telling.addAndGet(-length));
  }

  /**
   * Sends what a session hears of only when the server has what was told before: there may be
   * several connections, and messages would overtake each other.
   */
  private synchronized CompletableFuture<?> run(Exchange exchange, HttpRequest request) {
    if (exchange.about != null) {
      exchanges.put(exchange.about, exchange);
    }
    CompletableFuture<?> before = exchange.inSession ? told : NOTHING;
    CompletableFuture<?> sent =
        before.isDone() ? exchange.run(request) : before.thenCompose(then -> exchange.run(request));
    if (exchange.about == null && exchange.inSession) {
      told = sent;
    }
    return sent;
  }

  HttpRequest.Builder request(Map<String, String> fields) {
    HttpRequest.Builder request = HttpRequest.newBuilder(upstream.url());
    upstream.credentials().forEach(request::setHeader);
    if (fields.isEmpty()) {
      String id = session;
      String revision = version;
      if (id != null) {
        request.setHeader(McpFields.SESSION, id);
      }
      if (revision != null) {
        request.setHeader(McpFields.VERSION, revision);
      }
    }
    fields.forEach(request::setHeader);
    return request;
  }

  void received(RpcMessage message) {
    receiver.received(message, null);
  }

  boolean hasSession() {
    return session != null;
  }

  /**
   * Nobody listened for a while, and what the server said meanwhile is lost: what it may have said
   * of its lists is taken for said.
   */
  void reportGap() {
    for (String list : lists) {
      receiver.received(RpcMessage.Notification.listChanged(list), null);
    }
  }

  @Override
  public void cancel(Object id) {
    Exchange exchange = exchanges.remove(id);
    if (exchange == null) {
      return;
    }
    exchange.fetch.cancel();
    if (exchange.inSession) {
      Link.super.cancel(id);
    }
  }

  /** The server knows no such session, and says so to a request, or to what is none. */
  void forgotten(@Nullable Object refused) {
    if (ended.compareAndSet(false, true)) {
      receiver.forgotten("the server has forgotten the session", refused);
    }
  }

  @Override
  public void close() {
    boolean isKnown = ended.compareAndSet(false, true); // or the server has forgotten the session
    exchanges.values().forEach(exchange -> exchange.fetch.cancel());
    stream.close();
    if (isKnown && session != null) {
      goodbye();
    }
  }

  private void goodbye() {
    HttpRequest request =
        upstream.signed(
            request(Map.of())
                .timeout(Duration.ofSeconds(GOODBYE_SECONDS))
                .method("DELETE", BodyPublishers.noBody()));
    try {
      var unused =
          upstream
              .client()
              .sendAsync(request, HttpResponse.BodyHandlers.discarding())
              .get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("the server was not told that the session ended");
    }
  }
}
