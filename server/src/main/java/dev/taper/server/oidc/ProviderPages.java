package dev.taper.server.oidc;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a provider publishes: bounded in bytes and time, without redirects. Where its keys
 * are is looked up once, and again after a failure. Thread-safe.
 */
final class ProviderPages {
  static final int MAX_BYTES = 256 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Provider provider;
  private final HttpClient client;
  private volatile @Nullable Endpoints endpoints;

  ProviderPages(Provider provider) {
    this.provider = provider;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** What the provider says of itself. */
  Endpoints endpoints() throws IOException {
    Endpoints known = endpoints;
    if (known == null) {
      known = Endpoints.read(provider, text(provider.discovery()));
      endpoints = known;
    }
    return known;
  }

  /** The text of its key set. */
  String keys() throws IOException {
    URI configured = provider.keys();
    try {
      return text(configured == null ? endpoints().keys() : configured);
    } catch (IOException e) {
      endpoints = null; // they may have moved
      throw e;
    }
  }

  private String text(URI address) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("Accept", "application/json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedContent(MAX_BYTES));
    try {
      HttpResponse<byte[]> got = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (got.statusCode() != 200) {
        throw new IOException("the provider answers with status " + got.statusCode());
      }
      return new String(got.body(), StandardCharsets.UTF_8);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the provider does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }
}
