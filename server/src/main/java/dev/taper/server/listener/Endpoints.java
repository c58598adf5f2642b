package dev.taper.server.listener;

import dev.taper.FailureLog;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.server.process.Metrics;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Asks one endpoint after the other; what none of them answers is not found, and what fails is
 * unavailable. Thread-safe.
 */
public final class Endpoints extends Handler.Abstract {
  /** The largest content that any endpoint takes, in bytes. */
  public static final int MAX_CONTENT = 256 * 1024;

  private static final int MAX_PIECE_BYTES = 256 * 1024;

  /** Requests of other methods have no content that anybody here looks at. */
  private static final Set<String> READ = Set.of("POST", "PUT", "PATCH");

  private static final byte[] NOTHING = {};
  private static final FailureLog FAILURES =
      FailureLog.of(Endpoints.class, "answering a request", Clock.systemUTC());
  private static final HttpField NO_STORE = new HttpField(HttpHeader.CACHE_CONTROL, "no-store");
  private static final HttpAnswer UNKNOWN =
      HttpAnswer.of(HttpRefusal.of(404, "unknown_path", "there is nothing at this path"));
  private static final HttpAnswer FAILED = HttpAnswer.of(HttpRefusal.of(503, "unavailable", null));

  private static final HttpAnswer TOO_LARGE =
      HttpAnswer.of(
          HttpRefusal.of(
              413, "content_too_large", "a content has at most " + MAX_CONTENT + " bytes"));

  private final List<Endpoint> endpoints;
  private final Metrics metrics;

  /**
   * Answers by endpoints.
   *
   * @param metrics counts the time that each answer takes
   */
  public Endpoints(List<Endpoint> endpoints, Metrics metrics) {
    this.endpoints = List.copyOf(endpoints);
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    boolean isRead = READ.contains(request.getMethod());
    if (!isRead) {
      answer(new JettyRequest(request, NOTHING), response, callback);
    } else {
      ContentReader.read(request, MAX_CONTENT, receiver(request, response, callback));
    }
    return true;
  }

  /** Answers when all of a content is there. */
  private ContentReader.Receiver receiver(Request request, Response response, Callback callback) {
    return new ContentReader.Receiver() {
      @Override
      public void whole(byte[] content) {
        answer(new JettyRequest(request, content), response, callback);
      }

      @Override
      public void broken(ContentReader.Problem problem) {
        switch (problem) {
          case TOO_LONG -> write(TOO_LARGE, response, callback);
          case NO_ROOM -> write(FAILED, response, callback);
          case INCOMPLETE -> answer(new JettyRequest(request, null), response, callback);
        }
      }
    };
  }

  private void answer(JettyRequest incoming, Response response, Callback callback) {
    DecisionSpans.within(
        incoming.field("traceparent"), () -> answerTraced(incoming, response, callback));
  }

  private void answerTraced(JettyRequest incoming, Response response, Callback callback) {
    long start = System.nanoTime();
    String role = "none";
    HttpAnswer answer = null;
    LargeAnswer large = null;
    try {
      for (Endpoint endpoint : endpoints) {
        large = endpoint.largeAnswer(incoming);
        answer = large == null ? endpoint.answer(incoming) : null;
        if (large != null || answer != null) {
          role = endpoint.role();
          break;
        }
      }
    } catch (RuntimeException | Error e) { // nobody else answers once a content was waited for
      FAILURES.failed(e);
      answer = FAILED;
    }
    if (large == null) {
      write(answer == null ? UNKNOWN : answer, response, callback);
    } else {
      write(large.status(), large.fields(), response);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, large.content().remaining());
      Content.copy(
          Content.Source.from(pieces(large.content())),
          response,
          Callback.from(callback, large.sent()));
    }
    metrics.handled(role, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Cuts a content: time is allowed for each piece, and not at once for all of it. */
  private static ByteBuffer[] pieces(ByteBuffer content) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int at = content.position(); at < content.limit(); at += MAX_PIECE_BYTES) {
      pieces.add(content.slice(at, Math.min(MAX_PIECE_BYTES, content.limit() - at)));
    }
    return pieces.toArray(ByteBuffer[]::new);
  }

  private static void write(HttpAnswer answer, Response response, Callback callback) {
    write(answer.status(), answer.fields(), response);
    response.write(true, ByteBuffer.wrap(answer.content()), callback);
  }

  private static void write(int status, Map<String, String> answered, Response response) {
    response.setStatus(status);
    HttpFields.Mutable fields = response.getHeaders();
    if (!answered.containsKey("Cache-Control")) {
      fields.put(NO_STORE);
    }
    for (Map.Entry<String, String> field : answered.entrySet()) {
      fields.put(field.getKey(), field.getValue());
    }
  }
}
