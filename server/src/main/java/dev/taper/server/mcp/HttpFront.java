package dev.taper.server.mcp;

import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.server.listener.ContentReader;
import dev.taper.server.listener.JettyRequest;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.RpcError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients over streamable HTTP: those with a session, and since revision 2026-07-28 those without.
 * Thread-safe.
 */
public final class HttpFront extends Handler.Abstract implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
  static final String SESSION = "Mcp-Session-Id";
  private static final String VERSION = "MCP-Protocol-Version";
  static final String EVENTS = "text/event-stream";
  private static final String JSON = "application/json";
  private static final Duration BREATH = Duration.ofSeconds(5);
  private static final int PAUSE_MILLIS = 10;

  /** How long answers that are owed may take when the process stops. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** More bytes than a message can have that is let through: its parameters and credentials. */
  private static final int MAX_BYTES = 512 * 1024;

  private static final ReadingRoom READING = ReadingRoom.ofMemory();
  private static final UnreadRoom UNREAD = UnreadRoom.ofMemory();

  private record Waiting(Conversation conversation, Object id) {}

  private final Settings settings;
  private final @Nullable Admission admission;
  private final HttpSessions sessions;
  private final SessionRequests sessionRequests;
  private final HttpReplies replies;
  private final UnreadRoom unread;
  private final int maxBytes;
  private final Map<HttpOutlet, Waiting> waiting = new ConcurrentHashMap<>();
  private final RepeatedTask breathing;
  private volatile boolean closed;

  /**
   * How clients are answered.
   *
   * @param path where messages are sent, such as {@code /mcp}
   * @param maxBytes the most bytes of a message
   * @param maxSessions the most sessions at once
   * @param byStatus whether what is no message is answered by a status of HTTP alone
   * @param caller who may ask, by the fields that browsers send
   */
  public record Settings(
      String path, int maxBytes, int maxSessions, boolean byStatus, CallerCheck caller) {}

  /** Makes a front for one host. */
  public HttpFront(Conversation.Host host, Settings settings, ScheduledExecutorService timers) {
    this(host, settings, timers, UNREAD);
  }

  HttpFront(
      Conversation.Host host,
      Settings settings,
      ScheduledExecutorService timers,
      UnreadRoom unread) {
    this.unread = unread;
    this.settings = settings;
    this.maxBytes = Math.min(settings.maxBytes(), MAX_BYTES);
    this.replies = new HttpReplies(settings.byStatus(), unread);
    this.admission = host.admission();
    this.sessions = new HttpSessions(host, settings.maxSessions());
    this.sessionRequests = new SessionRequests(sessions, this, replies);
    this.breathing =
        RepeatedTask.startLater(
            timers,
            BREATH,
            FailureLog.of(HttpFront.class, "looking after clients", Clock.systemUTC()),
            this::look);
  }

  private void look() {
    waiting.keySet().removeIf(HttpOutlet::isDone);
    waiting.keySet().forEach(HttpOutlet::breathe);
    sessions.look();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Request.getPathInContext(request).equals(settings.path())) {
      return false;
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (!settings.caller().allows(request)) {
      replies.plain(response, callback, 403, "the Host or the Origin is not one of this service");
      return true;
    }
    try {
      McpFields.check(new JettyRequest(request, null));
    } catch (RefusedException e) {
      replies.refuse(response, callback, e.refusal());
      return true;
    }
    switch (request.getMethod()) {
      case "POST" -> post(request, response, callback);
      case "GET" -> sessionRequests.listen(request, response, callback);
      case "DELETE" -> sessionRequests.end(request, response, callback);
      default -> {
        response.getHeaders().put(HttpHeader.ALLOW, "POST, GET, DELETE");
        replies.plain(response, callback, 405, "no such method");
      }
    }
    return true;
  }

  private void post(Request request, Response response, Callback callback) {
    String type = field(request, HttpHeader.CONTENT_TYPE.asString());
    if (type == null || !JSON.equals(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
      replies.plain(response, callback, 415, "the content is " + JSON);
      return;
    }
    if (!accepts(request, JSON)) {
      replies.plain(response, callback, 406, "the answer is " + JSON + " or " + EVENTS);
      return;
    }
    ContentReader.read(request, maxBytes, new Received(request, response, callback));
  }

  /** Takes a content when all of it is there. */
  private final class Received implements ContentReader.Receiver {
    private final Request request;
    private final Response response;
    private final Callback callback;

    Received(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    @Override
    public void whole(byte[] bytes) {
      request.addIdleTimeoutListener(e -> false); // from now on it is the server that is awaited
      try {
        if (!READING.during(bytes.length, () -> message(bytes, request, response, callback))) {
          replies.broken(
              response,
              callback,
              new RpcFault(Code.TOO_MANY_REQUESTS, "too much is being read at once"),
              503);
        }
      } catch (RuntimeException | Error e) { // nobody else answers once it was waited for
        LOG.error("a message cannot be handled", e);
        callback.failed(e);
      }
    }

    @Override
    public void broken(ContentReader.Problem problem) {
      switch (problem) {
        case TOO_LONG -> replies.tooLong(response, callback, maxBytes);
        case NO_ROOM ->
            replies.broken(
                response,
                callback,
                new RpcFault(Code.TOO_MANY_REQUESTS, "too much is being received at once"),
                503);
        case INCOMPLETE ->
            replies.broken(
                response, callback, new RpcFault(Code.INVALID_JSON, "the content ends early"), 400);
      }
    }
  }

  private void message(byte[] bytes, Request request, Response response, Callback callback) {
    RpcMessage message;
    try {
      message = RpcText.read(bytes, admission);
    } catch (RpcFault e) {
      replies.broken(response, callback, e, 400);
      return;
    }
    Revision revision = Revision.of(field(request, VERSION));
    boolean isAlone =
        message instanceof RpcMessage.Request asked && MessageMeta.hasVersion(asked.params());
    if (isAlone || (revision != null && revision.isStateless())) {
      alone(message, request, response, callback);
    } else if (revision == null && field(request, VERSION) != null) {
      replies.unsupported(response, callback, message, field(request, VERSION));
    } else {
      sessionRequests.message(message, bytes, request, response, callback);
    }
  }

  /** A request that stands alone. */
  private void alone(RpcMessage message, Request request, Response response, Callback callback) {
    if (!(message instanceof RpcMessage.Request asked)) {
      replies.plain(response, callback, 400, "only requests are sent without a session");
      return;
    }
    String wrong =
        MirroredFields.mismatch(
            asked,
            field(request, VERSION),
            field(request, "Mcp-Method"),
            field(request, "Mcp-Name"));
    HttpOutlet outlet = outlet(asked, parameters(request), request, response, callback);
    if (wrong != null) {
      RpcError error =
          new RpcError(
              MirroredFields.MISMATCH, "the field " + wrong + " is not what the message has", null);
      boolean unused = outlet.send(new RpcMessage.Failure(asked.id(), error), 400);
      return;
    }
    Revision revision = Revision.of(MessageMeta.version(asked.params()));
    if (revision == null || !revision.isStateless()) {
      replies.unsupported(response, callback, message, MessageMeta.version(asked.params()));
      return;
    }
    try {
      received(sessions.stateless(), asked, outlet, request);
    } catch (RpcFault e) {
      boolean unused = outlet.send(e.answer(asked.id()), 503);
    }
  }

  private static Map<String, String> parameters(Request request) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      if (field.getLowerCaseName().startsWith(MirroredFields.PARAMETER) && value != null) {
        parameters.put(field.getLowerCaseName(), value);
      }
    }
    return parameters;
  }

  HttpOutlet outlet(
      RpcMessage.Request asked,
      @Nullable Map<String, String> parameters,
      Request request,
      Response response,
      Callback callback) {
    return new HttpOutlet(
        response, callback, asked.id(), parameters, accepts(request, EVENTS), unread);
  }

  void received(
      Conversation conversation, RpcMessage.Request asked, HttpOutlet outlet, Request request)
      throws RpcFault {
    if (closed) {
      throw new RpcFault(Code.UPSTREAM_UNAVAILABLE, "the service stops");
    }
    waiting.put(outlet, new Waiting(conversation, asked.id()));
    request.addFailureListener(e -> gone(outlet));
    Request.addCompletionListener(request, e -> gone(outlet));
    boolean unused =
        AbuseWatch.from(
            address(request),
            () -> {
              conversation.received(asked, outlet);
              return true;
            });
  }

  private static @Nullable InetAddress address(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress from
        ? from.getAddress()
        : null;
  }

  private void gone(HttpOutlet outlet) {
    Waiting was = waiting.remove(outlet);
    if (was != null) {
      was.conversation().gone(was.id(), outlet);
    }
  }

  /** A field that is there once; null if not. */
  static @Nullable String field(Request request, String name) {
    List<String> values = request.getHeaders().getValuesList(name);
    return values.size() == 1 ? values.get(0) : null;
  }

  static boolean accepts(Request request, String type) {
    List<String> values = request.getHeaders().getCSV(HttpHeader.ACCEPT, false);
    Set<String> wanted = Set.of(type, "*/*", type.substring(0, type.indexOf('/')) + "/*");
    return values.isEmpty()
        || values.stream()
            .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .anyMatch(wanted::contains);
  }

  /** Takes no more requests, waits a little for the answers that are owed, and ends. */
  @Override
  public void close() {
    closed = true;
    try {
      long end = System.nanoTime() + GRACE.toNanos();
      while (owesAnswers() && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    breathing.finish();
    sessions.close();
  }

  private boolean owesAnswers() {
    return waiting.values().stream().anyMatch(one -> one.conversation().owesAnswers());
  }
}
