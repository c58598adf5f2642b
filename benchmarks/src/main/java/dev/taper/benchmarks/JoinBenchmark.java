package dev.taper.benchmarks;

import dev.taper.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Joins over {@code facts} facts, half of them {@code member(user, group)}, half of them {@code
 * owns(group, document)}, ten users and ten documents to a group, evaluated with limits that are
 * not reached:
 *
 * <ul>
 *   <li>{@code join=point}: one policy, {@code member("u0", $g), owns($g, "d9")}.
 *   <li>{@code join=all}: one rule that derives every {@code may(user, document)}, five for every
 *       fact.
 * </ul>
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar JoinBenchmark -prof gc
 * }</pre>
 */
public class JoinBenchmark extends TimedBenchmark {
  private static final int GROUP = 10;

  /** Who evaluates. */
  @Param({"taper", "biscuit-java"})
  public String peer = "";

  /** What is joined. */
  @Param({"point", "all"})
  public String join = "";

  /** How many facts. */
  @Param({"200", "2000"})
  public int facts;

  private IntSupplier evaluation;

  /** Prepares facts, rule and policy. */
  @Setup
  public void prepare() {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < facts / 2; i++) {
      int group = i / GROUP;
      statements.add("member(\"u" + i + "\", \"g" + group + "\")");
      statements.add("owns(\"g" + group + "\", \"d" + i + "\")");
    }
    boolean all = join.equals("all");
    evaluation =
        Peer.evaluation(
            peer,
            statements,
            all ? List.of("may($u, $d) <- member($u, $g), owns($g, $d)") : List.of(),
            List.of(
                all
                    ? "allow if may(\"u0\", \"d9\")"
                    : "allow if member(\"u0\", $g), owns($g, \"d9\")"));
  }

  /** Evaluates everything anew. */
  @Benchmark
  public int join() {
    return evaluation.getAsInt();
  }
}
