package dev.taper.server.listener;

import dev.taper.server.process.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
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
  private final BooleanSupplier isReady;

  /** Pages about a process. */
  public AdminPages(Metrics metrics, BooleanSupplier isReady) {
    this.metrics = metrics;
    this.isReady = isReady;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    boolean isReading = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (isReading ? Request.getPathInContext(request) : "") {
      case "/health/live" -> text(response, callback, 200, "live\n");
      case "/health/ready" -> {
        boolean ready = isReady.getAsBoolean();
        text(response, callback, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
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
