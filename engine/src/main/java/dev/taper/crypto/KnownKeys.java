package dev.taper.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The Ed25519 keys of a process that are of use often, with tables by which their signatures take
 * less than half the time. What is valid is the same with and without a table.
 *
 * <p>The root keys that a verifier starts with have tables from then on. Any other key gets one
 * when a verifier has allowed 20 calls that it signed for: 20 to 25 repay a table. The tables
 * together take at most {@link #DEFAULT_BYTES}, or what the system property {@value #PROPERTY}
 * says, in bytes; 0 does without. A thread of its own makes them, and ends when it has nothing to
 * do.
 *
 * <p>Nobody can use this without being allowed calls: new keys, forged signatures and refused calls
 * count nothing. The holder of a token can still hand it on to any number of keys of its own. So a
 * delegator that has more than its share of a full memory makes room among its own keys, and
 * everybody must have been of use more often of late than what is to go. A table costs less to make
 * than the 20 verifications that were needed to get it.
 *
 * <p>Thread-safe.
 */
public final class KnownKeys {
  /** The system property that says how many bytes the tables take at most. */
  public static final String PROPERTY = "taper.crypto.known-keys.bytes";

  /** The bound unless the property says otherwise: 16 MiB, some 190 keys. */
  public static final long DEFAULT_BYTES = 16L << 20;

  /** How many allowed calls a key needs for a table. */
  static final int USES = 20;

  /** How many of its calls a key must have of late for its delegator's share to protect it. */
  private static final int IN_USE = 5;

  /** How many keys can be pinned. */
  static final int MAX_PINNED = 32;

  private static final int ALL = KeyUses.MAX + 1;

  /** Who pays for pinned keys. */
  private static final String NOBODY = "";

  /** What is kept beside the tables: the uses, and for each key an entry and its bytes. */
  private static final long FIXED_BYTES = 32L << 10;

  private static final long ENTRY_BYTES = 512;

  private static final KnownKeys PROCESS =
      new KnownKeys(Long.getLong(PROPERTY, DEFAULT_BYTES), TableThread.make());

  private final long maxBytes;
  private final Executor builder;
  private final int capacity;
  private final KeyUses uses;
  private final Map<PublicKey, Entry> entries = new ConcurrentHashMap<>();
  private final LongAdder built = new LongAdder();
  private final LongAdder evicted = new LongAdder();

  /** The keys that are not to go, the one that was pinned first at the head. Under the lock. */
  private final Deque<PublicKey> pinned = new ArrayDeque<>();

  /**
   * The keys that are to be pinned: the last ones, and not more than can be. Under its own lock.
   */
  private final Deque<PublicKey> toPin = new ArrayDeque<>();

  /** A key with its table, and whose share it takes. */
  private record Entry(KnownKey key, String payer) {}

  KnownKeys(long maxBytes, Executor builder) {
    this.maxBytes = maxBytes;
    this.builder = builder;
    long room = maxBytes - FIXED_BYTES - KnownKey.sharedBytes();
    this.capacity = (int) Math.max(0, Math.min(room / entryBytes(), Integer.MAX_VALUE));
    // Without room nothing is counted, and a short process need not wait for good random numbers.
    this.uses = new KeyUses(capacity == 0 ? new Random() : new SecureRandom());
  }

  static KnownKeys ofProcess() {
    return PROCESS;
  }

  private static long entryBytes() {
    return KnownKey.bytes() + ENTRY_BYTES;
  }

  /** Returns a key's table; null if it has none. */
  @Nullable KnownKey find(PublicKey key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.key();
  }

  /**
   * Makes tables for keys that are configured, and keeps them: those of the last 32 keys, in at
   * most half of the room.
   *
   * @param keys the keys; those of other algorithms are left out
   */
  public static void pin(Collection<PublicKey> keys) {
    PROCESS.pinAll(keys);
  }

  void pinAll(Collection<PublicKey> keys) {
    boolean any = false;
    synchronized (toPin) {
      for (PublicKey key : keys) {
        if (isPossible(key)) {
          any = true;
          toPin.remove(key);
          toPin.add(key.copy());
          if (toPin.size() > MAX_PINNED) {
            toPin.remove();
          }
        }
      }
    }
    if (any) {
      ask((TableThread.Needed) this::pinWaiting);
    }
  }

  private void pinWaiting() {
    List<PublicKey> keys;
    synchronized (toPin) {
      keys = List.copyOf(toPin);
      toPin.clear();
    }
    keys.forEach(this::buildPinned);
  }

  /**
   * Has something done by the thread for it, after what it was asked before, unless too much waits.
   * Tables are no reason for a call to fail.
   */
  void ask(Runnable work) {
    builder.execute(work);
  }

  /**
   * Counts a call that was allowed. Only calls that nobody can repeat should count, such as those
   * with a proof.
   *
   * @param delegator for whom the call was made: somebody that whoever signed for it could not make
   *     up
   * @param keys whose signatures were verified for it
   */
  public static void allowed(String delegator, Collection<PublicKey> keys) {
    PROCESS.count(delegator, keys);
  }

  void count(String delegator, Collection<PublicKey> keys) {
    for (PublicKey key : keys) {
      if (isPossible(key)) {
        int times = uses.count(key.rawBytes());
        // Tried again after as many more uses, if there was no room.
        if (times > 0 && times % USES == 0 && !entries.containsKey(key)) {
          PublicKey own = key.copy();
          String payer = payer(delegator);
          ask(() -> build(own, payer));
        }
      }
    }
  }

  /** How often a key was of use of late, as far as that is known; not less. */
  int uses(PublicKey key) {
    return uses.estimate(key.rawBytes());
  }

  /** A delegator's name can be long, and is kept as long as a table that it pays for. */
  private static String payer(String delegator) {
    byte[] name = delegator.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256(name));
  }

  private boolean isPossible(PublicKey key) {
    return capacity > 0 && key.algorithm() == Algorithm.ED25519;
  }

  private synchronized void buildPinned(PublicKey key) {
    pinned.remove(key);
    if (pinned.size() >= Math.max(1, Math.min(MAX_PINNED, capacity / 2))) {
      pinned.remove(); // its table stays, and may go like any other
    }
    if (entries.containsKey(key) || make(leastUsed(payer -> true, ALL), key, NOBODY)) {
      pinned.add(key);
    }
  }

  private synchronized void build(PublicKey key, String payer) {
    if (!entries.containsKey(key)) {
      var unused = make(victim(key, payer), key, payer);
    }
  }

  /** Makes a table, in the place of another one if the room is full; false if that cannot be. */
  private boolean make(@Nullable PublicKey victim, PublicKey key, String payer) {
    boolean isFull = entries.size() >= capacity;
    KnownKey made = isFull && victim == null ? null : KnownKey.of(key);
    if (made == null) {
      return false;
    }
    if (isFull && victim != null) {
      entries.remove(victim);
      evicted.increment();
    }
    entries.put(key, new Entry(made, payer));
    built.increment();
    return true;
  }

  /** Returns the key whose table is to go for another one, if the room is full; null if none is. */
  private @Nullable PublicKey victim(PublicKey key, String payer) {
    PublicKey stale = leastUsed(other -> true, IN_USE);
    if (stale != null) {
      return stale;
    }
    Map<String, Integer> shares = new HashMap<>();
    shares.put(payer, 1);
    entries.forEach(
        (other, entry) -> {
          if (!pinned.contains(other)) {
            shares.merge(entry.payer(), 1, Integer::sum);
          }
        });
    int fair = Math.max(1, (capacity - pinned.size()) / shares.size());
    int used = uses(key);
    if (shares.getOrDefault(payer, 0) > fair) {
      return leastUsed(payer::equals, used);
    }
    PublicKey beyond = leastUsed(other -> shares.getOrDefault(other, 0) > fair, ALL);
    return beyond == null ? leastUsed(other -> true, used) : beyond;
  }

  /** Returns the key with the fewest uses, below a limit, that is not pinned; null if none is. */
  private @Nullable PublicKey leastUsed(Predicate<String> payers, int limit) {
    PublicKey least = null;
    int fewest = limit;
    for (Map.Entry<PublicKey, Entry> entry : entries.entrySet()) {
      PublicKey key = entry.getKey();
      if (payers.test(entry.getValue().payer()) && !pinned.contains(key)) {
        int times = uses(key);
        if (times < fewest) {
          least = key;
          fewest = times;
        }
      }
    }
    return least;
  }

  /** Returns what the known keys of this process take now, and what was done for them. */
  public static Statistics statistics() {
    return PROCESS.counted();
  }

  synchronized Statistics counted() {
    long made = built.sum();
    long bytes = FIXED_BYTES + entries.size() * entryBytes();
    return new Statistics(
        entries.size(),
        pinned.size(),
        made == 0 ? bytes : bytes + KnownKey.sharedBytes(),
        maxBytes,
        made,
        evicted.sum());
  }

  /**
   * Counts the known keys.
   *
   * @param keys keys with a table now
   * @param pinned those of them that are not to go
   * @param bytes what all of it takes, the base point's table included
   * @param maxBytes the most that it may take
   * @param built tables made so far
   * @param evicted tables dropped to make room
   */
  public record Statistics(
      int keys, int pinned, long bytes, long maxBytes, long built, long evicted) {}
}
