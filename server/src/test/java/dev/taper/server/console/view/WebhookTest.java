package dev.taper.server.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.testing.SettableClock;
import dev.taper.testing.TearDown;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {
  private static final String CONTENT = Webhook.content("https://console.example.com/#/approvals");

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-26T12:00:00Z"));
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger status = new AtomicInteger(204);
  private HttpServer server;
  private Webhook webhook;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          told.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                  + exchange.getRequestHeaders().keySet());
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.createContext("/elsewhere", exchange -> told.add("followed"));
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?key=secret");
    webhook = Webhook.at(url, Duration.ofSeconds(30), clock);
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(webhook, TearDown.of(server, s -> s.stop(0)));
  }

  private void look(String... open) {
    webhook.look(() -> Set.of(open), CONTENT);
  }

  private void later(long seconds) {
    clock.set(clock.instant().plusSeconds(seconds));
  }

  @Test
  void look_somethingNew_tellsALinkAndNothingElse() {
    look();
    assertThat(told).isEmpty();
    look("a", "b");
    assertThat(told).hasSize(1);
    assertThat(told.get(0))
        .startsWith(
            "{\"text\":\"Something is asked of you: https://console.example.com/#/approvals\","
                + "\"link\":\"https://console.example.com/#/approvals\"}")
        .doesNotContain("Cookie", "Authorization", "secret");
    later(31);
    look("a", "b");
    look("b");
    assertThat(told).as("nothing new").hasSize(1);
    look("b", "c");
    assertThat(told).hasSize(2);
  }

  @Test
  void look_somethingNoticed_tellsALinkAndNothingElse() {
    String link = "https://console.example.com/#/health";
    webhook.look(() -> Set.of("a".repeat(64)), Webhook.noticed(link));
    assertThat(told).hasSize(1);
    assertThat(told.get(0))
        .startsWith("{\"text\":\"Something was noticed: " + link + "\",\"link\":\"" + link + "\"}");
  }

  @Test
  void look_manyAtOnce_tellsOnceInAWhile() {
    look("a");
    for (int i = 0; i < 20; i++) {
      look("a", "b" + i);
      later(1);
    }
    assertThat(told).hasSize(1);
    later(30);
    look("a", "c");
    assertThat(told).hasSize(2);
  }

  @Test
  void look_refused_triesFiveTimesEverLaterAndThenGivesUp() {
    status.set(500);
    for (int second = 0; second < 2000; second += 10) {
      look("a");
      later(10);
    }
    assertThat(told).hasSize(5);
    status.set(204);
    look("a", "b");
    assertThat(told).hasSize(6);
  }

  @Test
  void look_redirected_doesNotFollow() {
    status.set(302);
    look("a");
    assertThat(told).hasSize(1).doesNotContain("followed");
  }

  @Test
  void look_queueThatFails_isTriedAgain() {
    assertThatThrownBy(
            () ->
                webhook.look(
                    () -> {
                      throw OperationException.io("no database", null);
                    },
                    CONTENT))
        .hasMessageContaining("no database");
    assertThat(told).isEmpty();
    look("a");
    assertThat(told).hasSize(1);
  }

  @Test
  void address_thatIsNotOursToSay_isRefused() {
    for (String text :
        List.of(
            "",
            "http://hooks.example.com/x",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost:1/",
            "https://user:pa55w@hooks.example.com/",
            "https:///x",
            "file:///etc/passwd",
            "https://hooks.example.com/#x",
            "https://hooks example")) {
      assertThatThrownBy(() -> Webhook.address(text))
          .as(text)
          .isInstanceOf(OperationException.class)
          .hasMessageNotContaining("pa55w");
    }
    assertThat(Webhook.address("https://hooks.example.com/x?y=z").getHost())
        .isEqualTo("hooks.example.com");
  }

  @Test
  void file_thatOthersRead_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("hook"), "https://hooks.example.com/x\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Webhook.in(file, Clock.systemUTC()))
        .isInstanceOf(TaperException.class);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (Webhook made = Webhook.in(file, Clock.systemUTC())) {
      assertThat(made.toString()).isEqualTo("Webhook");
    }
  }
}
