package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.testing.FreePort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every guarded service does when something stands between it and its clients. */
abstract class OnTheWayContract extends BadContentContract {
  private static final byte[] JSON = bytes("{\"text\":\"a\"}");

  /** A comment, sent by a proxy that changes it. */
  private Answer through(UnaryOperator<String> change) throws Exception {
    try (ChangingProxy proxy = ChangingProxy.changing(service(), change)) {
      return Wire.raw(proxy.port(), comment(), JSON);
    }
  }

  private String comment() {
    SentHttp sent = sent("POST", "/issues/7/comments").content("application/json", JSON);
    return "POST /issues/7/comments HTTP/1.1\r\nHost: 127.0.0.1:"
        + service().port()
        + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
        + JSON.length
        + "\r\n"
        + String.join("\r\n", world.presented(sent))
        + "\r\n\r\n";
  }

  private void changed(String from, String to, int status, String code) throws Exception {
    Answer answer =
        through(
            request -> {
              assertThat(request).contains(from);
              return request.replaceFirst(from, to);
            });
    assertRefused(answer, status, code);
  }

  @Test
  void request_changedByAProxy_isRefused() throws Exception {
    assertThat(through(request -> request).status()).isEqualTo(200);
    service().reached.clear();
    String mismatch = "request_mismatch";
    changed("\"a\"", "\"b\"", 401, mismatch);
    changed("/issues/7/", "/issues/8/", 401, mismatch);
    changed("POST /", "PUT /", 401, mismatch);
    changed("application/json", "application/jsox", 401, mismatch);
    changed("Content-Type: application/json\r\n", "", 401, mismatch);
    changed("\r\nConnection", "\r\nContent-Encoding: identity\r\nConnection", 401, mismatch);
    changed("\r\nConnection", "\r\nX-HTTP-Method: PUT\r\nConnection", 400, "invalid_request");
    changed("Content-Length: 12", "Content-Length: 11", 401, mismatch);
    changed("Content-Length: 12", "Content-Length: 13", 400, "invalid_request");
    changed("Taper-Proof: ", "Taper-Lost: ", 401, "proof_required");
    changed("Authorization: Taper ", "Authorization: Bearer ", 401, "token_required");
  }

  @Test
  void request_sentTwiceByAProxy_isServedOnce() throws Exception {
    try (ChangingProxy proxy = ChangingProxy.repeating(service())) {
      Answer both = Wire.raw(proxy.port(), comment(), JSON);

      assertThat(both.status()).isEqualTo(200);
      assertThat(both.body()).contains("HTTP/1.1 401", "\"code\":\"proof_replayed\"");
      assertThat(service().reached).hasSize(1);
    }
  }

  /** Ten times two connections at once with one token: each proof is good once. */
  @Test
  void token_onTwoConnections_isGoodForEachProofOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 10; i++) {
        service().reached.clear();
        assertThat(statuses(atOnce(threads, search(), search()))).containsOnly("200");
        assertThat(service().reached).hasSize(2);

        service().reached.clear();
        List<String> same = search();
        List<Answer> answers = atOnce(threads, same, same);
        assertThat(statuses(answers)).containsExactlyInAnyOrder("200", "401 proof_replayed");
        assertThat(service().reached).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> statuses(List<Answer> answers) {
    List<String> statuses = new ArrayList<>();
    for (Answer answer : answers) {
      boolean replayed = answer.body().contains("\"code\":\"proof_replayed\"");
      statuses.add(answer.status() + (replayed ? " proof_replayed" : ""));
    }
    return statuses;
  }

  private List<Answer> atOnce(ExecutorService threads, List<String> one, List<String> other)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Future<Answer>> running = new ArrayList<>();
    for (List<String> fields : List.of(one, other)) {
      Callable<Answer> call =
          () -> {
            start.await(60, TimeUnit.SECONDS);
            return get(SEARCH, fields);
          };
      running.add(threads.submit(call));
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<Answer> each : running) {
      answers.add(each.get());
    }
    return answers;
  }

  /** A service that clients dial by another origin. */
  TestService dialledAs(String origin) throws Exception {
    return starter().start(unused -> HttpGuard.of(world.verifier(origin).build()));
  }

  /** A cache that keeps all it may must not answer anybody with what another called for. */
  @Test
  void answers_throughACache_areNeverKept(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    String origin = "http://127.0.0.1:" + port;
    try (TestService guarded = dialledAs(origin);
        Nginx cache = Nginx.start(folder, port, guarded.port())) {
      assertThat(cache).isNotNull();
      for (int i = 1; i <= 2; i++) {
        Answer mine = cached(port, SEARCH, world.presented(SentHttp.of("GET", origin, SEARCH)));
        assertThat(mine.status()).as(mine.head() + mine.body()).isEqualTo(200);
        assertThat(mine.has("X-Cache", "MISS")).as(mine.head()).isTrue();
        assertThat(guarded.reached).hasSize(i);
        Answer nobodys = cached(port, SEARCH, List.of());
        assertThat(nobodys.status()).isEqualTo(401);
        assertThat(nobodys.body()).contains("token_required");
        assertThat(nobodys.has("X-Cache", "MISS")).isTrue();
        Answer described = cached(port, "/.well-known/taper", List.of());
        assertThat(described.status()).isEqualTo(200);
        assertThat(described.has("X-Cache", "MISS")).isTrue();
      }
      assertThat(guarded.reached).hasSize(2);
    }
  }

  /** That cache keeps the answers of a service that nobody guards: else it would show nothing. */
  @Test
  void answers_ofAServiceWithoutGuard_areKeptByThatCache(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    HttpServer bare =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bare.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Cache-Control", "public, max-age=60");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    bare.start();
    try (Nginx cache = Nginx.start(folder, port, bare.getAddress().getPort())) {
      assertThat(cache).isNotNull();
      assertThat(cached(port, SEARCH, search()).has("X-Cache", "MISS")).isTrue();
      assertThat(cached(port, SEARCH, List.of()).has("X-Cache", "HIT")).isTrue();
    } finally {
      bare.stop(0);
    }
  }

  private static Answer cached(int port, String target, List<String> fields) throws Exception {
    String head = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n";
    String more = fields.isEmpty() ? "" : String.join("\r\n", fields) + "\r\n";
    return Wire.raw(port, head + more + "Connection: close\r\n\r\n", NOTHING);
  }
}
