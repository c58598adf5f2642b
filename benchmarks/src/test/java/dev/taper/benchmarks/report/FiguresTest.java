package dev.taper.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.benchmarks.AuditBenchmark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
  /** Every figure that the project promised, and its goal. */
  private static final Map<String, String> PROMISED = new LinkedHashMap<>();

  static {
    PROMISED.put("warm_proof_3", "<=1.1");
    PROMISED.put("known_key", "<=0.6");
    PROMISED.put("warm_call_3", "<=0.7");
    PROMISED.put("cold_known_3", "<=2.5");
    PROMISED.put("cold_new_3", "<=4.4");
    PROMISED.put("cold_new_8", "<=9.9");
    PROMISED.put("calls_gain", ">=1.6");
    PROMISED.put("warm_bearer_3", "<=3");
    PROMISED.put("warm_bearer_3_bytes", "<=2048");
    PROMISED.put("authorize_3", "<=1.5");
    PROMISED.put("authorize_3_bytes", "<=1024");
    PROMISED.put("hop_warm_slope", "<=0.4");
    PROMISED.put("cold_vs_biscuit_java_3", ">=2.7");
    PROMISED.put("cold_native_vs_biscuit_java_3", ">=5");
    PROMISED.put("warm_vs_biscuit_java_3", ">=200");
    PROMISED.put("authorize_vs_biscuit_java_3", ">=15");
    PROMISED.put("cold_vs_rust_3", ">=1.4");
    PROMISED.put("authorize_vs_rust_3", ">=33");
    PROMISED.put("cold_vs_wasm_3", ">=3");
    PROMISED.put("cold_vs_wasm_7", ">=3");
    PROMISED.put("closure_1000", ">=10");
    PROMISED.put("closure_growth", "<=1");
    PROMISED.put("scaling_2", ">=1.8");
    PROMISED.put("add_hop", "<=1.3");
    PROMISED.put("budget_charge", "<=1");
    PROMISED.put("budget_slope", "<=1");
    PROMISED.put("budget_leased", "<=3");
    PROMISED.put("cold_signatures_3", "<=5.2");
    PROMISED.put("revocation_lookup", "<=200");
    PROMISED.put("revocation_load_10m", "<=5");
    PROMISED.put("revocation_bytes", "<=24");
    PROMISED.put("revocation_delta_1000", "<=10");
    PROMISED.put("audit_records_per_second", ">=50000");
  }

  private static Results results(double micros) {
    Results results = new Results();
    Set<Cell> cells = new LinkedHashSet<>(Plan.cellsOf(Figures.of("accp")));
    cells.forEach(cell -> results.add(cell, new Measurement(List.of(micros), List.of(100.0))));
    return results;
  }

  @ParameterizedTest
  @ValueSource(strings = {"accp", "bouncycastle"})
  void of_anyBackend_hasEveryPromisedFigureWithItsGoal(String backend) {
    Map<String, String> goals = new LinkedHashMap<>();
    Figures.of(backend).forEach(figure -> goals.put(figure.name(), figure.goal().toString()));
    assertThat(goals).containsAllEntriesOf(PROMISED);
  }

  @Test
  void judge_everyTimeTheSame_givesTheRatiosOfTheFormulas() {
    Map<String, Double> values = new LinkedHashMap<>();
    Results results = results(8.0);
    for (Figure figure : Figures.of("accp")) {
      values.put(figure.name(), figure.judge(results).value());
    }
    assertThat(values)
        .containsEntry("cold_vs_rust_3", 6.7)
        .containsEntry("new_key", 1.0)
        .containsEntry("warm_proof_3", 1.0)
        .containsEntry("known_key", 1.0)
        .containsEntry("cold_new_3_bouncycastle", 1.0)
        .containsEntry("calls_per_second", 1e6 / 8)
        .containsEntry("warm_bearer_3", 8.0)
        .containsEntry("warm_bearer_3_bytes", 100.0)
        .containsEntry("hop_warm_slope", 0.0)
        .containsEntry("cold_signatures_3", 1.0)
        .containsEntry("scaling_2", 2.0)
        .containsEntry("add_hop", 1.0)
        .containsEntry("audit_records_per_second", AuditBenchmark.WAITING * 1e6 / 8);
  }

  @Test
  void judge_withoutOneResult_fails() {
    Results results = results(1);
    Results lacking = new Results();
    Cell lost = Plan.verification("accp");
    results.measurements().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(lost))
        .forEach(entry -> lacking.add(entry.getKey(), entry.getValue()));
    Figure figure = figure("warm_proof_3");
    assertThat(figure.judge(results).result()).isEqualTo(GoalResult.HOLDS);
    assertThatThrownBy(() -> figure.judge(lacking))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no result for " + lost);
  }

  @Test
  void judge_whatCannotBeMeasuredHere_doesNotHold() {
    Results results = results(1);
    results.addUnavailable(Figures.wasm(3), "no Node.js");
    Figure.Judged judged = figure("cold_vs_wasm_3").judge(results);
    assertThat(judged.result()).isEqualTo(GoalResult.UNMEASURED);
    assertThat(judged.value()).isNull();
    assertThat(Table.line(judged))
        .matches("cold_vs_wasm_3 +- ratio +>=3 +unmeasured \\(no Node.js\\)");
  }

  private static Figure figure(String name) {
    return Figures.of("accp").stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A benchmark that no run measures would rot. */
  @Test
  void otherCells_withThoseOfTheFigures_useEveryBenchmark() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String backend : List.of("accp", "bouncycastle")) {
      Plan.cellsOf(Figures.of(backend)).forEach(cell -> used.add(cell.benchmark()));
    }
    Plan.otherCells().forEach(cell -> used.add(cell.benchmark()));
    used.remove(WasmPeer.BENCHMARK);
    assertThat(used).isEqualTo(new TreeSet<>(benchmarks()));
  }

  private static List<String> benchmarks() throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream in = FiguresTest.class.getResourceAsStream("/META-INF/BenchmarkList");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      // Such as: JMH S 39 dev.taper.benchmarks.JwtBenchmark S 66 …JwtBenchmark_verify_jmhTest S 6
      // verify …
      lines
          .lines()
          .map(line -> line.split(" "))
          .forEach(
              words ->
                  names.add(words[3].substring(words[3].lastIndexOf('.') + 1) + "." + words[9]));
    }
    return names;
  }
}
