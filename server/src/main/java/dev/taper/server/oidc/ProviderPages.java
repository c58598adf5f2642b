package dev.taper.server.oidc;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SortedMap;
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
      known = read(provider, text(provider.discovery()));
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

  /**
   * Reads what a provider says of itself.
   *
   * @throws IOException if it is no such document, or another provider's
   */
  static Endpoints read(Provider provider, String document) throws IOException {
    try {
      SortedMap<String, String> members = CanonicalJson.membersOfDocument(document);
      if (!provider.issuer().equals(member(members, "issuer"))) {
        throw new IOException("the provider calls itself otherwise than it is configured");
      }
      URI keys = address(members, "jwks_uri");
      if (keys == null) {
        throw new IOException("the provider publishes no keys");
      }
      return new Endpoints(
          keys,
          address(members, "authorization_endpoint"),
          address(members, "token_endpoint"),
          address(members, "end_session_endpoint"));
    } catch (TaperException e) {
      throw new IOException("what the provider says of itself makes no sense", e);
    }
  }

  private static @Nullable String member(SortedMap<String, String> members, String name) {
    String value = members.get(name);
    return value == null ? null : CanonicalJson.string(value, name);
  }

  private static @Nullable URI address(SortedMap<String, String> members, String name) {
    String value = member(members, name);
    return value == null ? null : Provider.address(value);
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
