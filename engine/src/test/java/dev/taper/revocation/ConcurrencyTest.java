package dev.taper.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.revocation.Revocations.RevocationCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Look-ups go on while lists are applied, and never miss what is revoked before and after. */
@Timeout(60)
class ConcurrencyTest {
  private static final int KEPT = 70_000;
  private static final int DELTAS = 150;
  private static final int DELTA_ENTRIES = 100;

  private final Lists lists = new Lists();
  private final RevocationList list = lists.list().build();
  private final List<RevocationEntry> kept = Lists.random(1, KEPT);
  private final List<RevocationEntry> added = Lists.random(2, DELTAS * DELTA_ENTRIES);
  private final AtomicInteger published = new AtomicInteger();
  private final AtomicLong looked = new AtomicLong();
  private volatile boolean done;

  @Test
  void check_whileListsAreApplied_neverMissesWhatIsRevoked()
      throws InterruptedException, ExecutionException {
    list.apply(lists.issuer.snapshot(1, kept, lists.validity()));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CountDownLatch looking = new CountDownLatch(2);
    List<Future<?>> readers = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      readers.add(threads.submit(() -> look(looking)));
    }
    looking.await();
    long sequence = 1;
    for (int delta = 0; delta < DELTAS; delta++) {
      List<RevocationEntry> entries =
          added.subList(delta * DELTA_ENTRIES, (delta + 1) * DELTA_ENTRIES);
      list.apply(lists.issuer.delta(sequence, ++sequence, entries, lists.validity()));
      published.set((delta + 1) * DELTA_ENTRIES);
      if (delta % 50 == 49) {
        List<RevocationEntry> all = new ArrayList<>(kept);
        all.addAll(added.subList(0, published.get()));
        list.apply(lists.issuer.snapshot(++sequence, all, lists.validity()));
      }
    }
    done = true;
    for (Future<?> reader : readers) {
      reader.get();
    }
    threads.shutdown();

    assertThat(list.size()).isEqualTo(KEPT + DELTAS * DELTA_ENTRIES);
    assertThat(looked.get()).isGreaterThan(KEPT);
  }

  private void look(CountDownLatch looking) {
    List<RevocationEntry> others = Lists.random(3, KEPT);
    long before = 0;
    do {
      for (int i = 0; i < KEPT; i++) {
        int known = published.get();
        RevocationCheck check = check(kept.get(i));
        assertThat(check.revoked()).isZero();
        assertThat(check.sequence()).isGreaterThanOrEqualTo(before);
        before = check.sequence();
        assertThat(check(others.get(i)).revoked()).isEqualTo(-1);
        if (known > 0) {
          assertThat(check(added.get(i * 7 % known)).revoked()).isZero();
        }
        looked.incrementAndGet();
      }
      looking.countDown();
    } while (!done);
  }

  private RevocationCheck check(RevocationEntry entry) {
    return list.check(List.of(entry.fingerprint()), lists.clock.instant());
  }
}
