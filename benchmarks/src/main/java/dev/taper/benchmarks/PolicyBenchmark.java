package dev.taper.benchmarks;

import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.benchmarks.workload.Workload;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Fact;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Tiny and large policies: the verified token of {@link ColdTokenBenchmark} with 3 attenuation
 * blocks, and a prepared policy set of 1, 100 or 500 policies, of which only the last one allows.
 * The ones before it each name a tool, an operation and a resource prefix of their own; every tenth
 * policy comes with a check that holds.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar PolicyBenchmark -prof gc
 * }</pre>
 */
public class PolicyBenchmark extends TimedBenchmark {
  /** How many policies. */
  @Param({"1", "100", "500"})
  public int policies;

  private Token token;
  private List<Fact> facts = List.of();
  private PolicySet set;

  /** Verifies the token and compiles the policies. */
  @Setup
  public void prepare() {
    PublicKey root = PublicKey.of(Algorithm.ED25519, Workload.rootKey());
    token = UnverifiedToken.decode(Workload.token(3)).verify(root);
    facts = Datalog.authorizer(Workload.authorizer()).block().facts();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < policies; i++) {
      text.append(
          String.format(
              "allow if tool(\"tool-%d\"), operation(\"read\"), resource($r),"
                  + " $r.starts_with(\"/projects/p%d/\");%n",
              i, i));
      if (i % 10 == 0) {
        text.append(String.format("check if tool($t), $t != \"forbidden-%d\";%n", i));
      }
    }
    text.append("allow if tool($t), operation($op), right($t, $op);");
    set = PolicySet.of(Datalog.authorizer(text.toString()));
  }

  /** Authorizes the token. */
  @Benchmark
  public Decision authorize() {
    Decision decision = set.authorizer(token).facts(facts).authorize();
    if (!decision.allowed()) {
      throw new IllegalStateException("not allowed");
    }
    return decision;
  }
}
