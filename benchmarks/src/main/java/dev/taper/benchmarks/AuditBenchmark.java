package dev.taper.benchmarks;

import dev.taper.agent.decision.DecisionEvent;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.benchmarks.workload.Backend;
import dev.taper.benchmarks.workload.HeldChain;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * An audit log in a file, as a service with a verifier writes it: the record of an allowed call
 * with a held chain of 3 blocks that the log has described before, 1.5 KB as JSON. A record counts
 * when it is acknowledged, after {@code fsync}; checkpoints are signed as by default. The file is
 * on the disk that holds the benchmarks, and new for every iteration.
 *
 * <ul>
 *   <li>{@code decided}: one of {@value #WAITING} threads tells the log of a decision and waits, as
 *       a verifier does before its caller learns of the decision.
 *   <li>{@code submit}: one of {@value #SUBMITTING} threads submits {@value #BURST} records without
 *       waiting, and then waits for all of them; the time is that of one record.
 * </ul>
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar AuditBenchmark -p backend=accp
 * }</pre>
 */
public class AuditBenchmark extends TimedBenchmark {
  /** Threads of {@code decided}. */
  public static final int WAITING = 256;

  /** Threads of {@code submit}. */
  public static final int SUBMITTING = 2;

  private static final int BURST = 16_384;
  private static final int BLOCKS = 3;

  /** The log that all threads write to. */
  @State(Scope.Benchmark)
  public static class Shared {
    /** The signature backend. */
    @Param({"accp", "bouncycastle"})
    public String backend = "";

    private PrivateKey key;
    private DecisionEvent decision;
    private Path folder;
    private AuditLog log;

    /** Decides about a call, for a decision to record. */
    @Setup
    public void prepare() throws IOException {
      Backend.use(backend);
      key = PrivateKey.generate(Algorithm.ED25519);
      PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
      AtomicReference<DecisionEvent> told = new AtomicReference<>();
      HeldChain.decide(
          HeldChain.verifier(root).listener(told::set).build(),
          HeldChain.of(root, BLOCKS, 1).request(1));
      decision = Objects.requireNonNull(told.get());
      Path home = Path.of(System.getProperty("taper.benchmarks.folder", "benchmarks"), "target");
      folder = Files.createTempDirectory(Files.createDirectories(home), "audit");
    }

    /** Begins a log that has described the chain. */
    @Setup(Level.Iteration)
    public void open() {
      log = AuditLog.on(AuditSink.inFile(file(), Clock.systemUTC()), key).open();
      log.decided(decision);
    }

    /** Ends the log. */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
      log.close();
      Files.delete(file());
      Files.delete(file().resolveSibling("audit.jsonl.lock"));
    }

    /** Leaves nothing behind. */
    @TearDown
    public void delete() throws IOException {
      Files.delete(folder);
    }

    private Path file() {
      return folder.resolve("audit.jsonl");
    }
  }

  /** Records a decision, and waits until it is safe. */
  @Benchmark
  @Threads(WAITING)
  public void decided(Shared shared) {
    shared.log.decided(shared.decision);
  }

  /** Records decisions, and waits until all of them are safe. */
  @Benchmark
  @Threads(SUBMITTING)
  @OperationsPerInvocation(BURST)
  public long submit(Shared shared) {
    List<CompletableFuture<AuditLog.Receipt>> receipts = new ArrayList<>(BURST);
    for (int i = 0; i < BURST; i++) {
      AuditEvent event = AuditEvent.decided(shared.decision, digest -> false);
      receipts.add(shared.log.submit(event).toCompletableFuture());
    }
    long last = 0;
    for (CompletableFuture<AuditLog.Receipt> receipt : receipts) {
      last = receipt.join().sequence();
    }
    return last;
  }
}
