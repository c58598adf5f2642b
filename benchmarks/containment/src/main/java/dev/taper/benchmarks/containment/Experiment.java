package dev.taper.benchmarks.containment;

import dev.taper.benchmarks.containment.corpus.Corpus;
import dev.taper.benchmarks.containment.corpus.Suite;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Replays suites under grants of every style, each suite at a server of its own. */
final class Experiment {
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * Makes one.
   *
   * @param clock the time of issuer, agent, user and servers
   * @param progress is told what is being done
   */
  Experiment(Clock clock, Consumer<String> progress) {
    this.clock = clock;
    this.progress = progress;
  }

  /** Replays all suites of a corpus. */
  List<Tally> run(Corpus corpus) {
    List<Tally> tallies = new ArrayList<>();
    for (Suite suite : corpus.suites()) {
      tallies.addAll(run(suite));
    }
    return tallies;
  }

  /** Replays one suite. */
  List<Tally> run(Suite suite) {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey agent = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey user = PrivateKey.generate(Algorithm.ED25519);
    Mint mint = new Mint(root, agent.publicKey(), user.publicKey(), clock);
    List<Tally> tallies = new ArrayList<>();
    try (GuardedService service = new McpService(suite, root.publicKey(), agent, clock)) {
      Replay replay = new Replay(suite, service, mint, user, clock);
      for (GrantStyle style : GrantStyle.values()) {
        progress.accept(suite.name() + ", grants " + style.text());
        tallies.add(replay.tally(style));
      }
    }
    return tallies;
  }
}
