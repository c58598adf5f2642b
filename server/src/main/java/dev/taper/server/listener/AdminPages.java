package dev.taper.server.listener;

import dev.taper.server.process.Metrics;
import dev.taper.server.process.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Health and metrics, for whoever runs the process: {@code /health/live}, {@code /health/ready} and
 * {@code /metrics}. They say no name, key or argument. Thread-safe.
 */
public final class AdminPages extends Handler.Abstract.NonBlocking {
  private final Metrics metrics;
  private final Running running;
  private final BooleanSupplier isReady;
  private final Supplier<List<String>> warnings;

  /** Pages about a process that warns of nothing. */
  public AdminPages(Metrics metrics, Running running, BooleanSupplier isReady) {
    this(metrics, running, isReady, List::of);
  }

  /**
   * Pages about a process.
   *
   * @param running while it stops, it is not ready
   * @param warnings what is well now and will not stay so, in words of this program; a line each
   */
  public AdminPages(
      Metrics metrics, Running running, BooleanSupplier isReady, Supplier<List<String>> warnings) {
    this.metrics = metrics;
    this.running = running;
    this.isReady = isReady;
    this.warnings = warnings;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    boolean isReading = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (isReading ? Request.getPathInContext(request) : "") {
      case "/health/live" -> text(response, callback, 200, "live\n");
      case "/health/ready" -> {
        boolean draining = running.isDraining();
        boolean ready = !draining && isReady.getAsBoolean();
        StringBuilder lines =
            new StringBuilder(draining ? "draining\n" : ready ? "ready\n" : "not ready\n");
        warnings.get().forEach(each -> lines.append("warning: ").append(each).append('\n'));
        text(response, callback, ready ? 200 : 503, lines.toString());
      }
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

  private static void text(Response response, Callback callback, int status, String text) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
  }
}
