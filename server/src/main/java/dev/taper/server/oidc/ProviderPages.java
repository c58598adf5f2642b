package dev.taper.server.oidc;

import dev.taper.operations.OperationException;
import dev.taper.operations.WebAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a provider publishes: bounded in bytes and time, without redirects. Where its keys
 * are is looked up once, and again after a failure. Thread-safe.
 */
final class ProviderPages {
  static final int MAX_BYTES = 256 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Provider provider;
  private volatile @Nullable Endpoints endpoints;
  private volatile @Nullable Instant certificateEnds;

  ProviderPages(Provider provider) {
    this.provider = provider;
  }

  /** When the certificate ends that the provider last showed; null if it showed none. */
  @Nullable Instant certificateEnds() {
    return certificateEnds;
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
    WebAnswer answer;
    try {
      answer = WebAnswer.to(request, MAX_BYTES, TIMEOUT);
    } catch (OperationException e) {
      throw new IOException("the provider does not answer", e);
    }
    certificateEnds = answer.certificateEnds();
    if (answer.status() != 200) {
      throw new IOException("the provider answers with status " + answer.status());
    }
    return answer.text();
  }
}
