package dev.taper.integrations.spring;

import dev.taper.agent.decision.VerifierHealth;
import dev.taper.operations.config.ConfiguredVerifier;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Says whether the verifier can allow calls, and what it stands on: names, states and numbers, no
 * path, address, key or message of a failure.
 */
final class VerifierHealthIndicator extends AbstractHealthIndicator {
  private final ConfiguredVerifier verifier;

  VerifierHealthIndicator(ConfiguredVerifier verifier) {
    super("the verifier does not say how it is");
    this.verifier = verifier;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    VerifierHealth health = verifier.health();
    builder.status(health.ready() ? "UP" : "DOWN");
    builder.withDetail("observesOnly", health.observesOnly());
    builder.withDetail(
        "revocation", health.revocation() == null ? "none" : health.revocation().status().text());
    builder.withDetail("unrecordedDecisions", health.unrecordedDecisions());
    Map<String, Object> stores = new LinkedHashMap<>();
    health.stores().forEach(store -> stores.put(store.name(), store.reachable() ? "up" : "down"));
    builder.withDetail("stores", stores);
    VerifierHealth.Alone alone = health.alone();
    if (alone != null) {
      String warning = alone.warning();
      builder.withDetail(
          "proofsAlone", warning == null ? alone.calls() + " calls before" : warning);
    }
    Map<String, Object> files = new LinkedHashMap<>();
    for (VerifierHealth.WatchedFile file : health.files()) {
      files.put(file.name(), file.error() == null ? "in use" : file.error().text());
    }
    builder.withDetail("files", files);
    builder.withDetail(
        "usedProofs", health.replays().size() + " of " + health.replays().capacity());
  }
}
