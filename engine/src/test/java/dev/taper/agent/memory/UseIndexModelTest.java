package dev.taper.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares an index with a plain map that says what it should hold. */
class UseIndexModelTest {
  private static final int CAPACITY = 200;
  private static final int IDS = 400;
  private static final int STEPS = 4_000;

  /** What is known of something. */
  private record Known(long order, long until, int times, MemoryShare share) {}

  /** An id. */
  private record Id(long high, long low) {}

  private final Map<Id, Known> model = new HashMap<>();
  private long forgotten;
  private long now;
  private Random random = new Random();

  @Test
  void everything_withASecretHash_isAsTheModelSays() {
    for (int seed = 0; seed < 8; seed++) {
      compare(seed, IdHash.secret());
    }
  }

  @Test
  void everything_withHashesThatAgree_isAsTheModelSays() {
    compare(100, (high, low) -> 0);
    compare(101, (high, low) -> -1);
    compare(102, (high, low) -> (int) low & 3);
    compare(103, (high, low) -> (int) low << 30);
    compare(104, (high, low) -> (int) low); // all of them different, and in a row
  }

  private void compare(int seed, IdHash hash) {
    random = new Random(seed);
    model.clear();
    forgotten = Long.MIN_VALUE;
    now = 1_900_000_000_000L;
    UseIndex index = new UseIndex(new MemoryShares(CAPACITY), hash);
    for (int step = 0; step < STEPS; step++) {
      // It fills for some time, and is emptied for some.
      step(index, step / 500 % 2 == 0);
      assertThat(index.size()).isEqualTo(model.size());
      assertThat(index.forgotten()).isEqualTo(forgotten);
      if (step % 50 == 0) {
        assertThat(shown(index)).isEqualTo(model);
      }
    }
    now += 100_000_000;
    index.dropEnded(now);
    assertThat(index.size()).isZero();
  }

  private void step(UseIndex index, boolean fills) {
    UseIndex.Use use = use();
    MemoryShare share =
        new MemoryShare("delegator " + random.nextInt(3), "block " + random.nextInt(4));
    int kind = random.nextInt(100);
    if (kind < (fills ? 40 : 10)) {
      int times = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
      index.add(use, share, times);
      add(use, share, times);
    } else if (kind < (fills ? 45 : 40)) {
      index.remove(use);
      remove(use);
    } else if (kind < (fills ? 46 : 44)) {
      now += random.nextInt(4_000);
      index.dropEnded(now);
      dropEnded();
    } else if (kind < 75) {
      assertThat(index.isUsed(use)).isEqualTo(isUsed(use));
    } else {
      List<UseIndex.Use> wanted =
          IntStream.range(0, random.nextInt(4)).mapToObj(i -> use()).toList();
      assertThat(index.hasRoom(share, wanted)).isEqualTo(hasRoom(share, wanted));
      assertThat(index.hasRoom(share, use)).isEqualTo(hasRoom(share, List.of(use)));
    }
  }

  private UseIndex.Use use() {
    long number = random.nextInt(IDS);
    long until = now - 500 + random.nextInt(9_000);
    long order =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> until; // an approval
          case 3 -> until + 7;
          case 4 -> until - Integer.MAX_VALUE - random.nextInt(2);
          case 5 -> random.nextBoolean() ? Long.MIN_VALUE + 3 : until - (1L << 32) - 1;
          default -> until - 60_001; // a proof
        };
    // Many halves of ids agree.
    return new UseIndex.Use(
        number / 20, number % 20 * 0x1_0000_0001L, order, until, 1 + random.nextInt(3));
  }

  private static Id id(UseIndex.Use use) {
    return new Id(use.high, use.low);
  }

  private void add(UseIndex.Use use, MemoryShare share, int times) {
    Known fresh = new Known(use.order, use.until, times, share);
    model.merge(
        id(use),
        fresh,
        (old, more) ->
            more.until > old.until
                ? new Known(more.order, more.until, old.times + times, old.share)
                : new Known(old.order, old.until, old.times + times, old.share));
  }

  private void remove(UseIndex.Use use) {
    model.computeIfPresent(
        id(use),
        (id, old) ->
            old.times == 1 ? null : new Known(old.order, old.until, old.times - 1, old.share));
  }

  private void dropEnded() {
    model
        .values()
        .removeIf(
            known -> {
              boolean ended = Math.floorDiv(known.until, 1000L) < Math.floorDiv(now, 1000L);
              forgotten = ended ? Math.max(forgotten, known.order) : forgotten;
              return ended;
            });
  }

  private boolean isUsed(UseIndex.Use use) {
    Known known = model.get(id(use));
    return use.order <= forgotten || (known != null && known.times >= use.limit);
  }

  private boolean hasRoom(MemoryShare share, List<UseIndex.Use> wanted) {
    long more = wanted.stream().filter(use -> !model.containsKey(id(use))).count();
    List<MemoryShare> all = new ArrayList<>(model.values().stream().map(Known::share).toList());
    List<MemoryShare> ofDelegator =
        all.stream().filter(one -> one.delegator().equals(share.delegator())).toList();
    List<MemoryShare> ofAuthority = ofDelegator.stream().filter(share::equals).toList();
    MemoryShare.Room room =
        new MemoryShare.Room(
            all.size(),
            all.stream().map(MemoryShare::delegator).distinct().count()
                + (ofDelegator.isEmpty() ? 1 : 0),
            ofDelegator.size(),
            ofDelegator.stream().distinct().count() + (ofAuthority.isEmpty() ? 1 : 0),
            ofAuthority.size());
    return more == 0 || room.hasRoom(more, CAPACITY);
  }

  private static Map<Id, Known> shown(UseIndex index) {
    Map<Id, Known> all = new HashMap<>();
    index.forEach(
        (use, share, times) ->
            assertThat(all.put(id(use), new Known(use.order, use.until, times, share))).isNull());
    return all;
  }
}
