package dev.taper.server.console.view;

import dev.taper.FailureLog;
import dev.taper.JsonFields;
import dev.taper.RepeatedTask;
import dev.taper.TaperException;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.server.process.FileReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people that something is asked: a link, and nothing of what is asked. The address is this
 * process's own setting, from a file that only its owner can read, because it can be a secret; no
 * ask, no relay and no answer chooses it. It goes out over TLS, follows no redirect, reads nothing
 * of the answer but its status, and tries a few times. Thread-safe.
 */
public final class Webhook implements AutoCloseable {
  private static final int MAX_BYTES = 4096;
  private static final int ATTEMPTS = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(30);

  private final URI url;
  private final Duration pause;
  private final Clock clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TIMEOUT)
          .build();
  private final FailureLog failures;
  private volatile @Nullable RepeatedTask looking;

  // Used by one thread; the numbers are read by others.
  private Set<String> told = Set.of();
  private int attempts;
  private @Nullable Instant notBefore;
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile @Nullable Instant last;

  private Webhook(URI url, Duration pause, Clock clock) {
    this.url = url;
    this.pause = pause;
    this.clock = clock;
    this.failures = FailureLog.of(Webhook.class, "telling that something is asked", clock);
  }

  /**
   * Makes a webhook by a file's first line.
   *
   * @param file has the address, and only its owner can read it
   * @param clock what time it is
   * @throws OperationException {@code usage} if it is no address of https, {@code io} if the file
   *     cannot be read
   * @throws TaperException {@code secret_exposed} if others can read it
   */
  public static Webhook in(Path file, Clock clock) {
    String text = new String(FileReason.secret(file, MAX_BYTES), StandardCharsets.UTF_8);
    return new Webhook(address(text.lines().findFirst().orElse("").strip()), LEAST_PAUSE, clock);
  }

  /** One that waits as long as a test wants. */
  static Webhook at(URI url, Duration pause, Clock clock) {
    return new Webhook(url, pause, clock);
  }

  /** Reads an address; http is for this machine alone. */
  static URI address(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong();
    }
    String scheme = String.valueOf(uri.getScheme());
    boolean isPlain = scheme.equals("http") && uri.getHost() != null && isLoopback(uri.getHost());
    if ((!scheme.equals("https") && !isPlain)
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawFragment() != null) {
      throw wrong();
    }
    return uri;
  }

  private static boolean isLoopback(String host) {
    try {
      boolean isLiteral = host.matches("127(\\.[0-9]{1,3}){3}|\\[::1]");
      return isLiteral && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static OperationException wrong() {
    return OperationException.usage(
        "the first line of the webhook's file is no address of https, without a name and password");
  }

  /**
   * Looks again and again whether something new is asked.
   *
   * @param source whose asks
   * @param link where people look at what is asked
   */
  public void watch(AskSource source, String link) {
    String content = content(link);
    Supplier<Set<String>> open =
        () -> {
          try {
            return source.open();
          } catch (RefusedException e) {
            throw OperationException.io("the queue cannot be read: " + e.getMessage(), e);
          }
        };
    looking = RepeatedTask.start("webhook", LOOK, failures, () -> look(open, content));
  }

  /**
   * Looks again and again whether something new was noticed.
   *
   * @param found gives the names of what was noticed lately
   * @param link where people look at it
   */
  public void watch(Supplier<Set<String>> found, String link) {
    String content = noticed(link);
    looking = RepeatedTask.start("webhook", LOOK, failures, () -> look(found, content));
  }

  /** What is told: a link, in a member of its own and in one that chat programs show. */
  static String content(String link) {
    return content("Something is asked of you", link);
  }

  /** What is told when something was noticed. */
  static String noticed(String link) {
    return content("Something was noticed", link);
  }

  private static String content(String what, String link) {
    return new JsonFields().put("text", what + ": " + link).put("link", link).toJson();
  }

  /**
   * Tells once for all that is new, not too often, and not too often in vain.
   *
   * @param open gives the names of what is asked
   * @param content what is told
   */
  void look(Supplier<Set<String>> open, String content) {
    Instant now = clock.instant();
    if (notBefore != null && now.isBefore(notBefore)) {
      return;
    }
    Set<String> names = open.get();
    if (told.containsAll(names)) {
      return;
    }
    boolean isTaken = send(content);
    attempts = isTaken ? 0 : attempts + 1;
    (isTaken ? sent : failed).incrementAndGet();
    if (isTaken || attempts == ATTEMPTS) {
      told = Set.copyOf(names);
      attempts = 0;
    }
    last = now;
    notBefore = now.plus(pause.multipliedBy(1L << attempts));
  }

  private boolean send(String content) {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(content))
            .build();
    var sending = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      int status = sending.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).statusCode();
      if (status >= 200 && status < 300) {
        return true;
      }
      failures.failed(new IOException("the webhook answers with status " + status));
    } catch (ExecutionException | TimeoutException e) {
      // Not the cause itself, whose words can quote the address.
      failures.failed(new IOException("the webhook does not answer"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sending.cancel(true);
    }
    return false;
  }

  JsonFields fields() {
    return new JsonFields()
        .put("sent", sent.get())
        .put("failed", failed.get())
        .putIfPresent("last_at", View.millis(last));
  }

  @Override
  public void close() {
    RepeatedTask task = looking;
    if (task != null) {
      task.close();
    }
  }

  /** Nothing of the address. */
  @Override
  public String toString() {
    return "Webhook";
  }
}
