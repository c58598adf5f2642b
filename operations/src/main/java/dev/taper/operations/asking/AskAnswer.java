package dev.taper.operations.asking;

import dev.taper.operations.OperationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A service's answer, of a bounded length, in a bounded time, and from nowhere else than it was
 * asked.
 *
 * @param status of HTTP
 * @param text the content
 */
record AskAnswer(int status, String text) {
  private static final int MAX_BYTES = 2 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * Sends a request.
   *
   * @throws OperationException {@code io} if there is no such answer
   */
  static AskAnswer to(HttpRequest request) {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    CompletableFuture<HttpResponse<byte[]>> sending =
        client.sendAsync(request, head -> new Bounded());
    String host = request.uri().getRawAuthority();
    try {
      HttpResponse<byte[]> answer = sending.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      return new AskAnswer(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why = cause.getMessage() == null ? "it cannot be reached" : cause.getMessage();
      throw OperationException.io("cannot ask " + host + ": " + why, e);
    } catch (TimeoutException e) {
      throw OperationException.io(
          "cannot ask " + host + ": it takes longer than " + TIMEOUT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OperationException.io("interrupted while asking " + host, e);
    } finally {
      sending.cancel(true);
    }
  }

  /** Collects a content up to the limit. */
  private static final class Bounded implements BodySubscriber<byte[]> {
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
      subscription = made;
      made.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] bytes = new byte[buffer.remaining()];
        if (collected.size() + bytes.length > MAX_BYTES) {
          if (subscription != null) {
            subscription.cancel();
          }
          body.completeExceptionally(
              new IOException("it answers with more than " + MAX_BYTES + " bytes"));
          return;
        }
        buffer.get(bytes);
        collected.write(bytes, 0, bytes.length);
      }
    }

    @Override
    public void onError(Throwable problem) {
      body.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
      body.complete(collected.toByteArray());
    }
  }
}
