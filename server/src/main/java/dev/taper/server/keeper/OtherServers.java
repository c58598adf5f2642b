package dev.taper.server.keeper;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Services and issuers, of which the keeper asks a few at a time. Thread-safe. */
final class OtherServers {
  /** How long one may take to connect, and to answer. */
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final int MAX_OPEN = 16;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TIMEOUT)
          .build();
  private final Semaphore open = new Semaphore(MAX_OPEN);

  /** Does something at another server. */
  @FunctionalInterface
  interface Exchange<T> {
    T exchange() throws IOException, InterruptedException;
  }

  /** What sends requests; it follows no redirect. */
  HttpClient client() {
    return client;
  }

  /**
   * Does something at another server, unless too much is done there already.
   *
   * @throws KeeperRefusal {@code busy}; {@code no_answer}
   */
  <T> T bounded(Exchange<T> exchange) {
    if (!open.tryAcquire()) {
      throw KeeperRefusal.of(503, "busy", "the keeper is asking too many services at once");
    }
    try {
      return exchange.exchange();
    } catch (IOException e) {
      throw KeeperRefusal.unavailable(
          502, "no_answer", "the service does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KeeperRefusal.of(503, "busy", "the keeper is stopping");
    } finally {
      open.release();
    }
  }
}
