package dev.taper.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.operations.OperationException;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment may say of traces. */
class TracesTest {
  private static OperationException refused(Map<String, String> environment) {
    return catchThrowableOfType(OperationException.class, () -> Traces.of(environment));
  }

  @Test
  void environmentThatSaysNothing_orNone_sendsNothing() {
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
            Map.of("OTEL_TRACES_EXPORTER", "none"))) {
      try (Traces traces = Traces.of(environment)) {
        assertThat(traces.isOn()).isFalse();
      }
    }
  }

  @Test
  void environmentThatSaysOtlp_isOnAndSendsNeitherMetricsNorLogs() {
    Map<String, String> environment =
        Map.of(
            "OTEL_TRACES_EXPORTER", "otlp",
            "OTEL_METRICS_EXPORTER", "unknown",
            "OTEL_LOGS_EXPORTER", "unknown");
    try (Traces traces = Traces.of(environment)) {
      assertThat(traces.isOn()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_TRACES_EXPORTER, zipkin",
    "OTEL_TRACES_SAMPLER, sometimes",
    "OTEL_EXPORTER_OTLP_ENDPOINT, ftp://127.0.0.1",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc",
    "OTEL_BSP_MAX_QUEUE_SIZE, many",
    "OTEL_EXPORTER_OTLP_CERTIFICATE, missing.pem"
  })
  void environmentThatCannotBe_isRefused(String name, String value) {
    Map<String, String> environment = new HashMap<>(Map.of("OTEL_TRACES_EXPORTER", "otlp"));
    environment.put(name, value);
    assertThat(refused(environment))
        .hasMessageStartingWith("spans cannot be sent as the variables");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_HEADERS, authorization hunter2",
    "OTEL_EXPORTER_OTLP_ENDPOINT, ftp://taper:hunter2@127.0.0.1",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, https://taper:hunter2@[",
  })
  void refusal_ofWhatMayHoldASecret_tellsNothingOfIt(String name, String value) {
    OperationException refusal = refused(Map.of("OTEL_TRACES_EXPORTER", "otlp", name, value));
    assertThat(refusal).hasMessageStartingWith("spans cannot be sent");
    assertThat(refusal.getMessage()).doesNotContain("hunter2");
  }

  /** Whoever asks chooses the trace's id, and by that what a ratio keeps. */
  @Test
  void sampler_thatWhoeverAsksCannotSteer_isTheOneThatTakesAll() {
    for (String id : List.of("0".repeat(31) + "1", "f".repeat(32))) {
      assertThat(sampled(Sampler.alwaysOn(), id)).isTrue();
    }
    assertThat(sampled(Sampler.traceIdRatioBased(0.5), "0".repeat(31) + "1")).isTrue();
    assertThat(sampled(Sampler.traceIdRatioBased(0.5), "f".repeat(16) + "7" + "f".repeat(15)))
        .isFalse();
  }

  private static boolean sampled(Sampler sampler, String trace) {
    return sampler
            .shouldSample(
                Context.root(),
                trace,
                "taper decide",
                SpanKind.INTERNAL,
                Attributes.empty(),
                List.of())
            .getDecision()
        == SamplingDecision.RECORD_AND_SAMPLE;
  }
}
