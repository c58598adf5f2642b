package dev.taper.revocation;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.PeerCertificate;
import dev.taper.TaperException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fetches signed lists from a URL, with conditional requests: it sends back the entity tag or date
 * that the server gave, so that an unchanged list is not sent again. Thread-safe.
 *
 * <p>Only a server's direct answer counts: redirects are not followed. A server that sends more
 * than the limit, or takes longer, is cut off.
 */
final class HttpSource implements RevocationSource {
  /** The default for the greatest size of an answer, in bytes. */
  public static final long DEFAULT_MAX_BYTES = 512L << 20;

  /** The default for the longest an answer may take, from the connection to the last byte. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final String TAG = "tag ";
  private static final String DATE = "date ";

  private final URI uri;

  /** The URL as logs and messages show it: the part after its path may be a secret. */
  private final String shown;

  private final long maxBytes;
  private final Duration timeout;
  private final HttpClient client;
  private volatile @Nullable Instant certificateEnds;

  private HttpSource(URI uri, long maxBytes, Duration timeout) {
    this.uri = uri;
    this.shown = shown(uri);
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /**
   * Makes a source that reads a URL with the default limits.
   *
   * @throws TaperException as {@link #of(URI, long, Duration)}
   */
  public static HttpSource of(URI uri) {
    return of(uri, DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT);
  }

  /**
   * Makes a source that reads a URL.
   *
   * @param uri an http or https URL; lists are signed, so http cannot forge them, but shows who
   *     asks
   * @param maxBytes the most bytes of an answer
   * @param timeout the longest an answer may take, from the connection to the last byte
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} for another URL, or limits below 1
   */
  public static HttpSource of(URI uri, long maxBytes, Duration timeout) {
    boolean http =
        "http".equals(Given.that(uri, "a revocation list's URL").getScheme())
            || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a revocation list's URL is http(s)://host/…");
    }
    if (maxBytes < 1 || Given.that(timeout, "the longest an answer may take").toMillis() < 1) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "limits below 1 let nothing through");
    }
    return new HttpSource(uri, maxBytes, timeout);
  }

  @Override
  public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
    if (version != null) {
      boolean tag = version.startsWith(TAG);
      request.header(
          tag ? "If-None-Match" : "If-Modified-Since",
          version.substring(tag ? TAG.length() : DATE.length()));
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + shown, e);
    }
    certificateEnds = response.sslSession().map(PeerCertificate::ends).orElse(null);
    InputStream body = new LimitedBody(response.body(), deadline);
    if (response.statusCode() == OK) {
      return new Content(body, version(response));
    }
    body.close();
    if (response.statusCode() == NOT_MODIFIED && version != null) {
      return null;
    }
    throw new IOException(shown + " answered " + response.statusCode());
  }

  @Override
  public @Nullable Instant certificateEnds() {
    return certificateEnds;
  }

  private static @Nullable String version(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("ETag")
        .map(TAG::concat)
        .or(() -> response.headers().firstValue("Last-Modified").map(DATE::concat))
        .orElse(null);
  }

  private static String shown(URI uri) {
    String text = uri.toString();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '?' || text.charAt(i) == '#') {
        return text.substring(0, i + 1) + "…";
      }
    }
    return text;
  }

  /** Returns the URL without the part after its path, which may be a secret. */
  @Override
  public String toString() {
    return shown;
  }

  /** A body that ends with an error at its limit or its deadline, even if no bytes come. */
  private final class LimitedBody extends FilterInputStream {
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final CompletableFuture<Void> watch;
    private long left = maxBytes;

    LimitedBody(InputStream body, long deadline) {
      super(body);
      this.watch =
          done.completeOnTimeout(null, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
              .thenRun(this::cutOff);
    }

    private void cutOff() {
      try {
        in.close(); // wakes the reader
      } catch (IOException e) {
        // The reader has the stream's error, or gets the one below.
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count;
      try {
        count = in.read(bytes, from, length);
      } catch (IOException e) {
        throw done.isDone() ? late(e) : e;
      }
      if (done.isDone()) {
        throw late(null);
      }
      left -= Math.max(0, count);
      if (left < 0) {
        throw new IOException(shown + " sent more than " + maxBytes + " bytes");
      }
      return count;
    }

    private IOException late(@Nullable IOException cause) {
      return new IOException(shown + " took longer than " + timeout, cause);
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] passed = new byte[(int) Math.min(Math.max(0, count), 1 << 13)];
      return passed.length == 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public void close() throws IOException {
      watch.cancel(false);
      done.cancel(false);
      in.close();
    }
  }
}
