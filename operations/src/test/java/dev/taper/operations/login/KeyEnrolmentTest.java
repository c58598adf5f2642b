package dev.taper.operations.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enrolling at an issuer that answers as it likes. */
class KeyEnrolmentTest {
  private static final String BEGUN =
      "{\"device_code\":\"s\",\"user_code\":\"BCDF-GHJK\",\"interval\":5}";

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
  private final List<Map<String, String>> asked = new ArrayList<>();
  private final List<KeyEnrolment.Told> told = new ArrayList<>();
  private HttpServer server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          asked.add(FakeServers.form(new String(body, StandardCharsets.UTF_8)));
          String json = Objects.requireNonNullElse(answers.poll(), "{\"error\":\"none\"}");
          byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(json.contains("error") ? 400 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, s -> s.stop(0)));
  }

  private void enrol() {
    KeyEnrolment.at(url, Clock.systemUTC(), time -> {})
        .byCode("agent:planner", key, told::add, Duration.ofMinutes(1));
  }

  private String done(String name, PrivateKey of) {
    return "{\"name\":\"" + name + "\",\"key\":\"" + of.publicKey() + "\"}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/"})
  void byCode_confirmed_isDone(String end) {
    answers.addAll(
        List.of(
            BEGUN,
            "{\"error\":\"authorization_pending\"}",
            "{\"error\":\"slow_down\"}",
            done("agent:planner", key)));
    KeyEnrolment.at(url + end, Clock.systemUTC(), time -> {})
        .byCode("agent:planner", key, told::add, Duration.ofMinutes(1));
    assertThat(told).hasSize(1);
    assertThat(told.get(0).code()).isEqualTo("BCDF-GHJK");
    assertThat(told.get(0).page()).hasToString(url + "/confirm");
    String details = Objects.requireNonNull(asked.get(0).get("authorization_details"));
    assertThat(details).isEqualTo("[{\"type\":\"taper_enrolment\",\"name\":\"agent:planner\"}]");
    ExchangeProof.decode(Objects.requireNonNull(asked.get(0).get("actor_token")))
        .check(
            new ExchangeProof.Subject(url, "enrolment by code", details),
            AcceptedProofs.of(
                AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), Clock.systemUTC()))
        .claim(MemoryShare.of("test", new byte[] {1}));
  }

  @Test
  void byCode_refused_saysWhy() {
    answers.addAll(List.of(BEGUN, "{\"error\":\"access_denied\"}"));
    assertThatThrownBy(this::enrol).extracting("code").isEqualTo("access_denied");
    answers.add("{\"error\":\"invalid_grant\",\"code\":\"name_taken\"}");
    assertThatThrownBy(this::enrol).extracting("code").isEqualTo("name_taken");
  }

  @Test
  void byCode_somethingElse_isRefused() {
    answers.addAll(List.of(BEGUN, done("agent:other", key)));
    assertThatThrownBy(this::enrol).extracting("code").isEqualTo("malformed_answer");
    answers.addAll(List.of(BEGUN, done("agent:planner", PrivateKey.generate(Algorithm.ED25519))));
    assertThatThrownBy(this::enrol).extracting("code").isEqualTo("malformed_answer");
    answers.add(BEGUN.replace("BCDF", "\\u001b[31m"));
    assertThatThrownBy(this::enrol).extracting("code").isEqualTo("malformed_answer");
  }

  @Test
  void byCode_nobodyConfirms_ends() {
    answers.add(BEGUN);
    KeyEnrolment issuer = KeyEnrolment.at(url, Clock.systemUTC(), time -> {});
    assertThatThrownBy(() -> issuer.byCode("agent:planner", key, told::add, Duration.ofSeconds(1)))
        .extracting("code")
        .isEqualTo("login_timeout");
  }

  @Test
  void byWorkload_token_isProvenAndSent() {
    answers.add(done("agent:ci", key));
    KeyEnrolment.at(url, Clock.systemUTC()).byWorkload("agent:ci", key, "a.b.c");
    assertThat(asked.get(0)).containsEntry("subject_token", "a.b.c");
  }
}
