package dev.taper.server.listener;

import dev.taper.JsonFields;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Health and metrics, for whoever runs the process: {@code /health/live}, {@code /health/ready} and
 * {@code /metrics}. They say no name or argument of a call. What is wrong with the process itself
 * is said in words, as text, or as JSON to a client that accepts {@code application/json}.
 * Thread-safe.
 */
public final class AdminPages extends Handler.Abstract.NonBlocking {

  private final Metrics metrics;
  private final Running running;
  private final Supplier<List<VerifierHealth.Reason>> reasons;
  private final Supplier<List<String>> warnings;

  /**
   * Pages about a process.
   *
   * @param running while it stops, it is not ready
   * @param reasons why it does not do what it should; empty if it does
   * @param warnings what is well now and will not stay so, in words of this program; a line each
   */
  public AdminPages(
      Metrics metrics,
      Running running,
      Supplier<List<VerifierHealth.Reason>> reasons,
      Supplier<List<String>> warnings) {
    this.metrics = metrics;
    this.running = running;
    this.reasons = reasons;
    this.warnings = warnings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    boolean isReading = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (isReading ? Request.getPathInContext(request) : "") {
      case "/health/live" -> text(response, callback, 200, "live\n");
      case "/health/ready" -> ready(request, response, callback);
      case "/metrics" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Metrics.CONTENT_TYPE);
        response.write(true, ByteBuffer.wrap(out.toByteArray()), callback);
      }
      default -> text(response, callback, 404, "not found\n");
    }
    return true;
  }

  private void ready(Request request, Response response, Callback callback) {
    boolean draining = running.isDraining();
    List<VerifierHealth.Reason> why = draining ? List.of() : reasons.get();
    String status = draining ? "draining" : why.isEmpty() ? "ready" : "not ready";
    int code = status.equals("ready") ? 200 : 503;
    List<String> warned = warnings.get();
    response.getHeaders().put(HttpHeader.VARY, "Accept");
    if (request.getHeaders().getQualityCSV(HttpHeader.ACCEPT).contains("application/json")) {
      JsonFields fields =
          new JsonFields()
              .put("status", status.replace(' ', '_'))
              .rows(
                  "reasons",
                  why,
                  each -> new JsonFields().put("code", each.code()).put("text", each.text()))
              .put("warnings", warned);
      write(response, callback, code, "application/json", fields.toJson());
      return;
    }
    StringBuilder lines = new StringBuilder(status).append('\n');
    why.forEach(
        each ->
            lines
                .append("reason: ")
                .append(each.code())
                .append(": ")
                .append(each.text())
                .append('\n'));
    warned.forEach(each -> lines.append("warning: ").append(each).append('\n'));
    text(response, callback, code, lines.toString());
  }

  private static void text(Response response, Callback callback, int status, String text) {
    write(response, callback, status, "text/plain;charset=utf-8", text);
  }

  private static void write(
      Response response, Callback callback, int status, String type, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
  }
}
