package dev.taper.benchmarks;

import dev.taper.benchmarks.peer.Peer;
import dev.taper.benchmarks.workload.Graph;
import java.util.List;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Recursion: the transitive closure of a {@link Graph} of 100, 1,000 or 5,000 edges, by the usual
 * two rules, with limits that are not reached. For the sparse graph biscuit-java needs seconds with
 * 1,000 edges, so for it choose {@code -wi 1 -i 2}, and neither 5,000 edges nor the critical graph.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar ClosureBenchmark -p peer=taper -prof gc
 * java -jar benchmarks/target/benchmarks.jar ClosureBenchmark -p peer=biscuit-java \
 *     -p shape=sparse -p edges=100,1000 -wi 1 -i 2
 * }</pre>
 */
public class ClosureBenchmark extends TimedBenchmark {
  /** Who evaluates. */
  @Param({"taper", "biscuit-java"})
  public String peer = "";

  /** The shape of the graph. */
  @Param({"sparse", "critical"})
  public String shape = "";

  /** Its size. */
  @Param({"100", "1000", "5000"})
  public int edges;

  private IntSupplier evaluation;

  /** Prepares the edges and the rules. */
  @Setup
  public void prepare() {
    evaluation =
        Peer.evaluation(
            peer,
            Graph.of(shape, edges).facts(),
            Graph.CLOSURE_RULES,
            List.of(Graph.CLOSURE_POLICY));
  }

  /** Evaluates everything anew. */
  @Benchmark
  public int closure() {
    return evaluation.getAsInt();
  }
}
