package dev.taper.revocation;

import static dev.taper.revocation.Lists.task;
import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taper.ErrorCode;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.testing.Await;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources, with real files and a real server. */
@Timeout(60)
class SourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final Lists lists = new Lists();
  private final List<String> conditions = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private ExecutorService threads;
  private volatile Answer answer = exchange -> exchange.sendResponseHeaders(404, -1);

  private interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    threads = Executors.newCachedThreadPool();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/list",
        exchange -> {
          for (String name : List.of("If-None-Match", "If-Modified-Since")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            conditions.add(name + ": " + value);
          }
          try (exchange) {
            answer.give(exchange);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    TearDown.close(
        TearDown.of(server, s -> s.stop(0)), TearDown.of(threads, ExecutorService::shutdownNow));
  }

  /** A server that accepts connections and says nothing, when a service starts. */
  @Test
  @Timeout(30)
  void start_serverThatNeverAnswers_isUnavailableAndGoesOn() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      RevocationList list = lists.list().build();
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/list");
      HttpSource source = HttpSource.of(uri, 1 << 20, Duration.ofDays(1));

      try (RevocationFeed feed =
          RevocationFeed.start(source, list, Duration.ofDays(1), Duration.ofMillis(1))) {
        assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.UNAVAILABLE);
        assertThat(feed.failure()).isNull();
      }
    }
  }

  @Test
  void file_unchanged_isNothingNew() throws IOException {
    Path file = folder.resolve("list");
    Files.write(file, lists.snapshot(1));
    FileSource source = FileSource.of(file);

    RevocationSource.Content first = fetch(source, null);

    assertThat(read(first)).isEqualTo(Files.readAllBytes(file));
    assertThat(source.fetch(first.version(), 1)).isNull();
  }

  @Test
  void file_replacedByOneOfTheSameSizeAndTime_isNew() throws IOException {
    Path file = folder.resolve("list");
    Files.write(file, lists.snapshot(1));
    FileSource source = FileSource.of(file);
    RevocationSource.Content first = fetch(source, null);
    first.lists().close();
    Path next = folder.resolve("list.new");
    Files.write(next, lists.snapshot(2));
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

    assertThat(read(fetch(source, first.version()))).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void file_missing_cannotBeRead() {
    FileSource source = FileSource.of(folder.resolve("nothing"));

    assertThatThrownBy(() -> source.fetch(null, 0)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void http_entityTag_isSentBackAndSparesTheList() throws IOException {
    byte[] list = lists.snapshot(1);
    answer =
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "\"one\"");
          boolean known = "\"one\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
          send(exchange, known ? 304 : 200, known ? null : list);
        };
    HttpSource source = HttpSource.of(uri());

    RevocationSource.Content first = fetch(source, null);

    assertThat(read(first)).isEqualTo(list);
    assertThat(source.fetch(first.version(), 1)).isNull();
    assertThat(conditions)
        .containsExactly(
            "If-None-Match: null",
            "If-Modified-Since: null",
            "If-None-Match: \"one\"",
            "If-Modified-Since: null");
  }

  @Test
  void http_dateWithoutEntityTag_isSentBack() throws IOException {
    String date = "Tue, 24 Nov 2026 12:00:00 GMT";
    answer =
        exchange -> {
          exchange.getResponseHeaders().set("Last-Modified", date);
          boolean known = date.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"));
          send(exchange, known ? 304 : 200, known ? null : lists.snapshot(1));
        };
    HttpSource source = HttpSource.of(uri());
    RevocationSource.Content first = fetch(source, null);
    first.lists().close();

    assertThat(source.fetch(first.version(), 1)).isNull();
  }

  @Test
  void http_neitherTagNorDate_isFetchedAgain() throws IOException {
    answer = exchange -> send(exchange, 200, lists.snapshot(1));
    HttpSource source = HttpSource.of(uri());
    RevocationSource.Content first = fetch(source, null);
    first.lists().close();

    assertThat(first.version()).isNull();
    assertThat(read(fetch(source, null))).isNotEmpty();
  }

  @Test
  void http_anyOtherStatus_cannotBeRead() {
    HttpSource source = HttpSource.of(uri());
    for (int status : new int[] {204, 302, 304, 404, 500}) {
      answer =
          exchange -> {
            exchange.getResponseHeaders().set("Location", uri().toString());
            send(exchange, status, null);
          };

      assertThatThrownBy(() -> source.fetch(null, 0))
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("answered " + status);
    }
  }

  @Test
  void http_moreThanTheLimit_isCutOff() {
    byte[] list = lists.snapshot(1, task("T-1"));
    answer = exchange -> send(exchange, 200, list);

    assertThat(fetchedWithin(list.length)).isTrue();
    assertThat(fetchedWithin(list.length - 1)).isFalse();
  }

  @Test
  void http_serverThatStopsInTheMiddle_isCutOff() throws IOException {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(lists.snapshot(1), 0, 50);
          exchange.getResponseBody().flush();
          Await.down(over);
        };
    RevocationList list = lists.list().build();
    try (InputStream body = begun(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> list.apply(body)).hasMessageContaining("longer than");
    }
  }

  /** The beginning of an answer, for which a busy machine is given more time. */
  private InputStream begun(Duration timeout) throws IOException {
    try {
      return fetch(HttpSource.of(uri(), HttpSource.DEFAULT_MAX_BYTES, timeout), null).lists();
    } catch (HttpTimeoutException e) {
      assertThat(timeout).isLessThan(PATIENCE);
      return begun(timeout.multipliedBy(4));
    }
  }

  @Test
  void http_serverThatSaysNothing_isCutOff() {
    answer = exchange -> Await.down(over);
    HttpSource source = HttpSource.of(uri(), HttpSource.DEFAULT_MAX_BYTES, Duration.ofMillis(300));

    assertThatThrownBy(() -> source.fetch(null, 0)).isInstanceOf(IOException.class);
  }

  /** No way to read a body leads around the limit, and none makes other bytes of it. */
  @Test
  void http_bodyReadOrSkippedByteByByte_isTheSameAndHasTheSameLimit() throws IOException {
    byte[] sent = {0, 1, -1, -128, 127, 5};
    answer = exchange -> send(exchange, 200, sent);
    HttpSource enough = HttpSource.of(uri(), sent.length, PATIENCE);
    try (InputStream in = fetch(enough, null).lists()) {
      for (byte each : sent) {
        assertThat(in.read()).isEqualTo(each & 0xff);
      }
      assertThat(in.read()).isEqualTo(-1);
    }
    try (InputStream in = fetch(enough, null).lists()) {
      assertThat(in.skip(-1)).isZero();
      assertThat(in.skip(0)).isZero();
      in.skipNBytes(4);
      assertThat(in.read()).isEqualTo(127);
      assertThat(in.skip(1 << 20)).isEqualTo(1);
      assertThat(in.skip(1)).isZero();
      assertThat(in.read()).isEqualTo(-1);
    }
    try (InputStream in = fetch(HttpSource.of(uri(), 5, PATIENCE), null).lists()) {
      assertThatThrownBy(() -> in.skipNBytes(6)).hasMessageEndingWith("sent more than 5 bytes");
    }
    InputStream closed = fetch(enough, null).lists();
    closed.close();
    assertThatThrownBy(closed::read).isInstanceOf(IOException.class);
  }

  /** A server that sends without end, wanted or not, is not left with an open connection. */
  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void http_bodyThatNobodyReadsToItsEnd_endsTheConnection(int status) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    answer =
        exchange -> {
          exchange.sendResponseHeaders(status, 0);
          try {
            while (true) {
              exchange.getResponseBody().write(new byte[1 << 16]);
            }
          } catch (IOException e) {
            ended.countDown();
          }
        };
    HttpSource source = HttpSource.of(uri());

    if (status == 200) {
      fetch(source, null).lists().close();
    } else {
      assertThatThrownBy(() -> source.fetch(null, 0)).hasMessageEndingWith("answered 500");
    }

    ended.await();
  }

  @Test
  void http_interrupted_saysSoAndStaysInterrupted() {
    HttpSource source = HttpSource.of(uri());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> source.fetch(null, 0))
        .isInstanceOf(IOException.class)
        .hasMessage("interrupted while waiting for " + uri());
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void http_query_isSentAndNeverShown() {
    List<String> asked = new ArrayList<>();
    answer =
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          send(exchange, 500, null);
        };
    HttpSource source = HttpSource.of(URI.create(uri() + "?key=secret#part"));

    assertThat(source).hasToString(uri() + "?…");
    assertThatThrownBy(() -> source.fetch(null, 0)).hasMessage(uri() + "?… answered 500");
    assertThat(asked).singleElement().asString().endsWith("?key=secret");
    assertThat(HttpSource.of(URI.create("https://lists.example/a#secret")))
        .hasToString("https://lists.example/a#…");
  }

  @Test
  void of_notAnHttpUrlOrNoLimit_isRefused() {
    for (String bad : List.of("file:///list", "list", "http:///list", "https://me@host/list")) {
      refused(() -> HttpSource.of(URI.create(bad)), ErrorCode.INVALID_ARGUMENT);
    }
    refused(() -> HttpSource.of(uri(), 0, PATIENCE), ErrorCode.INVALID_ARGUMENT);
    refused(() -> HttpSource.of(uri(), 1, Duration.ofNanos(999_999)), ErrorCode.INVALID_ARGUMENT);
    assertThat(HttpSource.of(uri(), 1, Duration.ofMillis(1))).hasToString(uri().toString());
  }

  @Test
  void feed_overHttp_keepsTheListUpToDate() {
    byte[] list = lists.snapshot(3, task("T-1"));
    answer = exchange -> send(exchange, 200, list);
    RevocationList target = lists.list().build();

    try (RevocationFeed feed =
        RevocationFeed.start(HttpSource.of(uri()), target, PATIENCE, PATIENCE)) {
      assertThat(feed.failure()).isNull();
      assertThat(lists.revoked(target, "T-1")).isTrue();
    }
  }

  private boolean fetchedWithin(long maxBytes) {
    HttpSource source = HttpSource.of(uri(), maxBytes, PATIENCE);
    RevocationList list = lists.list().build();
    try (RevocationFeed feed = RevocationFeed.start(source, list, PATIENCE, PATIENCE)) {
      return feed.failure() == null && lists.revoked(list, "T-1");
    }
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/list");
  }

  private static void send(HttpExchange exchange, int status, byte @Nullable [] body)
      throws IOException {
    exchange.sendResponseHeaders(status, body == null ? -1 : body.length);
    if (body != null) {
      exchange.getResponseBody().write(body);
    }
  }

  private static RevocationSource.Content fetch(RevocationSource source, @Nullable String version)
      throws IOException {
    return Objects.requireNonNull(source.fetch(version, 0));
  }

  private static byte[] read(RevocationSource.Content content) throws IOException {
    try (InputStream in = content.lists()) {
      return in.readAllBytes();
    }
  }
}
