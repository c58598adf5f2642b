package dev.taper.integrations.spring;

import dev.taper.operations.OperationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in a sentence why Taper ended the start, where Spring Boot would print the trace of all
 * beans that needed it.
 */
final class RefusedStart extends AbstractFailureAnalyzer<OperationException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, OperationException cause) {
    return new FailureAnalysis(
        "Taper: " + cause.getMessage() + " (" + cause.code() + ")",
        "Correct the setting, which has \"taper.\" before its name in Spring's own configuration,"
            + " or the file that it names.",
        cause);
  }
}
