package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Probes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Somebody takes away what a service stands on: what is answered, recorded, reported, and after.
 */
class NotReadyTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final int CALLS = 6; // more than it takes until a store is not asked any more

  private final ServeWorld world = new ServeWorld();
  @TempDir Path folder;

  private interface Harm {
    void to(Path log) throws IOException;
  }

  private Served start() throws IOException {
    Path key = folder.resolve("audit.key");
    if (!Files.exists(key)) {
      PrivateKey.generate(Algorithm.ED25519).save(key);
    }
    Path config = world.config(folder, ORIGIN, "audit: {log: audit.jsonl, key: audit.key}");
    return Served.start("--config", config, "--admin", "127.0.0.1:0");
  }

  private String decide(Served served) throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    String question =
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \""
            + sent.target()
            + "\", \"fields\": {"
            + world.fields(sent)
            + "}}}";
    return served.post("/v1/decide", question).body();
  }

  private static HttpResponse<String> admin(Served served, String path) throws Exception {
    return served.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.adminPort() + path))
            .build());
  }

  private long records(Path log) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.contains("\"allow\"")).count();
  }

  private void assertSaid(String why, Harm harm) throws Exception {
    Path log = folder.resolve("audit.jsonl");
    try (Served served = start()) {
      assertThat(decide(served)).contains("\"allowed\":true");
      assertThat(admin(served, "/health/ready").body()).isEqualTo("ready\n");
      harm.to(log);

      for (int i = 0; i < CALLS; i++) {
        assertThat(decide(served)).contains("\"allowed\":false", "audit_unavailable");
      }

      HttpResponse<String> ready = admin(served, "/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .startsWith(
              "not ready\nreason: audit_unavailable: the audit log failed again and again, ")
          .contains(why);
      Checkup doctor = new Checkup();
      doctor.look("service", Probes.service("http://127.0.0.1:" + served.adminPort()));
      assertThat(doctor.observations().get(0).code()).isEqualTo("audit_unavailable");
      assertThat(ready.body()).contains(doctor.observations().get(0).text());
      assertThat(admin(served, "/metrics").body())
          .contains(
              "taper_ready_decide 0.0\n",
              "taper_refusals_total{code=\"audit_unavailable\"} " + CALLS + ".0\n");
    }
  }

  @Test
  void auditLogMoved_refusesSaysWhyAndBeginsAnother() throws Exception {
    Path aside = folder.resolve("aside.jsonl");
    assertSaid("it was moved or deleted", log -> Files.move(log, aside));
    assertThat(records(aside)).isEqualTo(1);

    try (Served served = start()) {
      assertThat(decide(served)).contains("\"allowed\":true");
    }
    assertThat(records(folder.resolve("audit.jsonl"))).isEqualTo(1);
  }

  @Test
  void auditLogDeleted_refusesAndSaysWhy() throws Exception {
    assertSaid("it was moved or deleted", Files::delete);
  }

  @Test
  void auditLogCut_refusesSaysWhyAndHasNoZerosAfterwards() throws Exception {
    assertSaid(
        "it was cut: it has 0 bytes",
        log -> {
          try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
          }
        });

    try (Served served = start()) {
      assertThat(decide(served)).contains("\"allowed\":true");
    }
    assertThat(records(folder.resolve("audit.jsonl"))).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("audit.jsonl"))).doesNotContain("\0");
  }

  /** What replicas would not share is said before anything goes wrong. */
  @Test
  void start_memoryOfOneProcess_saysSoInTheLog() throws Exception {
    Logger all = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    all.addAppender(log);
    try (Served served = start()) {
      assertThat(served.adminPort()).isPositive();
    } finally {
      all.detachAppender(log);
    }
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(
            line ->
                line.startsWith(
                    "where several processes serve svc:jira, a proof is taken once by each"
                        + " (replay-memory)"));
  }

  @Test
  void start_heapThatCannotHoldIt_isRefused() throws Exception {
    Path config = world.config(folder, ORIGIN, "replay-bytes: " + Runtime.getRuntime().maxMemory());

    assertThatThrownBy(() -> Served.start("--config", config))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("set less, or a larger heap (TAPER_HEAP=")
        .extracting(e -> ((OperationException) e).code())
        .isEqualTo("heap_too_small");
  }

  @Test
  void auditLogPutBack_isUsedAgain() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    Path aside = folder.resolve("aside.jsonl");
    try (Served served = start()) {
      assertThat(decide(served)).contains("\"allowed\":true");
      Files.move(log, aside);
      assertThat(decide(served)).contains("audit_unavailable");
      assertThat(admin(served, "/health/ready").body())
          .startsWith("ready\nwarning: ")
          .contains("it was moved or deleted");
      Files.move(aside, log);

      assertThat(decide(served)).contains("\"allowed\":true");
      assertThat(admin(served, "/health/ready").body()).isEqualTo("ready\n");
    }
    assertThat(records(log)).isEqualTo(2);
  }
}
