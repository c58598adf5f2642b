package dev.taper.integrations.spring;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** An application that has to have a guard: every web application, and whatever is configured. */
final class GuardedApplication extends AnyNestedCondition {
  GuardedApplication() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static final class Web {}

  @Conditional(Settings.class)
  static final class Configured {}

  static final class Settings implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !TaperSettings.read(context.getEnvironment()).isEmpty();
    }
  }
}
