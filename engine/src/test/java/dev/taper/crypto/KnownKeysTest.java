package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Who gets a table, and whose goes: what the holder of a hostile token can and cannot do. */
class KnownKeysTest {
  private static final String ALICE = "alice";
  private static final String MALLORY = "mallory";

  private final List<Runnable> waiting = new ArrayList<>();

  /** The bytes that a number of tables take. */
  static long bytesFor(int tables) {
    return (32L << 10) + KnownKey.sharedBytes() + tables * (KnownKey.bytes() + 512);
  }

  private static KnownKeys room(int tables) {
    return new KnownKeys(bytesFor(tables), Runnable::run);
  }

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

  private static void useAll(KnownKeys known, String delegator, List<PublicKey> keys, int times) {
    keys.forEach(key -> use(known, delegator, key, times));
  }

  private static long having(KnownKeys known, List<PublicKey> keys) {
    return keys.stream().filter(key -> known.find(key) != null).count();
  }

  @Test
  void count_oneKey_tableAfterTwentyCalls() {
    KnownKeys known = room(4);
    PublicKey key = key();

    use(known, ALICE, key, KnownKeys.USES - 1);
    assertThat(known.find(key)).isNull();
    use(known, ALICE, key, 1);
    assertThat(known.find(key)).isNotNull();
    use(known, ALICE, key, 1000);

    assertThat(known.counted().built()).isEqualTo(1);
  }

  @Test
  void count_otherAlgorithm_none() {
    KnownKeys known = room(4);
    PublicKey key = PrivateKey.generate(Algorithm.SECP256R1).publicKey();

    use(known, ALICE, key, 100);
    known.pinAll(List.of(key));

    assertThat(known.find(key)).isNull();
    assertThat(known.counted().built()).isZero();
  }

  @Test
  void count_noRoomAtAll_none() {
    for (long bytes : new long[] {-1, 0, bytesFor(1) - 1}) {
      KnownKeys known = new KnownKeys(bytes, Runnable::run);
      PublicKey key = key();
      use(known, ALICE, key, 100);
      known.pinAll(List.of(key));

      assertThat(known.find(key)).isNull();
      assertThat(known.counted().built()).isZero();
    }
  }

  @Test
  void count_oneThreadMakesTables_theDecidingOneDoesNot() {
    KnownKeys known = new KnownKeys(bytesFor(4), waiting::add);
    PublicKey key = key();

    use(known, ALICE, key, KnownKeys.USES + 10);
    assertThat(known.find(key)).isNull();
    assertThat(waiting).as("asked for once").hasSize(1);
    waiting.forEach(Runnable::run);
    waiting.forEach(Runnable::run);

    assertThat(known.find(key)).isNotNull();
    assertThat(known.counted().built()).isEqualTo(1);
  }

  /** An executor that is busy drops the wish; later uses bring it again. */
  @Test
  void count_wishWasDropped_triedAgainAfterAsManyCalls() {
    List<Executor> executors = new ArrayList<>(List.of(work -> {}, Runnable::run));
    KnownKeys known = new KnownKeys(bytesFor(4), work -> executors.remove(0).execute(work));
    PublicKey key = key();

    use(known, ALICE, key, 2 * KnownKeys.USES - 1);
    assertThat(known.find(key)).isNull();
    use(known, ALICE, key, 1);
    assertThat(known.find(key)).isNotNull();
  }

  /** Else a key for which there is no room would be a wish with every call. */
  @Test
  void count_alwaysDropped_wishedForOnlyThreeTimes() {
    KnownKeys known = new KnownKeys(bytesFor(4), waiting::add);

    use(known, ALICE, key(), 10 * KnownKeys.USES);

    assertThat(waiting).hasSize(KeyUses.MAX / KnownKeys.USES);
  }

  @Test
  void count_noRoomOrOtherAlgorithm_notEvenAWish() {
    PublicKey p256 = PrivateKey.generate(Algorithm.SECP256R1).publicKey();
    KnownKeys known = new KnownKeys(bytesFor(4), waiting::add);
    use(known, ALICE, p256, KnownKeys.USES);
    known.pinAll(List.of(p256));
    KnownKeys none = new KnownKeys(0, waiting::add);
    PublicKey key = key();
    use(none, ALICE, key, KnownKeys.USES);
    none.pinAll(List.of(key));

    assertThat(waiting).isEmpty();
  }

  @Test
  void count_fullRoom_onlyWhatWasOfMoreUse() {
    KnownKeys known = room(3);
    List<PublicKey> useful = keys(3);
    useAll(known, ALICE, useful, KnownKeys.USES);
    use(known, ALICE, useful.get(0), 10);
    use(known, ALICE, useful.get(2), 10);
    PublicKey late = key();

    use(known, ALICE, late, KnownKeys.USES);
    assertThat(known.find(late)).as("as often used as the least used").isNull();
    use(known, ALICE, late, KnownKeys.USES);

    assertThat(known.find(late)).as("more often used").isNotNull();
    assertThat(known.find(useful.get(1))).as("the least used").isNull();
    assertThat(having(known, useful)).isEqualTo(2);
    assertThat(known.counted().evicted()).isEqualTo(1);
    assertThat(known.counted().keys()).isEqualTo(3);
  }

  /** A holder hands on to a thousand keys of its own, and makes 20 allowed calls with each. */
  @Test
  void count_holderMakesUpKeys_driveOutNoneInUse() {
    KnownKeys known = room(8);
    List<PublicKey> useful = keys(4);
    useAll(known, ALICE, useful, 2 * KnownKeys.USES);

    for (int i = 0; i < 1000; i++) {
      use(known, MALLORY, key(), KnownKeys.USES);
    }

    assertThat(having(known, useful)).isEqualTo(4);
    // The empty places were filled, and a few of its keys were taken for more than they were.
    assertThat(known.counted().built()).isBetween(8L, 30L);
  }

  /** As before, with 60 calls each: its own keys make room as soon as it has its share. */
  @Test
  void count_holderUsesItsKeysMore_driveOutOnlyItsOwn() {
    KnownKeys known = room(8);
    List<PublicKey> useful = keys(4);
    useAll(known, ALICE, useful, KnownKeys.USES);

    for (int i = 0; i < 100; i++) {
      use(known, MALLORY, key(), KnownKeys.USES + i % (2 * KnownKeys.USES));
    }

    assertThat(having(known, useful)).isEqualTo(4);
    assertThat(known.counted().keys()).isEqualTo(8);
  }

  /** A holder was there first and filled the room; others still get their shares. */
  @Test
  void count_roomIsFullOfOneDelegators_othersGetTheirShares() {
    KnownKeys known = room(9);
    List<PublicKey> hostile = keys(9);
    useAll(known, MALLORY, hostile, KnownKeys.USES);
    useAll(known, MALLORY, hostile.subList(1, 9), 40);
    List<PublicKey> useful = keys(6);

    useAll(known, ALICE, useful.subList(0, 1), KnownKeys.USES);
    assertThat(known.find(hostile.get(0))).as("the least used goes first").isNull();
    useAll(known, ALICE, useful.subList(1, 6), KnownKeys.USES);

    assertThat(having(known, useful)).as("nine halved").isEqualTo(4);
    assertThat(having(known, hostile)).isEqualTo(5);
    PublicKey third = key();
    use(known, "bob", third, KnownKeys.USES);
    assertThat(known.find(third)).isNotNull();
  }

  /** Shares are of what root keys leave. */
  @Test
  void count_roomWithPinnedKeys_sharesAreSmaller() {
    KnownKeys known = room(8);
    known.pinAll(keys(2));
    List<PublicKey> hostile = keys(6);
    List<PublicKey> useful = keys(6);

    useAll(known, MALLORY, hostile, KnownKeys.USES);
    useAll(known, ALICE, useful, KnownKeys.USES);

    assertThat(having(known, useful)).as("six halved").isEqualTo(3);
    assertThat(having(known, hostile)).isEqualTo(3);
  }

  /** With more delegators than places, what is of most use stays, whoever it belongs to. */
  @Test
  void count_moreDelegatorsThanPlaces_theMostUsedStay() {
    KnownKeys known = room(4);
    List<PublicKey> keys = keys(12);
    for (int i = 0; i < keys.size(); i++) {
      use(known, "delegator " + i, keys.get(i), i < 4 ? KnownKeys.USES : 2 * KnownKeys.USES);
    }

    assertThat(having(known, keys.subList(0, 4))).isZero();
    assertThat(having(known, keys.subList(4, 8)))
        .as("the later ones are of no more use")
        .isEqualTo(4);
    assertThat(known.counted().evicted()).isEqualTo(4);
  }

  /** A share is no use to keys that are of no use any more. */
  @Test
  void count_shareOutOfUse_isFreeForOthers() {
    KnownKeys known = room(4);
    List<PublicKey> gone = keys(2);
    List<PublicKey> useful = keys(4);
    useAll(known, MALLORY, gone, KnownKeys.USES);
    useAll(known, ALICE, useful, KnownKeys.USES);
    assertThat(having(known, gone)).as("its share").isEqualTo(2);

    for (int i = 0; i < KeyUses.PERIOD; i++) {
      useAll(known, ALICE, useful, 1);
    }

    assertThat(having(known, useful)).isEqualTo(4);
  }

  @Test
  void pin_rootKeys_atOnceAndForGood() {
    KnownKeys known = room(8);
    List<PublicKey> roots = keys(3);

    known.pinAll(roots);
    known.pinAll(roots);
    assertThat(having(known, roots)).isEqualTo(3);
    assertThat(known.counted().pinned()).isEqualTo(3);
    assertThat(known.counted().built()).isEqualTo(3);
    List<PublicKey> others = keys(50);
    for (int i = 0; i < others.size(); i++) {
      use(known, "delegator " + i, others.get(i), KnownKeys.USES * (1 + i % 3));
    }

    assertThat(having(known, roots)).isEqualTo(3);
    assertThat(known.counted().keys()).isEqualTo(8);
  }

  @Test
  void pin_moreThanHalfOfTheRoom_theFirstMayGo() {
    KnownKeys known = room(8);
    List<PublicKey> roots = keys(6);

    known.pinAll(roots);
    assertThat(known.counted().pinned()).isEqualTo(4);
    assertThat(having(known, roots)).as("there is room yet").isEqualTo(6);
    known.pinAll(roots.subList(0, 1)); // again: now the third is the first to go
    List<PublicKey> others = keys(20);
    useAll(known, ALICE, others, KnownKeys.USES);

    assertThat(having(known, roots)).isEqualTo(4);
    assertThat(known.find(roots.get(0))).isNotNull();
    assertThat(known.find(roots.get(1))).isNull();
    assertThat(known.find(roots.get(2))).isNull();
    long built = known.counted().built();
    known.pinAll(keys(1));
    assertThat(known.counted().built())
        .as("those that went are not made again")
        .isEqualTo(built + 1);
  }

  @Test
  void pin_manyKeys_atMostThirtyTwo() {
    KnownKeys known = room(80);

    known.pinAll(keys(40));

    assertThat(known.counted().pinned()).isEqualTo(KnownKeys.MAX_PINNED);
  }

  @Test
  void pin_fullRoom_theLeastUsedGoes() {
    KnownKeys known = room(3);
    List<PublicKey> others = keys(3);
    useAll(known, ALICE, others, KnownKeys.USES);
    use(known, ALICE, others.get(0), 5);
    use(known, ALICE, others.get(1), KnownKeys.USES);
    PublicKey root = key();

    known.pinAll(List.of(root));

    assertThat(known.find(root)).isNotNull();
    assertThat(known.find(others.get(2))).isNull();
    assertThat(having(known, others)).isEqualTo(2);
  }

  @Test
  void pin_keyThatWasKnown_itsTableIsKept() {
    KnownKeys known = room(4);
    PublicKey key = key();
    use(known, ALICE, key, KnownKeys.USES);
    KnownKey table = known.find(key);

    known.pinAll(List.of(key));

    assertThat(known.find(key)).isSameAs(table);
    assertThat(known.counted().pinned()).isEqualTo(1);
  }

  @Test
  void pin_notAPoint_driveOutNone() {
    byte[] noPoint = new byte[32];
    noPoint[0] = 2;
    KnownKeys known = room(2);
    List<PublicKey> others = keys(2);
    useAll(known, ALICE, others, KnownKeys.USES);

    known.pinAll(List.of(PublicKey.of(Algorithm.ED25519, noPoint)));

    assertThat(having(known, others)).isEqualTo(2);
    assertThat(known.counted())
        .isEqualTo(new KnownKeys.Statistics(2, 0, bytesFor(2), bytesFor(2), 2, 0));
  }

  @Test
  void statistics_beforeAndAfterTables_whatTheyTake() {
    KnownKeys known = room(2);
    assertThat(known.counted())
        .isEqualTo(new KnownKeys.Statistics(0, 0, 32 << 10, bytesFor(2), 0, 0));

    known.pinAll(Collections.singleton(key()));
    use(known, ALICE, key(), KnownKeys.USES);

    assertThat(known.counted())
        .isEqualTo(new KnownKeys.Statistics(2, 1, bytesFor(2), bytesFor(2), 2, 0));
  }

  @Test
  void statistics_ofTheProcess_withinSixteenMebibytes() {
    assertThat(KnownKeys.statistics().maxBytes()).isEqualTo(16 << 20);
    assertThat(new KnownKeys(16 << 20, Runnable::run).counted().maxBytes()).isEqualTo(16 << 20);
  }

  /** The keys of the process: made by a thread of its own, and used by every verification. */
  @Test
  void verify_keyOfTheProcess_byItsTable() throws Exception {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey agent = PrivateKey.generate(Algorithm.ED25519);
    MadeTables.await();
    KnownKeys.pin(List.of(root.publicKey()));
    for (int i = 0; i < KnownKeys.USES; i++) {
      KnownKeys.allowed(ALICE, List.of(agent.publicKey()));
    }
    CompletableFuture<Thread> own = new CompletableFuture<>();
    KnownKeys.ofProcess().ask(() -> own.complete(Thread.currentThread()));
    Thread builder = own.get();
    assertThat(builder.getName()).isEqualTo("taper-known-keys");
    assertThat(builder.isDaemon()).isTrue();
    assertThat(builder.getContextClassLoader()).isNull();
    byte[] message = {1};
    for (PrivateKey key : List.of(root, agent)) {
      assertThat(KnownKeys.ofProcess().find(key.publicKey())).isNotNull();
      byte[] signature = key.sign(message);
      for (SignatureBackend backend : SignatureBackend.available()) {
        assertThat(backend.verify(key.publicKey(), message, signature)).isTrue();
        assertThat(backend.verify(key.publicKey(), new byte[1], signature)).isFalse();
      }
    }
  }
}
