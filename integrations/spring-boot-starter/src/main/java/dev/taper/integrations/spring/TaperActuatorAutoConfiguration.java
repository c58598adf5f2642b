package dev.taper.integrations.spring;

import dev.taper.operations.config.ConfiguredVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows the verifier's health, and counts its decisions, where an application has the means. */
@AutoConfiguration(
    after = TaperAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure"
            + ".CompositeMeterRegistryAutoConfiguration")
@ConditionalOnBean(ConfiguredVerifier.class)
class TaperActuatorAutoConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthIndicator.class)
  static class ShownHealth {
    @Bean
    HealthIndicator taperHealthIndicator(ConfiguredVerifier verifier) {
      return new VerifierHealthIndicator(verifier);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class Metrics {
    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    DecisionMetrics taperDecisionMetrics(MeterRegistry registry) {
      return new DecisionMetrics(registry);
    }
  }
}
