package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.audit.LogVerification;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A service that ends answers the calls that it has, and one with too many turns some away. */
@Timeout(120)
class BootDrainTest {
  private static final String SEARCH = "/projects/ACME/issues?limit=5";
  private static final byte[] NOTHING = {};

  @TempDir Path folder;
  private final World world = new World();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** Where a call waits until the test lets it go on. */
  static final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    void pass() {
      reached.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Calls that are allowed wait before their handler. */
  @Configuration(proxyBeanMethods = false)
  static class SlowHandlers {
    @Bean
    Gate gate() {
      return new Gate();
    }

    @Bean
    FilterRegistrationBean<Filter> waiting(Gate gate) {
      return new FilterRegistrationBean<>(
          (request, response, chain) -> {
            if (TaperFilter.isAllowed(request)) {
              gate.pass();
            }
            chain.doFilter(request, response);
          });
    }
  }

  /** Calls wait while they are looked at. */
  @Configuration(proxyBeanMethods = false)
  static class SlowDecisions {
    @Bean
    Gate gate() {
      return new Gate();
    }

    @Bean
    DecisionListener waiting(Gate gate) {
      return new DecisionListener() {
        @Override
        public void decided(DecisionEvent event) {
          gate.pass();
        }
      };
    }
  }

  private List<String> signed(BootService service) {
    return world.presented(SentHttp.of("GET", service.origin(), SEARCH));
  }

  private static Answer search(BootService service, List<String> fields) throws IOException {
    return Wire.send(service, "GET " + SEARCH + " HTTP/1.1", fields, NOTHING);
  }

  private CompletableFuture<Answer> later(BootService service, List<String> fields) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return search(service, fields);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }

  @Test
  void close_duringACall_takesNoOtherAnswersItAndSignsTheLogToItsEnd() throws Exception {
    PrivateKey logKey = PrivateKey.generate(Algorithm.ED25519);
    Path keyFile = folder.resolve("audit.key");
    Files.createFile(
        keyFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(keyFile, logKey.exposeText());
    Path log = folder.resolve("audit.jsonl");
    BootService service =
        BootService.start(
            world,
            Map.of("taper.audit.log", log.toString(), "taper.audit.key", keyFile.toString()),
            SlowHandlers.class);
    Gate gate = service.context().getBean(Gate.class);
    CompletableFuture<Answer> call = later(service, signed(service));
    gate.reached.await();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(service::stop, threads);
    while (takesConnections(service)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(closing).as("it waits for the call that it has").isNotDone();
    gate.open.countDown();

    assertThat(call.get().status()).isEqualTo(200);
    closing.get();
    assertThat(service.reached).hasSize(1);
    LogVerification verified =
        AuditVerifier.trusting(List.of(logKey.publicKey())).verify(AuditSource.of(log));
    assertThat(verified.intact()).isTrue();
    assertThat(verified.unsigned()).isZero();
    assertThat(Files.readString(log)).contains("jira.search");
  }

  private static boolean takesConnections(BootService service) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void callsAtOnce_oneMoreThanThereMayBe_isTurnedAwayAndItsProofIsAsGoodAsBefore()
      throws Exception {
    BootService service =
        BootService.start(world, Map.of("taper.calls-at-once", "1"), SlowDecisions.class);
    try {
      Gate gate = service.context().getBean(Gate.class);
      CompletableFuture<Answer> first = later(service, signed(service));
      gate.reached.await();

      List<String> second = signed(service);
      Answer away = search(service, second);
      assertThat(away.status()).isEqualTo(503);
      assertThat(away.body()).contains("\"code\":\"overloaded\"");
      assertThat(away.head()).containsIgnoringCase("\r\nRetry-After: ");

      gate.open.countDown();
      assertThat(first.get().status()).isEqualTo(200);
      assertThat(search(service, second).status()).isEqualTo(200);
      assertThat(service.reached).hasSize(2);
    } finally {
      service.stop();
    }
  }
}
