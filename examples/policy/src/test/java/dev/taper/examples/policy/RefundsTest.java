package dev.taper.examples.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.policies.cases.PolicyReport;
import dev.taper.policies.cases.PolicyTests;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefundsTest {
  @Test
  void cases_ofThePolicy_comeOutAsExpectedAndReachEverything() {
    PolicyReport report = PolicyTests.run(List.of(Path.of("src/main/resources")));
    assertThat(report.policies()).hasSize(1);
    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(report.covered()).as(report.toString()).isTrue();
  }

  @Test
  void run_twoRefunds_onlyTheSmallOneIsAllowed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      Main.run(out);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("20: allowed")
        .contains("2000: check_failed");
  }
}
