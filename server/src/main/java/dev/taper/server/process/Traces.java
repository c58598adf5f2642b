package dev.taper.server.process;

import dev.taper.ShownText;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.TaperConfig;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans of decisions to a collector of OpenTelemetry, if the environment says to. What waits
 * to be sent is bounded, and dropped beyond that: no call waits for a collector. Thread-safe.
 */
public final class Traces implements AutoCloseable {
  /** Names what spans are sent with; without it, or with {@code none}, nothing is sent. */
  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";

  private static final String PREFIX = "OTEL_";
  private static final int LONGEST = 200;
  private static final int SECONDS_TO_SEND_THE_REST = 5;

  /** What holds where the environment says nothing. */
  private static final Map<String, String> DEFAULTS =
      Map.of("otel.exporter.otlp.protocol", "http/protobuf", "otel.service.name", "taper");

  /** Only spans are sent, whatever the environment says of metrics and logs. */
  private static final Map<String, String> FIXED =
      Map.of(
          "otel.metrics.exporter",
          "none",
          "otel.logs.exporter",
          "none",
          "otel.propagators",
          "none");

  private final @Nullable OpenTelemetrySdk sdk;

  private Traces(@Nullable OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * Traces as the variables {@code OTEL_…} say, which are those of OpenTelemetry's own SDK.
   *
   * @param environment the environment of the process
   * @throws OperationException {@code usage} if they cannot be used
   */
  public static Traces of(Map<String, String> environment) {
    if (environment.getOrDefault(EXPORTER, "none").equals("none")) {
      return new Traces(null);
    }
    Map<String, String> given = new HashMap<>(DEFAULTS);
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            given.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    try {
      return new Traces(
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> given)
              .addPropertiesCustomizer(config -> FIXED)
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException | IllegalStateException | IllegalArgumentException e) {
      throw OperationException.usage(
          "spans cannot be sent as the variables OTEL_… say" + reason(e, environment));
    }
  }

  /**
   * The reason, unless it could tell a secret: what is sent with each request may hold one, and so
   * may an address with a user.
   */
  private static String reason(RuntimeException failure, Map<String, String> environment) {
    boolean hasSecrets =
        environment.entrySet().stream()
            .filter(one -> one.getKey().startsWith(PREFIX))
            .anyMatch(one -> one.getKey().endsWith("_HEADERS") || one.getValue().contains("@"));
    String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return hasSecrets ? "" : ": " + ShownText.of(message, LONGEST);
  }

  /** True if spans are sent. */
  public boolean isOn() {
    return sdk != null;
  }

  /** Lets a service tell of its decisions; none is denied because it cannot be traced. */
  public TaperConfig of(TaperConfig service) {
    return sdk == null
        ? service
        : service.with(DecisionSpans.of(sdk), AuditFailure.ALLOW_AND_COUNT);
  }

  /**
   * Asks within the trace that a request names, as {@link DecisionSpans#within} does.
   *
   * @param traceparent the values of that field
   */
  public static <T> T within(List<String> traceparent, Supplier<T> question) {
    AtomicReference<@Nullable T> answer = new AtomicReference<>();
    DecisionSpans.within(traceparent, () -> answer.set(question.get()));
    return Objects.requireNonNull(answer.get());
  }

  /** Sends what waits, for some seconds. */
  @Override
  public void close() {
    if (sdk != null) {
      var unused = sdk.shutdown().join(SECONDS_TO_SEND_THE_REST, TimeUnit.SECONDS);
    }
  }
}
