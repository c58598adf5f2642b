package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads requests of HTTP and answers them with JSON. Thread-safe. */
final class KeeperHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(KeeperHandler.class);

  private final Keeper keeper;
  private final Metrics metrics;

  KeeperHandler(Keeper keeper, Metrics metrics) {
    this.keeper = keeper;
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long start = System.nanoTime();
    int status = 200;
    JsonFields answer;
    try {
      answer = keeper.answer(read(request));
    } catch (KeeperRefusal e) {
      status = e.status();
      metrics.refused(e.code());
      answer = e.fields();
    } catch (RuntimeException e) {
      LOG.error("a request failed", e);
      KeeperRefusal internal =
          KeeperRefusal.of(500, "internal", "the keeper failed; its log says more");
      status = internal.status();
      metrics.refused(internal.code());
      answer = internal.fields();
    }
    metrics.handled("keeper", Duration.ofNanos(System.nanoTime() - start));
    byte[] bytes = answer.toJson().getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
    return true;
  }

  private static KeeperRequest read(Request request) {
    byte[] content;
    try (InputStream in = Content.Source.asInputStream(request)) {
      content = in.readNBytes(RequestReader.MAX_BYTES + 1);
    } catch (IOException e) {
      throw KeeperRefusal.invalid("the request was cut off");
    }
    return RequestReader.read(request.getMethod(), request.getHttpURI().getPathQuery(), content);
  }
}
