package dev.taper.server.mcp;

import dev.taper.ShownText;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.server.listener.ContentReader;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.RpcError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
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
  private static final String SESSION = "Mcp-Session-Id";
  private static final String VERSION = "MCP-Protocol-Version";
  private static final String EVENTS = "text/event-stream";
  private static final String JSON = "application/json";
  private static final int UNSUPPORTED_VERSION = -32022;
  private static final int BREATH_SECONDS = 5;
  private static final int PAUSE_MILLIS = 10;

  /** How long answers that are owed may take when the process stops. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int MOST_OF_VERSION = 64; // columns

  /** More bytes than a request can have that is let through: its parameters and credentials. */
  private static final int MOST_OF_STRANGERS = 512 * 1024;

  private static final ReadingRoom READING = ReadingRoom.ofMemory();
  private static final UnreadRoom UNREAD = UnreadRoom.ofMemory();

  private record Waiting(Conversation conversation, Object id) {}

  private final Settings settings;
  private final HttpSessions sessions;
  private final UnreadRoom unread;
  private final Map<HttpOutlet, Waiting> waiting = new ConcurrentHashMap<>();
  private final ScheduledFuture<?> breathing;
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
    this.sessions = new HttpSessions(host, settings.maxSessions());
    this.breathing =
        timers.scheduleWithFixedDelay(this::look, BREATH_SECONDS, BREATH_SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      waiting.keySet().removeIf(HttpOutlet::isDone);
      waiting.keySet().forEach(HttpOutlet::breathe);
      sessions.look();
    } catch (RuntimeException | Error e) {
      LOG.error("cannot look after clients", e); // and looks again
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!Request.getPathInContext(request).equals(settings.path())) {
      return false;
    }
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (!settings.caller().allows(request)) {
      plain(response, callback, 403, "the Host or the Origin is not one of this service");
      return true;
    }
    switch (request.getMethod()) {
      case "POST" -> post(request, response, callback);
      case "GET" -> listen(request, response, callback);
      case "DELETE" -> delete(request, response, callback);
      default -> {
        response.getHeaders().put(HttpHeader.ALLOW, "POST, GET, DELETE");
        plain(response, callback, 405, "no such method");
      }
    }
    return true;
  }

  private void plain(Response response, Callback callback, int status, String text) {
    HttpOutlet outlet = new HttpOutlet(response, callback, null, null, false, unread);
    boolean unused =
        outlet.finish(
            new RpcMessage.Failure(null, new RpcError(RpcError.INVALID_REQUEST, text, null)),
            status);
  }

  private void post(Request request, Response response, Callback callback) {
    String type = field(request, HttpHeader.CONTENT_TYPE.asString());
    if (type == null || !JSON.equals(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
      plain(response, callback, 415, "the content is " + JSON);
      return;
    }
    if (!accepts(request, JSON)) {
      plain(response, callback, 406, "the answer is " + JSON + " or " + EVENTS);
      return;
    }
    int most = most(request);
    ContentReader.read(request, most, new Received(most, request, response, callback));
  }

  /** The most bytes that are read: anybody can send them, and they are kept until all is there. */
  private int most(Request request) {
    HttpSession session = sessions.find(field(request, SESSION));
    return session != null && session.isKnown()
        ? settings.maxBytes()
        : Math.min(settings.maxBytes(), MOST_OF_STRANGERS);
  }

  /** Takes a content when all of it is there. */
  private final class Received implements ContentReader.Receiver {
    private final int most;
    private final Request request;
    private final Response response;
    private final Callback callback;

    Received(int most, Request request, Response response, Callback callback) {
      this.most = most;
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    @Override
    public void whole(byte[] bytes) {
      request.addIdleTimeoutListener(e -> false); // from now on it is the server that is awaited
      try {
        if (!READING.during(bytes.length, () -> message(bytes, request, response, callback))) {
          HttpFront.this.broken(
              new RpcFault(Code.TOO_MANY_REQUESTS, "too much is being read at once"),
              503,
              response,
              callback);
        }
      } catch (RuntimeException | Error e) { // nobody else answers once it was waited for
        LOG.error("a message cannot be handled", e);
        callback.failed(e);
      }
    }

    @Override
    public void broken(ContentReader.Problem problem) {
      switch (problem) {
        case TOO_LONG -> tooLong(most, response, callback);
        case NO_ROOM ->
            HttpFront.this.broken(
                new RpcFault(Code.TOO_MANY_REQUESTS, "too much is being received at once"),
                503,
                response,
                callback);
        case INCOMPLETE ->
            HttpFront.this.broken(
                new RpcFault(Code.INVALID_JSON, "the content ends early"), 400, response, callback);
      }
    }
  }

  private void tooLong(int most, Response response, Callback callback) {
    RpcFault fault =
        new RpcFault(Code.MESSAGE_TOO_LONG, "a content has at most " + most + " bytes");
    broken(fault, 413, response, callback);
  }

  /** Answers what is no message. */
  private void broken(RpcFault fault, int status, Response response, Callback callback) {
    HttpOutlet outlet = new HttpOutlet(response, callback, null, null, false, unread);
    if (settings.byStatus()) {
      String code =
          status == 413 ? "content_too_large" : status == 503 ? "unavailable" : "invalid_request";
      boolean unused = outlet.refuse(HttpRefusal.of(status, code, fault.detail()));
    } else {
      boolean unused = outlet.finish(fault.answer(null), status);
    }
  }

  private void message(byte[] bytes, Request request, Response response, Callback callback) {
    RpcMessage message;
    try {
      message = RpcText.read(bytes);
    } catch (RpcFault e) {
      broken(e, 400, response, callback);
      return;
    }
    if (message instanceof RpcMessage.Request && bytes.length > MOST_OF_STRANGERS) {
      tooLong(MOST_OF_STRANGERS, response, callback); // an answer of a client may have pictures
      return;
    }
    Revision revision = Revision.of(field(request, VERSION));
    boolean isAlone =
        message instanceof RpcMessage.Request asked && MessageMeta.hasVersion(asked.params());
    if (isAlone || (revision != null && revision.isStateless())) {
      alone(message, request, response, callback);
    } else if (revision == null && field(request, VERSION) != null) {
      unsupported(message, field(request, VERSION), response, callback);
    } else {
      inSession(message, request, response, callback);
    }
  }

  private void unsupported(
      RpcMessage message, @Nullable Object version, Response response, Callback callback) {
    Object id = message instanceof RpcMessage.Request request ? request.id() : null;
    RpcError error =
        new RpcError(
            UNSUPPORTED_VERSION,
            "Unsupported protocol version",
            Map.of(
                "supported",
                Revision.texts(),
                "requested",
                ShownText.of(String.valueOf(version), MOST_OF_VERSION)));
    HttpOutlet outlet = new HttpOutlet(response, callback, null, null, false, unread);
    boolean unused = outlet.finish(new RpcMessage.Failure(id, error), 400);
  }

  /** A request that stands alone. */
  private void alone(RpcMessage message, Request request, Response response, Callback callback) {
    if (!(message instanceof RpcMessage.Request asked)) {
      plain(response, callback, 400, "only requests are sent without a session");
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
      unsupported(message, MessageMeta.version(asked.params()), response, callback);
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

  private void inSession(
      RpcMessage message, Request request, Response response, Callback callback) {
    String id = field(request, SESSION);
    HttpSession session = sessions.find(id);
    RpcMessage.Request asked = message instanceof RpcMessage.Request it ? it : null;
    if (id != null && session == null) {
      plain(response, callback, 404, "there is no such session");
      return;
    }
    boolean begins = asked != null && asked.method().equals("initialize");
    if (session == null && !begins) {
      plain(response, callback, 400, "a session begins with initialize, and has its id with it");
      return;
    }
    if (asked == null) {
      Conversation conversation = session == null ? null : session.conversation();
      if (session != null && conversation != null) {
        conversation.received(message, session);
      }
      response.setStatus(202);
      response.write(true, ByteBuffer.allocate(0), callback);
      return;
    }
    HttpOutlet outlet = outlet(asked, null, request, response, callback);
    try {
      HttpSession in = session == null ? sessions.begin(Request.getRemoteAddr(request)) : session;
      response.getHeaders().put(SESSION, in.id());
      in.asked(outlet::isDone);
      Conversation conversation = in.conversation();
      if (conversation != null) {
        received(conversation, asked, outlet, request);
      }
    } catch (RpcFault e) {
      boolean unused = outlet.send(e.answer(asked.id()), 503);
    }
  }

  private HttpOutlet outlet(
      RpcMessage.Request asked,
      @Nullable Map<String, String> parameters,
      Request request,
      Response response,
      Callback callback) {
    return new HttpOutlet(
        response, callback, asked.id(), parameters, accepts(request, EVENTS), unread);
  }

  private void received(
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

  private void listen(Request request, Response response, Callback callback) {
    HttpSession session = sessions.find(field(request, SESSION));
    if (session == null || !accepts(request, EVENTS)) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      plain(
          response,
          callback,
          field(request, SESSION) == null ? 405 : session == null ? 404 : 406,
          "who listens has a session, and takes " + EVENTS);
      return;
    }
    request.addIdleTimeoutListener(e -> false);
    response.getHeaders().put(SESSION, session.id());
    HttpOutlet outlet = new HttpOutlet(response, callback, null, null, true, unread);
    if (!session.listen(outlet)) {
      plain(response, callback, 409, "the session is listened to already");
    }
  }

  private void delete(Request request, Response response, Callback callback) {
    HttpSession session = sessions.find(field(request, SESSION));
    if (session == null) {
      plain(response, callback, 404, "there is no such session");
      return;
    }
    sessions.end(session);
    response.setStatus(204);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  /** A field that is there once; null if not. */
  private static @Nullable String field(Request request, String name) {
    List<String> values = request.getHeaders().getValuesList(name);
    return values.size() == 1 ? values.get(0) : null;
  }

  private static boolean accepts(Request request, String type) {
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
    breathing.cancel(false);
    sessions.close();
  }

  private boolean owesAnswers() {
    return waiting.values().stream().anyMatch(one -> one.conversation().owesAnswers());
  }
}
