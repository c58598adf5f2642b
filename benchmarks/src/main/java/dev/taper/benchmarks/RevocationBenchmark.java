package dev.taper.benchmarks;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations.RevocationCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A revocation list with an entry for each of many random blocks.
 *
 * <ul>
 *   <li>{@code present} and {@code absent}: one look-up, of one of 65,536 fingerprints in turn that
 *       are in the list, or are not; the list is far larger than any cache.
 *   <li>{@code load}: a list from a signed snapshot in memory, signature and digest verified.
 *   <li>{@code delta}: a signed delta of 1,000 entries applied, merging included; each iteration
 *       starts with the snapshot alone.
 * </ul>
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar RevocationBenchmark -prof gc
 * }</pre>
 */
public class RevocationBenchmark extends TimedBenchmark {
  private static final int QUERIES = 1 << 16;
  private static final int DELTA_ENTRIES = 1000;
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  /** How many entries. */
  @Param({"10000000"})
  public int entries;

  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final List<List<Fingerprint>> present = new ArrayList<>();
  private final List<List<Fingerprint>> absent = new ArrayList<>();
  private byte[] snapshot = new byte[0];
  private RevocationList list;
  private int next;

  /** Signs and loads the list, and chooses what to look up. */
  @Setup
  public void prepare() {
    long step = Long.divideUnsigned(-1L, entries);
    List<RevocationEntry> ascending =
        new AbstractList<>() {
          @Override
          public RevocationEntry get(int i) {
            return RevocationEntry.forever(RevocationEntry.Kind.BLOCK, member(step, i));
          }

          @Override
          public int size() {
            return entries;
          }
        };
    snapshot = RevocationIssuer.of(key).snapshot(1, ascending, validity());
    list = loaded();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < QUERIES; i++) {
      present.add(List.of(member(step, random.nextInt(entries))));
      absent.add(List.of(new Fingerprint(random.nextLong(), random.nextLong())));
    }
  }

  /** One fingerprint somewhere in each part of the range, as good as random and in order. */
  private static Fingerprint member(long step, int i) {
    SplittableRandom random = new SplittableRandom(i);
    return new Fingerprint(i * step + Long.remainderUnsigned(random.nextLong(), step), i);
  }

  private static Validity validity() {
    return Validity.from(CLOCK, Duration.ofDays(1), Duration.ofDays(1));
  }

  private RevocationList loaded() {
    RevocationList empty =
        RevocationList.trusting(key.publicKey()).clock(CLOCK).forgottenAtRestart().build();
    empty.apply(snapshot);
    return empty;
  }

  /** Looks up what is revoked. */
  @Benchmark
  public RevocationCheck present() {
    RevocationCheck check = list.check(present.get(next++ & (QUERIES - 1)), NOW);
    if (check.revoked() != 0) {
      throw new IllegalStateException("not found");
    }
    return check;
  }

  /** Looks up what is not revoked. */
  @Benchmark
  public RevocationCheck absent() {
    RevocationCheck check = list.check(absent.get(next++ & (QUERIES - 1)), NOW);
    if (!check.clear()) {
      throw new IllegalStateException("found");
    }
    return check;
  }

  /** Loads a snapshot. */
  @Benchmark
  public RevocationList load() {
    return loaded();
  }

  /** Applies a delta. */
  @Benchmark
  public boolean delta(Deltas deltas) {
    return deltas.list.apply(deltas.delta);
  }

  /** A list of its own, and the delta that comes next. */
  @State(Scope.Thread)
  public static class Deltas {
    private final SplittableRandom random = new SplittableRandom(11);
    private RevocationIssuer issuer;
    private RevocationList list;
    private byte[] delta = new byte[0];
    private long sequence;

    /** For the benchmark. */
    public Deltas() {}

    /** Starts with the snapshot. */
    @Setup(Level.Iteration)
    public void snapshot(RevocationBenchmark benchmark) {
      issuer = RevocationIssuer.of(benchmark.key);
      list = benchmark.loaded();
      sequence = 1;
    }

    /** Signs the next delta. */
    @Setup(Level.Invocation)
    public void sign() {
      List<RevocationEntry> entries = new ArrayList<>();
      for (int i = 0; i < DELTA_ENTRIES; i++) {
        entries.add(
            RevocationEntry.forever(
                RevocationEntry.Kind.BLOCK, new Fingerprint(random.nextLong(), random.nextLong())));
      }
      delta = issuer.delta(sequence, sequence + 1, entries, validity());
      sequence++;
    }
  }
}
