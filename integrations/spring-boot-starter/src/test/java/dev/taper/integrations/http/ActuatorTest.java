package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.PackageVersion;
import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.findings.AbuseWatch;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.web.exchanges.HttpExchange;
import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and metrics of a service that has a database, with the lowest supported libraries. */
class ActuatorTest {
  private static final byte[] NOTHING = {};
  private static final String SEARCH = "/projects/ACME/issues?limit=5";

  private final World world = new World();

  @TempDir Path folder;

  private Answer get(TestService service, String target, List<String> fields) throws Exception {
    return Wire.send(service, "GET " + target + " HTTP/1.1", fields, NOTHING);
  }

  @Test
  void decisions_ofAService_areShownWithoutSecrets() throws Exception {
    BootService service =
        BootService.start(
            world,
            Map.of(
                "taper.http.open", "/actuator/health",
                "taper.replay-memory", "sqlite:" + folder.resolve("proofs.db"),
                "taper.deadline", "20s",
                "management.endpoint.health.show-details", "always",
                "management.endpoints.access.default", "unrestricted"));
    try {
      SentHttp search = SentHttp.of("GET", service.origin(), SEARCH);
      List<String> once = world.presented(search);
      assertThat(get(service, SEARCH, once).status()).isEqualTo(200);
      assertThat(get(service, SEARCH, once).status()).isEqualTo(401);
      assertThat(get(service, SEARCH, List.of()).status()).isEqualTo(401);
      SentHttp delete = SentHttp.of("DELETE", service.origin(), "/issues/7");
      Answer denied =
          Wire.send(service, "DELETE /issues/7 HTTP/1.1", world.presented(delete), NOTHING);
      assertThat(denied.status()).isEqualTo(403);

      Map<String, Double> counted = new TreeMap<>();
      for (Meter meter : service.context().getBean(MeterRegistry.class).getMeters()) {
        if (meter.getId().getName().equals("taper.decisions")) {
          assertThat(meter.getId().getTags())
              .extracting(Tag::getKey)
              .containsExactly("code", "observed");
          counted.put(meter.getId().getTag("code"), meter.measure().iterator().next().getValue());
        }
      }
      assertThat(counted)
          .isEqualTo(Map.of("allowed", 1.0, "proof_replayed", 1.0, "out_of_scope", 1.0));
      MeterRegistry registry = service.context().getBean(MeterRegistry.class);
      assertThat(registry.get("taper.verifier.ready").tag("service", World.AUDIENCE).gauge())
          .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(1));
      assertThat(registry.get("taper.store.time").tag("store", "the replay memory").functionTimer())
          .isNotNull();

      Answer health = get(service, "/actuator/health", List.of());
      assertThat(health.status()).isEqualTo(200);
      assertThat(health.body())
          .contains("\"taper\"", "\"observesOnly\":false", "\"revocation\":\"none\"")
          .contains("\"the catalog of tools\":\"in use\"")
          .doesNotContain(
              folder.toString(), "catalog.json", ".json", world.root.publicKey().toString());
      for (String other : List.of("/actuator", "/actuator/metrics", "/actuator/health/taper")) {
        assertThat(get(service, other, List.of()).status()).as(other).isEqualTo(401);
      }
    } finally {
      service.stop();
    }
  }

  @Test
  void decisions_withOpenTelemetry_areSpansInTheTraceOfTheirRequest() throws Exception {
    BootService service = BootService.start(world, Map.of(), Traces.class);
    try {
      String trace = "0af7651916cd43dd8448eb211c80319c";
      List<String> fields =
          new ArrayList<>(world.presented(SentHttp.of("GET", service.origin(), SEARCH)));
      fields.add("traceparent: 00-" + trace + "-b7ad6b7169203331-01");
      assertThat(get(service, SEARCH, fields).status()).isEqualTo(200);
      fields.add("traceparent: 00-" + trace + "-b7ad6b7169203332-01");
      assertThat(get(service, SEARCH, fields).status()).isEqualTo(401);

      List<SpanData> spans =
          service.context().getBean(InMemorySpanExporter.class).getFinishedSpanItems();
      assertThat(spans).extracting(SpanData::getName).containsOnly("taper decide");
      assertThat(spans).extracting(SpanData::getTraceId).hasSize(2).startsWith(trace);
      assertThat(spans.get(1).getTraceId()).isNotEqualTo(trace);
      assertThat(spans.get(0).getAttributes().asMap())
          .containsEntry(AttributeKey.stringKey("taper.code"), "allowed")
          .containsEntry(AttributeKey.stringKey("taper.tool"), "jira.search");
    } finally {
      service.stop();
    }
  }

  /** Keeps spans. */
  @Configuration(proxyBeanMethods = false)
  static class Traces {
    @Bean
    InMemorySpanExporter exporter() {
      return InMemorySpanExporter.create();
    }

    @Bean(destroyMethod = "close")
    OpenTelemetrySdk openTelemetry(InMemorySpanExporter exporter) {
      return OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .build();
    }
  }

  @Test
  void findings_ofReplays_nameTheNetworkThatTheyCameFrom() throws Exception {
    Path rules =
        Files.writeString(
            folder.resolve("own.datalog"),
            """
            limit("replays", "place", 2);
            finding("heard", $who) <-
              counted($who, "replays", $number), limit("replays", $who, $limit), $number >= $limit;
            """);
    BootService service =
        BootService.start(world, Map.of("taper.findings.rules", rules.toString()));
    try {
      List<String> once = world.presented(SentHttp.of("GET", service.origin(), SEARCH));
      assertThat(get(service, SEARCH, once).status()).isEqualTo(200);
      for (int i = 0; i < 2; i++) {
        assertThat(get(service, SEARCH, once).status()).isEqualTo(401);
      }
      AbuseWatch watch =
          Objects.requireNonNull(service.context().getBean(ConfiguredVerifier.class).findings());
      watch.drain();
      assertThat(watch.health().recent()).hasSize(1);
      assertThat(watch.health().recent().get(0).subject()).contains("127.0.0.0/24");
    } finally {
      service.stop();
    }
  }

  @Test
  void health_ofASpoiltCatalog_saysItsCodeAlone() throws Exception {
    BootService service =
        BootService.start(
            world,
            Map.of(
                "taper.http.open", "/actuator/health",
                "taper.reload-every", "1s",
                "management.endpoint.health.show-details", "always"));
    try {
      Path catalog =
          Path.of(String.valueOf(service.context().getEnvironment().getProperty("taper.catalog")));
      Files.writeString(catalog, "{\"password\": \"hunter2\"");
      String body = "";
      for (int i = 0; i < 600 && !body.contains("invalid"); i++) {
        Thread.sleep(100);
        body = get(service, "/actuator/health", List.of()).body();
      }
      assertThat(body).contains("\"status\":\"UP\"", "invalid").doesNotContain("hunter2");
      SentHttp search = SentHttp.of("GET", service.origin(), SEARCH);
      assertThat(get(service, SEARCH, world.presented(search)).status()).isEqualTo(200);
    } finally {
      service.stop();
    }
  }

  /** The list of exchanges has all fields of requests but those that Spring knows for secrets. */
  @Test
  void exchanges_ofAService_haveNoCredentials() throws Exception {
    BootService service = BootService.start(world, Map.of(), Exchanges.class);
    try {
      for (String field : List.of("Authorization: Taper ", "Taper-Token: ")) {
        List<String> fields = new ArrayList<>();
        for (String presented : world.presented(SentHttp.of("GET", service.origin(), SEARCH))) {
          fields.add(presented.replace("Authorization: Taper ", field));
        }
        fields.add("X-Kept: 7");
        assertThat(get(service, SEARCH, fields).status()).as(field).isEqualTo(200);
      }
      List<HttpExchange> kept = service.context().getBean(HttpExchangeRepository.class).findAll();
      assertThat(kept).hasSize(2);
      for (HttpExchange exchange : kept) {
        assertThat(exchange.getRequest().getHeaders().toString().toLowerCase(Locale.ROOT))
            .contains("x-kept=[7]")
            .doesNotContain("taper", "authorization");
      }
    } finally {
      service.stop();
    }
  }

  /** Keeps exchanges. */
  @Configuration(proxyBeanMethods = false)
  static class Exchanges {
    @Bean
    HttpExchangeRepository exchanges() {
      return new InMemoryHttpExchangeRepository();
    }
  }

  /** The versions that the README names. */
  @Test
  void libraries_ofTheseTests_areTheLowestSupported() {
    assertThat(PackageVersion.VERSION.toString()).isEqualTo("2.19.2");
    assertThat(jar("com.github.benmanes.caffeine.cache.Caffeine")).contains("caffeine-3.2.2.jar");
  }

  private static String jar(String type) {
    try {
      return String.valueOf(
          Class.forName(type).getProtectionDomain().getCodeSource().getLocation());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
