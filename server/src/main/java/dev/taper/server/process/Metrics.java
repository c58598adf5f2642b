package dev.taper.server.process;

import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.DecisionListener;
import dev.taper.agent.VerifierHealth;
import dev.taper.crypto.KnownKeys;
import dev.taper.operations.findings.AbuseWatch;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
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
  private final OpenMetricsTextFormatWriter writer = new OpenMetricsTextFormatWriter(true, false);
  private final Counter decisions =
      Counter.builder()
          .name("taper_decisions_total")
          .help("Decisions about calls, by code")
          .labelNames("code", "observed")
          .register(registry);
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

  @Override
  public void decided(DecisionEvent event) {
    decisions.labelValues(code(event.decision()), String.valueOf(event.isObserved())).inc();
  }

  private static String code(CallDecision decision) {
    if (decision instanceof CallDecision.Denied denied) {
      return denied.code().text();
    }
    CallDecision.Denied observed = ((CallDecision.Allowed) decision).observedDenial();
    return observed == null ? "allowed" : observed.code().text();
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

  /** Shows which files are not used as they are now, whenever somebody looks. */
  public void files(Supplier<List<VerifierHealth.WatchedFile>> files) {
    GaugeWithCallback.builder()
        .name("taper_file_unused")
        .help("1 if a file cannot be used as it is, and what it said before is still in use")
        .labelNames("file")
        .callback(
            gauge -> {
              Map<String, Integer> unused = new TreeMap<>(); // several may be of one kind
              for (VerifierHealth.WatchedFile file : files.get()) {
                unused.merge(file.name(), file.error() == null ? 0 : 1, Math::max);
              }
              unused.forEach((name, value) -> gauge.call(value, name));
            })
        .register(registry);
  }

  /**
   * Shows what the keys with tables take, whenever somebody looks: how many there are, not which.
   */
  public void knownKeys(Supplier<KnownKeys.Statistics> known) {
    gauge("taper_known_keys", "Keys with a table", known, KnownKeys.Statistics::keys);
    gauge(
        "taper_known_keys_pinned",
        "Keys with a table that is not to go: root keys",
        known,
        KnownKeys.Statistics::pinned);
    gauge("taper_known_keys_bytes", "What all tables take", known, KnownKeys.Statistics::bytes);
    gauge(
        "taper_known_keys_max_bytes",
        "What all tables may take",
        known,
        KnownKeys.Statistics::maxBytes);
    counter("taper_known_keys_built_total", "Tables made", known, KnownKeys.Statistics::built);
    counter(
        "taper_known_keys_evicted_total",
        "Tables dropped to make room",
        known,
        KnownKeys.Statistics::evicted);
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

  private <T> void gauge(String name, String help, Supplier<T> all, ToDoubleFunction<T> one) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(gauge -> gauge.call(one.applyAsDouble(all.get())))
        .register(registry);
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
