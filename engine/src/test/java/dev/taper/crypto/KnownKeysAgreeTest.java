package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.GeneratedSignatures.Case;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What the engine says of a signature is the same with and without tables: generated signatures,
 * one by one and in batches, while no key is known, while tables come and go, and when all keys are
 * known.
 *
 * <p>{@code mvn test -pl engine -am -Dtest=KnownKeysAgreeTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtaper.known-keys.cases=1000000} compares a million, on
 * one thread and on eight, in some minutes.
 */
class KnownKeysAgreeTest {
  private static final int CASES = Integer.getInteger("taper.known-keys.cases", 6_000);
  private static final int LONGEST_BATCH = 9;

  /** After how many batches a thread waits for the one that makes tables. */
  private static final int BATCHES_AHEAD = 8;

  /** Known keys in three states: none, some that come and go, and all. */
  private record Tables(
      KnownKeys cold, KnownKeys building, KnownKeys full, ExecutorService builder) {
    Map<String, KnownKeys> byName() {
      return Map.of("cold", cold, "building", building, "full", full);
    }

    /**
     * Waits until what was wished for so far is there, or none would come and go before the end.
     */
    void awaitWishes() throws ExecutionException, InterruptedException {
      builder.submit(() -> {}).get();
    }
  }

  @Test
  void verify_oneThread_asWithoutTables() throws Exception {
    assertThat(compare(CASES, 1)).isGreaterThan(CASES / 5);
  }

  @Test
  void verify_eightThreads_asWithoutTables() throws Exception {
    assertThat(compare(CASES, 8)).isGreaterThan(CASES / 5);
  }

  /** Compares, and returns how many of the signatures were valid. */
  private static int compare(int cases, int threads) throws Exception {
    ExecutorService builder = Executors.newSingleThreadExecutor();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    Tables tables =
        new Tables(
            new KnownKeys(0, builder),
            new KnownKeys(KnownKeysTest.bytesFor(5), builder),
            new KnownKeys(KnownKeysTest.bytesFor(100), Runnable::run),
            builder);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long seed = 100L * threads + i;
        results.add(workers.submit(() -> new Comparison(tables, seed).run(cases / threads)));
      }
      int valid = 0;
      for (Future<Integer> result : results) {
        valid += result.get();
      }
      assertThat(tables.cold.counted().keys()).isZero();
      assertThat(tables.building.counted().evicted()).isPositive();
      return valid;
    } finally {
      workers.shutdown();
      builder.shutdown();
    }
  }

  /** The work of one thread. */
  private static final class Comparison {
    private final Tables tables;
    private final Random random;
    private final GeneratedSignatures signatures;
    private final Map<String, Ed25519Verification> slow = new TreeMap<>();

    Comparison(Tables tables, long seed) {
      this.tables = tables;
      this.random = new Random(seed);
      this.signatures = new GeneratedSignatures(random.nextInt(4));
      tables.full.pinAll(signatures.keys());
      for (PublicKey key : signatures.keys()) {
        slow.put(key.toString(), Ed25519Verification.of(key.rawBytes()));
      }
    }

    int run(int cases) throws ExecutionException, InterruptedException {
      int valid = 0;
      int batches = 0;
      for (int left = cases; left > 0; ) {
        if (batches++ % BATCHES_AHEAD == 0) {
          tables.awaitWishes();
        }
        List<Case> some = new ArrayList<>();
        List<Boolean> expected = new ArrayList<>();
        int size = Math.min(left, 1 + random.nextInt(LONGEST_BATCH));
        for (int i = 0; i < size; i++) {
          Case one = signatures.next();
          boolean isValid = isValid(one);
          if (!isValid && random.nextInt(4) > 0) {
            check(List.of(one), List.of(false)); // else hardly a batch would be long
            continue;
          }
          some.add(one);
          expected.add(isValid);
          valid += isValid ? 1 : 0;
        }
        check(some, expected);
        left -= size;
      }
      return valid;
    }

    private boolean isValid(Case one) {
      Ed25519Verification key = slow.get(one.key().toString());
      return GeneratedSignatures.isValid(
          one, key == null ? Ed25519Verification.of(one.key().bytes()) : key);
    }

    private void check(List<Case> some, List<Boolean> expected) {
      List<SignatureBackend> backends = SignatureBackend.available();
      SignatureBackend backend = backends.get(random.nextInt(backends.size()));
      for (Map.Entry<String, KnownKeys> state : tables.byName().entrySet()) {
        KnownKeys known = state.getValue();
        Signatures.Batch batch = Signatures.Batch.of(backend, known);
        for (Case one : some) {
          boolean unused = batch.add(one.key(), one.message(), one.signature());
          known.count(one.kind(), List.of(one.key()));
        }
        assertThat(batch.firstInvalid())
            .as(() -> backend + ", " + state.getKey() + ": " + described(some))
            .isEqualTo(expected.indexOf(false));
      }
    }

    private static String described(List<Case> some) {
      StringBuilder text = new StringBuilder();
      for (Case one : some) {
        text.append('\n')
            .append(one.kind())
            .append(' ')
            .append(one.key())
            .append(' ')
            .append(HexFormat.of().formatHex(one.message()))
            .append(' ')
            .append(HexFormat.of().formatHex(one.signature()));
      }
      return text.toString();
    }
  }
}
