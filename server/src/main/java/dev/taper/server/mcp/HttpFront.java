package dev.taper.server.mcp;

import dev.taper.FailureLog;
import dev.taper.RepeatedTask;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpMeta;
import dev.taper.operations.findings.CallerAddress;
import dev.taper.server.listener.ContentReader;
import dev.taper.server.listener.JettyRequest;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
    this.admission = host.admission();
    this.sessions = new HttpSessions(host, settings.maxSessions());
    this.sessionRequests = new SessionRequests(sessions, this);
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
    HttpExchange exchange =
        new HttpExchange(request, response, callback, settings.byStatus(), unread);
    if (!settings.caller().allows(request)) {
      exchange.plain(403, "the Host or the Origin is not one of this service");
      return true;
    }
    try {
      McpFields.check(new JettyRequest(request, null));
    } catch (RefusedException e) {
      exchange.refuse(e.refusal());
      return true;
    }
    switch (request.getMethod()) {
      case "POST" -> post(exchange);
      case "GET" -> sessionRequests.listen(exchange);
      case "DELETE" -> sessionRequests.end(exchange);
      default -> {
        response.getHeaders().put(HttpHeader.ALLOW, "POST, GET, DELETE");
        exchange.plain(405, "no such method");
      }
    }
    return true;
  }

  private void post(HttpExchange exchange) {
    if (!exchange.contentType().equals(JSON)) {
      exchange.plain(415, "the content is " + JSON);
    } else if (!exchange.accepts(JSON)) {
      exchange.plain(406, "the answer is " + JSON + " or " + HttpExchange.EVENTS);
    } else {
      ContentReader.read(exchange.request(), maxBytes, receiver(exchange));
    }
  }

  /** Takes a content when all of it is there. */
  private ContentReader.Receiver receiver(HttpExchange exchange) {
    return new ContentReader.Receiver() {
      @Override
      public void whole(byte[] bytes) {
        exchange
            .request()
            .addIdleTimeoutListener(e -> false); // now it is the server that is awaited
        try {
          if (!READING.during(bytes.length, () -> message(bytes, exchange))) {
            exchange.tooMuch("too much is being read at once");
          }
        } catch (RuntimeException | Error e) { // nobody else answers once it was waited for
          LOG.error("a message cannot be handled", e);
          exchange.callback().failed(e);
        }
      }

      @Override
      public void broken(ContentReader.Problem problem) {
        switch (problem) {
          case TOO_LONG -> exchange.tooLong(maxBytes);
          case NO_ROOM -> exchange.tooMuch("too much is being received at once");
          case INCOMPLETE ->
              exchange.broken(new RpcFault(Code.INVALID_JSON, "the content ends early"), 400);
        }
      }
    };
  }

  private void message(byte[] bytes, HttpExchange exchange) {
    RpcMessage message;
    try {
      message = RpcText.read(bytes, admission);
    } catch (RpcFault e) {
      exchange.broken(e, 400);
      return;
    }
    String version = exchange.field(McpFields.VERSION);
    Revision revision = Revision.of(version);
    boolean isAlone =
        message instanceof RpcMessage.Request asked && McpMeta.hasVersion(asked.params());
    if (isAlone || (revision != null && revision.isStateless())) {
      alone(message, exchange);
    } else if (revision == null && version != null) {
      exchange.unsupported(message, version);
    } else {
      sessionRequests.message(message, bytes, exchange);
    }
  }

  /** A request that stands alone. */
  private void alone(RpcMessage message, HttpExchange exchange) {
    if (!(message instanceof RpcMessage.Request asked)) {
      exchange.plain(400, "only requests are sent without a session");
      return;
    }
    String wrong =
        MirroredFields.mismatch(
            asked,
            exchange.field(McpFields.VERSION),
            exchange.field("Mcp-Method"),
            exchange.field("Mcp-Name"));
    HttpOutlet outlet = exchange.outlet(asked, parameters(exchange.request()));
    if (wrong != null) {
      boolean unused =
          outlet.send(
              new Failure(
                  asked.id(),
                  MirroredFields.MISMATCH,
                  "the field " + wrong + " is not what the message has"),
              400);
      return;
    }
    Object version = McpMeta.version(asked.params());
    Revision revision = Revision.of(version);
    if (revision == null || !revision.isStateless()) {
      exchange.unsupported(message, version);
      return;
    }
    try {
      received(sessions.stateless(), asked, outlet, exchange.request());
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
        CallerAddress.during(
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
