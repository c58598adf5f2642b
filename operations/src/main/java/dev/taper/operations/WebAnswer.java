package dev.taper.operations;

import dev.taper.BoundedBody;
import dev.taper.PeerCertificate;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer, of a bounded length, in a bounded time, and from nowhere else than it was
 * asked. Immutable and thread-safe.
 */
public final class WebAnswer {
  /** The longest content that is read, in bytes. */
  public static final int MAX_BYTES = 2 << 20;

  /** The longest time that an answer may take. */
  public static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final int status;
  private final String type;
  private final byte[] content;
  private final @Nullable Instant certificateEnds;

  private WebAnswer(int status, String type, byte[] content, @Nullable Instant certificateEnds) {
    this.certificateEnds = certificateEnds;
    this.status = status;
    this.type = type;
    this.content = content;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** The field Content-Type; empty without. */
  public String type() {
    return type;
  }

  /** When the server's certificate ends; null if it showed none. */
  public @Nullable Instant certificateEnds() {
    return certificateEnds;
  }

  /** The content, a new array. */
  public byte[] content() {
    return content.clone();
  }

  /** The content as UTF-8; what is none is replaced, as in {@link String}. */
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  /** The status alone: the content may be confidential. */
  @Override
  public String toString() {
    return "WebAnswer(" + status + ")";
  }

  /** Made when the first request is sent. */
  private static final class Shared {
    static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();

    private Shared() {}
  }

  /**
   * Sends a request, and reads up to {@link #MAX_BYTES} within {@link #TIMEOUT}.
   *
   * @throws OperationException {@code io} if there is no such answer
   */
  public static WebAnswer to(HttpRequest request) {
    return to(request, MAX_BYTES, TIMEOUT);
  }

  /**
   * Sends a request.
   *
   * @param maxBytes the longest content
   * @param timeout the longest time, from now to the last byte
   * @throws OperationException {@code io} if there is no such answer
   */
  public static WebAnswer to(HttpRequest request, int maxBytes, Duration timeout) {
    CompletableFuture<HttpResponse<byte[]>> sending =
        Shared.CLIENT.sendAsync(request, BoundedBody.ofAtMost(maxBytes));
    String host = request.uri().getRawAuthority();
    try {
      HttpResponse<byte[]> answer = sending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new WebAnswer(
          answer.statusCode(),
          answer.headers().firstValue("content-type").orElse(""),
          answer.body(),
          answer.sslSession().map(PeerCertificate::ends).orElse(null));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why = cause.getMessage() == null ? "it cannot be reached" : cause.getMessage();
      throw OperationException.io("cannot ask " + host + ": " + why, e);
    } catch (TimeoutException e) {
      throw OperationException.io(
          "cannot ask " + host + ": it takes longer than " + timeout.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OperationException.io("interrupted while asking " + host, e);
    } finally {
      sending.cancel(true);
    }
  }
}
