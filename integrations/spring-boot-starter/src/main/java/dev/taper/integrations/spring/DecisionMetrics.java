package dev.taper.integrations.spring;

import dev.taper.agent.CallDecision;
import dev.taper.agent.DecisionEvent;
import dev.taper.agent.DecisionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts decisions by their code, as {@code taper.decisions}. The codes are a fixed list, and
 * nothing of a call is a tag. Thread-safe.
 */
record DecisionMetrics(MeterRegistry registry) implements DecisionListener {
  @Override
  public void decided(DecisionEvent event) {
    Counter.builder("taper.decisions")
        .description("Decisions about calls, by code")
        .tag("code", code(event.decision()))
        .tag("observed", String.valueOf(event.isObserved()))
        .register(registry)
        .increment();
  }

  private static String code(CallDecision decision) {
    if (decision instanceof CallDecision.Denied denied) {
      return denied.code().text();
    }
    CallDecision.Denied observed = ((CallDecision.Allowed) decision).observedDenial();
    return observed == null ? "allowed" : observed.code().text();
  }
}
