package dev.taper.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTest {
  private static final RunLimits LIFTED =
      new RunLimits(1_000_000, 10_000, 1L << 40, Duration.ofMinutes(1));

  @ParameterizedTest
  @ValueSource(strings = {"sparse", "critical"})
  void closureSize_anyShape_isWhatTheRulesDerive(String shape) {
    Graph graph = Graph.of(shape, 100);
    StringBuilder text = new StringBuilder();
    for (List<String> statements : List.of(graph.facts(), Graph.CLOSURE_RULES)) {
      statements.forEach(statement -> text.append(statement).append(";\n"));
    }
    long paths =
        PolicySet.of(Datalog.authorizer(text.toString()))
            .authorizer()
            .limits(LIFTED)
            .run()
            .query(Datalog.rule("found($a, $b) <- path($a, $b)"))
            .size();
    assertThat(graph.facts()).hasSize(100).doesNotHaveDuplicates();
    assertThat(graph.closureSize()).isEqualTo((int) paths);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 5000})
  void of_twice_isTheSameGraph(int edges) {
    assertThat(Graph.of("sparse", edges).facts()).isEqualTo(Graph.of("sparse", edges).facts());
  }

  @Test
  void several_differAndBeginWithTheOne() {
    List<Graph> graphs = Graph.several("sparse", 100, 3);

    assertThat(graphs.get(0).facts()).isEqualTo(Graph.of("sparse", 100).facts());
    assertThat(graphs.stream().map(Graph::facts).distinct()).hasSize(3);
  }
}
