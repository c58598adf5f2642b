package dev.taper.testing;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link NeedsSharedData}. */
final class SharedDataCondition implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), NeedsSharedData.class)
        .map(needed -> evaluate(SharedData.root(), needed.value()))
        .orElseGet(() -> enabled("no shared data is needed"));
  }

  private static ConditionEvaluationResult evaluate(Path root, String folder) {
    String what = SharedData.NEED + " (" + folder + ")";
    return evaluate(Files.isDirectory(root), Needed.isDemanded(what), what);
  }

  static ConditionEvaluationResult evaluate(boolean isThere, boolean isDemanded, String what) {
    return isThere || isDemanded
        ? enabled("the published test data must be there")
        : disabled(what + " is missing");
  }
}
