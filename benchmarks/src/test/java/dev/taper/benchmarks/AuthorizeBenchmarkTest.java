package dev.taper.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.SignatureBackend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every combination for a moment, so that the benchmark cannot rot. Times mean nothing. */
class AuthorizeBenchmarkTest {
  private static final int AUTHORIZERS = 2;

  @Test
  void authorize_everyCombination_endsWithTheExpectedPolicy() throws RunnerException {
    // Another build on the same machine may run this test at the same time.
    System.setProperty("jmh.ignoreLock", "true");
    List<String> peers = peers();
    Options options =
        new OptionsBuilder()
            .include(AuthorizeBenchmark.class.getSimpleName() + ".authorize")
            .param("peer", peers.toArray(new String[0]))
            .forks(1)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(10))
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    assertThat(results).hasSize(peers.size() * AUTHORIZERS);
  }

  /** ACCP is native code, which this platform may lack. */
  private static List<String> peers() {
    List<String> peers = new ArrayList<>();
    for (SignatureBackend backend : SignatureBackend.available()) {
      peers.add("taper-" + backend.name());
    }
    peers.add("biscuit-java");
    return peers;
  }
}
