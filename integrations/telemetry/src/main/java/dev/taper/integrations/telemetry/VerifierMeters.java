package dev.taper.integrations.telemetry;

import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.VerifierHealth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Shows a verifier's decisions and how it is as meters of Micrometer. The tags are codes and what
 * the operator named: nothing that a caller or a token says is one, so nobody makes meters, and
 * nobody reads another's. A meter that fails is logged, and costs no call. Thread-safe.
 */
public final class VerifierMeters implements DecisionListener {
  private static final FailureLog FAILURES =
      FailureLog.of(VerifierMeters.class, "counting a decision", Clock.systemUTC());
  private static final Duration[] TIMES = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500)
  };
  private static final double[] HOPS = {1, 2, 3, 4, 6, 8, 12, 16};

  private final MeterRegistry registry;
  private final Map<String, Counter> followed = new ConcurrentHashMap<>();
  private final Map<String, Counter> observed = new ConcurrentHashMap<>();
  private final DistributionSummary hops;
  private final Timer allowed;
  private final Timer denied;

  private VerifierMeters(MeterRegistry registry) {
    this.registry = registry;
    this.hops =
        DistributionSummary.builder("taper.decision.hops")
            .description("Blocks of the tokens that decisions were about")
            .serviceLevelObjectives(HOPS)
            .register(registry);
    this.allowed = timer("allowed");
    this.denied = timer("denied");
  }

  private Timer timer(String outcome) {
    return Timer.builder("taper.decision.time")
        .description("Time from what came with a token to the decision")
        .tag("outcome", outcome)
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }

  /** Makes meters in a registry. The result is a verifier's listener. */
  public static VerifierMeters of(MeterRegistry registry) {
    return new VerifierMeters(Given.that(registry, "the registry of meters"));
  }

  /**
   * Shows how a verifier is, whenever somebody looks: at most once a second it is asked. What a
   * verifier has, such as its stores, is what it has now.
   *
   * @param service its audience, or another name that the operator gives it
   * @param health such as {@code verifier::health}
   * @return this
   */
  public VerifierMeters watch(String service, Supplier<VerifierHealth> health) {
    new HealthMeters(registry, Given.that(service, "the service's name"), health).register();
    return this;
  }

  /** Shows the keys with tables, which all verifiers of the process share: how many, not which. */
  public VerifierMeters watchKnownKeys() {
    HealthMeters.knownKeys(registry);
    return this;
  }

  @Override
  public void decided(DecisionEvent event) {
    try {
      DenialCode denial = DecisionCode.denial(event);
      counter(DecisionCode.text(denial), event.isObserved()).increment();
      hops.record(event.chain().hops().size());
      Duration took = event.took();
      if (took != null) {
        (denial == null ? allowed : denied).record(took);
      }
    } catch (RuntimeException e) {
      FAILURES.failed(e);
    }
  }

  /** The counter of a code, made when it is needed. */
  private Counter counter(String code, boolean isObserved) {
    Map<String, Counter> counters = isObserved ? observed : followed;
    Counter counter = counters.get(code); // without the lock that the next one takes
    return counter != null
        ? counter
        : counters.computeIfAbsent(
            code,
            unused ->
                Counter.builder("taper.decisions")
                    .description("Decisions about calls, by code")
                    .tag("code", code)
                    .tag("observed", String.valueOf(isObserved))
                    .register(registry));
  }
}
