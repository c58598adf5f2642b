package dev.taper.benchmarks;

import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.agent.decision.Verifier;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.integrations.telemetry.VerifierMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the listener with metrics and traces costs a decision: all that it does in the caller's
 * thread with the event of one allowed call by a held chain of 3 blocks. Meters are those of
 * Prometheus, as at {@code /metrics}. Each span is recorded and handed to the SDK's own queue, of
 * the usual size, from which another thread takes it and sends it nowhere; so many decisions a
 * second fill that, and then a span is made and dropped, as in a service that has as many.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar TelemetryBenchmark -p told=both -prof gc
 * }</pre>
 */
public class TelemetryBenchmark extends TimedBenchmark {
  private static final int EVENTS = 64;

  /** What is told of decisions. */
  @Param({"meters", "spans", "both"})
  public String told = "";

  private final List<DecisionEvent> events = new ArrayList<>();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OpenTelemetrySdk tracing =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(BatchSpanProcessor.builder(new Nowhere()).build())
                  .build())
          .build();
  private DecisionListener[] listeners;
  private int next;

  /** Where spans are sent. */
  private static final class Nowhere implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  /** Decides about the calls. */
  @Setup
  public void decide() {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    HeldChain chain = HeldChain.of(root, 3, 1);
    Verifier verifier =
        HeldChain.verifier(root).listener(events::add, AuditFailure.ALLOW_AND_COUNT).build();
    for (int i = 0; i < EVENTS; i++) {
      var unused = HeldChain.decide(verifier, chain.request(i));
    }
    listeners =
        switch (told) {
          case "meters" -> new DecisionListener[] {VerifierMeters.of(registry)};
          case "spans" -> new DecisionListener[] {DecisionSpans.of(tracing)};
          default ->
              new DecisionListener[] {VerifierMeters.of(registry), DecisionSpans.of(tracing)};
        };
  }

  /** Tells of one decision. */
  @Benchmark
  public void tell() {
    DecisionEvent event = events.get(next);
    next = (next + 1) % EVENTS;
    for (DecisionListener listener : listeners) {
      listener.decided(event);
    }
  }

  /** Ends the thread that sends. */
  @TearDown
  public void end() {
    tracing.close();
  }
}
