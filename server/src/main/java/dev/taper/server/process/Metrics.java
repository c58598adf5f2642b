package dev.taper.server.process;

import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.integrations.telemetry.VerifierMeters;
import dev.taper.operations.findings.AbuseWatch;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a process counts, as OpenMetrics. The labels are codes from fixed lists: no name, resource
 * or argument of a call, so that no caller makes them grow or reads another's. Thread-safe.
 */
public final class Metrics implements DecisionListener {
  /** The media type of what {@link #writeTo} writes. */
  public static final String CONTENT_TYPE = OpenMetricsTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, registry, Clock.SYSTEM);
  private volatile @Nullable VerifierMeters verifiers; // made once, under the lock of this
  private final OpenMetricsTextFormatWriter writer = new OpenMetricsTextFormatWriter(true, false);
  private final Counter refusals =
      Counter.builder()
          .name("taper_refusals_total")
          .help("Messages that were refused, by code")
          .labelNames("code")
          .register(registry);
  private final Counter tokens =
      Counter.builder()
          .name("taper_tokens_total")
          .help("Tokens that were issued, by exchange or renewal")
          .labelNames("how")
          .register(registry);
  private final Histogram seconds =
      Histogram.builder()
          .name("taper_handling_seconds")
          .help("Time from a message's arrival to its answer, by role")
          .labelNames("role")
          .classicUpperBounds(0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)
          .classicOnly()
          .register(registry);

  /** Those of verifiers, if the process has one. */
  private VerifierMeters verifiers() {
    VerifierMeters known = verifiers;
    return known == null ? made() : known;
  }

  private synchronized VerifierMeters made() {
    VerifierMeters known = verifiers;
    if (known == null) {
      known = VerifierMeters.of(meters).watchKnownKeys();
      verifiers = known;
    }
    return known;
  }

  @Override
  public void decided(DecisionEvent event) {
    verifiers().decided(event);
  }

  /**
   * Shows how a verifier is, whenever somebody looks.
   *
   * @param service its audience, or another name for it that no caller chooses
   */
  public void watch(String service, Supplier<VerifierHealth> health) {
    verifiers().watch(service, health);
  }

  /**
   * Counts a message that was refused.
   *
   * @param code a code of this program, never a text of a caller
   */
  public void refused(String code) {
    refusals.labelValues(code).inc();
  }

  /**
   * Counts a token that was issued.
   *
   * @param how a word of this program
   */
  public void issued(String how) {
    tokens.labelValues(how).inc();
  }

  /** Counts the time that an answer took. */
  public void handled(String role, Duration time) {
    seconds.labelValues(role).observe(time.toNanos() / 1e9);
  }

  /** Shows whether a role is ready, whenever somebody looks. */
  public void ready(String role, BooleanSupplier isReady) {
    GaugeWithCallback.builder()
        .name("taper_ready_" + role)
        .help("1 if the role " + role + " is ready")
        .callback(gauge -> gauge.call(isReady.getAsBoolean() ? 1 : 0))
        .register(registry);
  }

  /**
   * Shows how long something of the process is good, whenever somebody looks.
   *
   * @param kind what it is
   * @param endings what is known of it then
   * @param now what time it is
   */
  public void endings(
      VerifierHealth.Ending.Kind kind,
      Supplier<List<VerifierHealth.Ending>> endings,
      java.time.Clock now) {
    Gauge.builder(
            "taper.time.left",
            () -> VerifierHealth.Ending.secondsLeft(endings.get(), kind, now.instant()))
        .description("Time until the first of its kind ends; negative if it has")
        .baseUnit("seconds")
        .tags("service", "process", "what", kind.text())
        .strongReference(true)
        .register(meters);
  }

  /**
   * Shows how old the revocation list is that is served, whenever somebody looks.
   *
   * @param left the time until it is stale, negative if it is; null if there is none
   * @param isOverdue whether it should have been signed anew
   */
  public void list(Supplier<@Nullable Duration> left, BooleanSupplier isOverdue) {
    GaugeWithCallback.builder()
        .name("taper_list_left_seconds")
        .help("Time until the revocation list is stale; negative if it is")
        .callback(
            gauge -> {
              Duration time = left.get();
              if (time != null) {
                gauge.call(time.toMillis() / 1e3);
              }
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("taper_list_overdue")
        .help("1 if the revocation list should have been signed anew by now")
        .callback(gauge -> gauge.call(isOverdue.getAsBoolean() ? 1 : 0))
        .register(registry);
  }

  /**
   * Shows how often the stream of a server's own messages was opened again, whenever somebody
   * looks.
   */
  public void reopenedStreams(LongSupplier count) {
    counter(
        "taper_upstream_streams_reopened_total",
        "Streams of a server's own messages that were opened again after they had ended",
        count::getAsLong,
        Long::doubleValue);
  }

  /** Shows what was noticed in decisions, whenever somebody looks; of several watches, all. */
  public void findings(Supplier<List<AbuseWatch.Health>> watches) {
    counter("taper_findings_told_total", "Findings", watches, sum(AbuseWatch.Health::found));
    counter(
        "taper_findings_omitted_total",
        "Findings that were not told, because there were too many",
        watches,
        sum(AbuseWatch.Health::omitted));
    counter(
        "taper_findings_lost_total",
        "Decisions that were not counted, because too many waited",
        watches,
        sum(AbuseWatch.Health::lost));
    counter(
        "taper_findings_failures_total",
        "Failures of counting, of the rules, and of telling",
        watches,
        sum(AbuseWatch.Health::failures));
  }

  private static ToDoubleFunction<List<AbuseWatch.Health>> sum(
      ToLongFunction<AbuseWatch.Health> one) {
    return all -> all.stream().mapToLong(one).sum();
  }

  private <T> void counter(String name, String help, Supplier<T> all, ToDoubleFunction<T> one) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(counter -> counter.call(one.applyAsDouble(all.get())))
        .register(registry);
  }

  /** Writes all as OpenMetrics text, in UTF-8. */
  public void writeTo(OutputStream out) throws IOException {
    writer.write(out, registry.scrape());
  }
}
