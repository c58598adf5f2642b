package dev.taper.operations;

import dev.taper.BoundedBody;
import dev.taper.JsonReader;
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

  private static final JsonReader<OperationException> JSON =
      JsonReader.of(20, MAX_BYTES, 1000, OperationException::io);

  private final int status;
  private final byte[] content;
  private final @Nullable Instant certificateEnds;

  private WebAnswer(int status, byte[] content, @Nullable Instant certificateEnds) {
    this.certificateEnds = certificateEnds;
    this.status = status;
    this.content = content;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
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

  /** A text of the content, if that is a JSON object of others; null if there is none. */
  public @Nullable String member(String name) {
    try {
      return JSON.read(content, "the answer").textIfAny(name);
    } catch (OperationException e) {
      return null; // it is no server of ours, or something in between
    }
  }

  /** The code that the content states, as ours do; null if it states none. */
  public @Nullable String code() {
    return OperationException.codeOrNull(member("code"));
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
