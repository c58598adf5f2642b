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
 * two rules, with limits that are not reached. With 1,000 edges of the sparse graph biscuit-java
 * needs seconds: for it choose {@code -wi 1 -i 2}, and neither 5,000 edges nor the critical graph.
 *
 * <p>A processor learns the course of one small graph by heart: of 1,000 edges it predicts nearly
 * every branch, of 5,000 it cannot. In {@link #closures} five small graphs give it as much to learn
 * as a large one, which shows what the size alone costs.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar ClosureBenchmark -p peer=taper -prof gc
 * java -jar benchmarks/target/benchmarks.jar ClosureBenchmark -p peer=biscuit-java \
 *     -p shape=sparse -p edges=100,1000 -wi 1 -i 2
 * }</pre>
 */
public class ClosureBenchmark extends TimedBenchmark {
  /** How many graphs {@link #closures} evaluates. */
  public static final int GRAPHS = 5;

  /** Who evaluates. */
  @Param({"taper", "biscuit-java"})
  public String peer = "";

  /** The shape of the graph. */
  @Param({"sparse", "critical"})
  public String shape = "";

  /** Its size. */
  @Param({"100", "1000", "5000"})
  public int edges;

  private final IntSupplier[] evaluations = new IntSupplier[GRAPHS];

  /** Prepares the edges and the rules. */
  @Setup
  public void prepare() {
    List<Graph> graphs = Graph.several(shape, edges, GRAPHS);
    for (int i = 0; i < GRAPHS; i++) {
      evaluations[i] =
          Peer.evaluation(
              peer, graphs.get(i).facts(), Graph.CLOSURE_RULES, List.of(Graph.CLOSURE_POLICY));
    }
  }

  /** Evaluates everything anew. */
  @Benchmark
  public int closure() {
    return evaluations[0].getAsInt();
  }

  /** Evaluates each of five graphs of the size anew; the time is that of all five. */
  @Benchmark
  public int closures() {
    int results = 0;
    for (IntSupplier evaluation : evaluations) {
      results += evaluation.getAsInt();
    }
    return results;
  }
}
