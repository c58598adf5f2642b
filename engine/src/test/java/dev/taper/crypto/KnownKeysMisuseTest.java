package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What known keys take beside their tables, and from calls: no memory, no time, no failure. */
class KnownKeysMisuseTest {
  private static final String ALICE = "alice";

  private static PublicKey key() {
    return PrivateKey.generate(Algorithm.ED25519).publicKey();
  }

  private static List<PublicKey> keys(int count) {
    List<PublicKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(key());
    }
    return keys;
  }

  private static void use(KnownKeys known, String delegator, PublicKey key, int times) {
    for (int i = 0; i < times; i++) {
      known.count(delegator, List.of(key));
    }
  }

  /** What is kept for a table has a bound, whatever the call had. */
  private static void assertIsNotKept(WeakReference<?> reference, KnownKeys known) {
    for (int i = 0; i < 100 && reference.get() != null; i++) {
      System.gc();
    }
    assertThat(reference.get()).isNull();
    assertThat(known.counted().keys()).isEqualTo(1);
  }

  /** A delegator's name may be as long as a token. */
  @Test
  void count_nameOfTheDelegator_isNotKept() {
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(4), Runnable::run);

    assertIsNotKept(countedForALongName(known), known);
  }

  private static WeakReference<?> countedForALongName(KnownKeys known) {
    String name = "user:" + "a".repeat(60_000);
    use(known, name, key(), KnownKeys.USES);
    return new WeakReference<>(name);
  }

  @Test
  void count_nameOfTheDelegatorWhileItWaits_isNotKept() {
    List<Runnable> waiting = new ArrayList<>();
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(4), waiting::add);
    WeakReference<?> name = countedForALongName(known);
    assertThat(waiting).hasSize(1);
    known.pinAll(List.of(key()));
    waiting.get(1).run();

    assertIsNotKept(name, known);
  }

  /** A key that a call used has the form that a library decoded it to. */
  @Test
  void count_keyOfACall_isNotKept() {
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(4), Runnable::run);

    assertIsNotKept(counted(known), known);
  }

  private static WeakReference<?> counted(KnownKeys known) {
    PublicKey key = verified();
    use(known, ALICE, key, KnownKeys.USES);
    return new WeakReference<>(key);
  }

  @Test
  void pin_keyOfAVerifier_isNotKept() {
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(4), Runnable::run);

    assertIsNotKept(pinned(known), known);
  }

  private static WeakReference<?> pinned(KnownKeys known) {
    PublicKey key = verified();
    known.pinAll(List.of(key));
    return new WeakReference<>(key);
  }

  private static PublicKey verified() {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] message = {1};
    assertThat(key.publicKey().verify(message, key.sign(message))).isTrue();
    return key.publicKey();
  }

  /** More root keys than can be pinned, or than wishes can wait, at once. */
  @Test
  void pin_manyKeys_theLastAreKnown() throws Exception {
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(200), TableThread.make());
    List<PublicKey> roots = keys(100);

    known.pinAll(roots);

    awaitKnown(known, roots.subList(100 - KnownKeys.MAX_PINNED, 100));
    assertThat(known.counted().pinned()).isEqualTo(KnownKeys.MAX_PINNED);
  }

  @Test
  void pin_manyVerifiers_theLastKeysAreKnown() throws Exception {
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(200), TableThread.make());
    List<PublicKey> roots = keys(100);

    for (PublicKey root : roots) {
      known.pinAll(List.of(root));
    }

    awaitKnown(known, roots.subList(100 - KnownKeys.MAX_PINNED, 100));
  }

  /** Whoever makes many calls has at most its wishes dropped, and never a root key's. */
  @Test
  void pin_manyWishesWait_rootKeyIsKnown() throws Exception {
    Executor tables = TableThread.make();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    tables.execute(
        () -> {
          started.countDown();
          TableThreadTest.awaitQuietly(go);
        });
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    KnownKeys known = new KnownKeys(KnownKeysTest.bytesFor(200), tables);
    for (PublicKey made : keys(TableThread.MAX_WAITING + 1)) {
      use(known, "mallory", made, KnownKeys.USES);
    }
    PublicKey root = key();
    known.pinAll(List.of(root));
    go.countDown();

    awaitKnown(known, List.of(root));
  }

  private static void awaitKnown(KnownKeys known, List<PublicKey> keys) throws Exception {
    for (PublicKey key : keys) {
      for (int i = 0; known.find(key) == null; i++) {
        assertThat(i).as("hundredths of a second").isLessThan(6000);
        Thread.sleep(10);
      }
    }
  }
}
