package dev.taper.testing;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link NeedsSharedData}. */
final class SharedDataCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), NeedsSharedData.class)
        .map(needed -> evaluate(SharedData.root(), System.getenv("CI"), needed.value()))
        .orElseGet(() -> enabled("no shared data is needed"));
  }

  static ConditionEvaluationResult evaluate(Path root, @Nullable String ci, String folder) {
    if (Files.isDirectory(root) || "true".equals(ci)) {
      return enabled("the shared test data must be there");
    }
    return disabled(
        "no test data: there is no folder "
            + root
            + ", which should hold "
            + folder
            + "; set the system property "
            + SharedData.PROPERTY);
  }
}
