package dev.taper.integrations.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.operations.OperationException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

class RefusedStartTest {
  @Test
  void start_refusedByTaper_isSaidInASentence() {
    List<FailureAnalyzer> analyzers =
        SpringFactoriesLoader.forDefaultResourceLocation()
            .load(
                FailureAnalyzer.class,
                SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {}));
    FailureAnalyzer ours =
        analyzers.stream().filter(RefusedStart.class::isInstance).findFirst().orElseThrow();

    FailureAnalysis analysis =
        ours.analyze(
            new IllegalStateException(
                "a bean", OperationException.usage("configuration: root-keys is missing")));

    assertThat(Objects.requireNonNull(analysis).getDescription())
        .isEqualTo("Taper: configuration: root-keys is missing (usage)");
    assertThat(analysis.getAction()).contains("\"taper.\"");
  }
}
