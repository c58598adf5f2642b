package dev.taper.cli.conformance;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import dev.taper.testing.Needed;
import dev.taper.testing.SharedData;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that read the official samples in the published test data. They are skipped only
 * where the whole folder is missing and {@link Needed} does not demand it.
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
      String what = SharedData.NEED + " (biscuit-samples)";
      return Files.isDirectory(Folder.shared()) || Needed.isDemanded(what)
          ? enabled("the samples must be there")
          : disabled(what + " is missing");
    }
  }
}
