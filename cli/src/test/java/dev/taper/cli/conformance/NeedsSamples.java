package dev.taper.cli.conformance;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import dev.taper.testing.Needed;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that read the official samples in the published test data. They are skipped only
 * where the whole folder is missing and the environment variable {@code CI} is not {@code true}.
 */
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsSamples.Condition.class)
@interface NeedsSamples {
  /** Where the samples are. */
  final class Folder {
    private Folder() {}

    static Path shared() {
      return Path.of(System.getProperty("taper.shared", "../shared"));
    }

    static Path samples() {
      return shared().resolve("data").resolve("biscuit-samples");
    }
  }

  /** Decides. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return Needed.isDemanded()
          ? enabled("the samples must be there")
          : disabled("no test data: there is no folder " + Folder.shared());
    }
  }
}
