package dev.taper.integrations.spring;

import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.integrations.telemetry.VerifierMeters;
import dev.taper.operations.config.ConfiguredVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Shows the verifier's health, and counts and traces its decisions, where an application has the
 * means.
 */
@AutoConfiguration(
    after = TaperAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure"
          + ".CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
    })
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
    @ConditionalOnMissingBean
    VerifierMeters taperVerifierMeters(MeterRegistry registry) {
      return VerifierMeters.of(registry).watchKnownKeys();
    }

    /** Not with the bean above, which the verifier needs. */
    @Bean
    @ConditionalOnBean(VerifierMeters.class)
    SmartInitializingSingleton taperWatchedVerifier(
        VerifierMeters meters, ConfiguredVerifier verifier) {
      return () -> {
        VerifierMeters unused = meters.watch(verifier.verifier().audience(), verifier::health);
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(OpenTelemetry.class)
  @ConditionalOnBean(OpenTelemetry.class)
  static class Traces {
    @Bean
    @ConditionalOnMissingBean
    DecisionSpans taperDecisionSpans(OpenTelemetry telemetry) {
      return DecisionSpans.of(telemetry);
    }

    @Bean
    TraceOfRequest taperTraceOfRequest() {
      return new TraceOfRequest();
    }
  }
}
