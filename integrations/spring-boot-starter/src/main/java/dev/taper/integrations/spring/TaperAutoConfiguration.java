package dev.taper.integrations.spring;

import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.integrations.telemetry.VerifierMeters;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Makes the verifier by what stands below {@code taper} in the configuration. A web application
 * without that does not start. One that only has agents, and no guarded service, excludes this
 * configuration by name.
 */
@AutoConfiguration
public final class TaperAutoConfiguration {
  @Bean
  @Conditional(GuardedApplication.class)
  @ConditionalOnMissingBean
  TaperSettings taperSettings(Environment environment) {
    return TaperSettings.of(environment);
  }

  @Bean(destroyMethod = "close")
  @Conditional(GuardedApplication.class)
  @ConditionalOnMissingBean
  ConfiguredVerifier taperVerifier(
      TaperSettings settings,
      ObjectProvider<TaperConfig.Library> library,
      ObjectProvider<DecisionListener> listeners) {
    TaperConfig config = settings.config();
    TaperConfig.Library policies = library.getIfAvailable();
    config = policies == null ? config : config.with(policies);
    for (DecisionListener listener : listeners.orderedStream().toList()) {
      boolean isTelemetry = listener instanceof VerifierMeters || listener instanceof DecisionSpans;
      config =
          config.with(listener, isTelemetry ? AuditFailure.ALLOW_AND_COUNT : AuditFailure.DENY);
    }
    return config.open();
  }

  @Bean
  static ToolMethods taperToolMethods() {
    return new ToolMethods();
  }

  /** A guard that is not there would be taken for one that lets everything through. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  static class Reactive {
    @Bean
    @SuppressWarnings("DoNotCallSuggester") // Spring calls it
    static BeanFactoryPostProcessor taperReactiveRefused() {
      throw new IllegalStateException("Taper guards servlet applications, and no reactive ones");
    }
  }
}
