package dev.taper.agent.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Asks.Kept;
import dev.taper.agent.memory.MemoryShare;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of asks must do. */
public abstract class AsksContract {
  protected static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final MemoryShare ALICE = MemoryShare.of("user:alice@acme.com", new byte[] {1});
  private static final MemoryShare BOB = MemoryShare.of("user:bob@acme.com", new byte[] {2});
  private static final long ROOM = 64 * 1024;

  /** Opens the same store, with room for so many bytes. */
  protected abstract Asks open(long bytes);

  /** An ask that takes 2 KiB of the room. */
  protected static Ask ask(int number, MemoryShare share) {
    return new Ask(name(number), share, NOW.plusSeconds(60), "x".repeat(1024), 0);
  }

  /** An ask of somebody. */
  protected static Ask ask(int number) {
    return ask(number, ALICE);
  }

  protected static String name(int number) {
    return String.format("%064x", number);
  }

  @Test
  void find_kept_isTheSame() {
    Asks asks = open(ROOM);
    Ask ask = new Ask(name(1), ALICE, NOW.plusSeconds(60), "{\"ä\": \"\\u0000 😀\"}", 0);

    assertThat(asks.add(ask, NOW)).isEqualTo(Kept.YES);
    assertThat(asks.find(name(1), NOW)).isEqualTo(ask);
    assertThat(ask).hasToString("Ask(until 2026-11-26T12:01:00Z)"); // nothing of what it says
    assertThat(asks.find(name(2), NOW)).isNull();
    assertThat(open(ROOM).find(name(1), NOW)).isEqualTo(ask);
  }

  @Test
  void find_ended_isNothing() {
    Asks asks = open(ROOM);
    assertThat(asks.add(ask(1), NOW)).isEqualTo(Kept.YES);

    assertThat(asks.find(name(1), NOW.plusMillis(59_999))).isNotNull();
    assertThat(asks.find(name(1), NOW.plusSeconds(60))).isNull();
    assertThat(asks.replace(ask(1).changed("y"), NOW.plusSeconds(60))).isEqualTo(Kept.CHANGED);
  }

  @Test
  void heads_areThoseThatHaveNotEnded_theNextToEndFirst() {
    Asks asks = open(ROOM);
    Ask late = new Ask(name(1), ALICE, NOW.plusSeconds(90), "x", 0);
    assertThat(asks.add(late, NOW)).isEqualTo(Kept.YES);
    assertThat(asks.add(ask(3), NOW)).isEqualTo(Kept.YES);
    assertThat(asks.add(ask(2, BOB), NOW)).isEqualTo(Kept.YES);
    assertThat(asks.replace(ask(2, BOB).changed("y"), NOW)).isEqualTo(Kept.YES);

    assertThat(asks.heads(NOW))
        .containsExactly(
            new Ask.Head(name(2), NOW.plusSeconds(60), 1),
            new Ask.Head(name(3), NOW.plusSeconds(60), 0),
            new Ask.Head(name(1), NOW.plusSeconds(90), 0));
    assertThat(asks.heads(NOW.plusSeconds(60))).extracting(Ask.Head::name).containsExactly(name(1));
  }

  @Test
  void add_nameThatIsThere_changesNothing() {
    Asks asks = open(ROOM);
    assertThat(asks.add(ask(1), NOW)).isEqualTo(Kept.YES);

    Ask other = new Ask(name(1), BOB, NOW.plusSeconds(90), "y", 0);
    assertThat(asks.add(other, NOW)).isEqualTo(Kept.CHANGED);
    assertThat(asks.find(name(1), NOW)).isEqualTo(ask(1));
  }

  @Test
  void replace_ofTheRevisionBefore_isKept() {
    Asks asks = open(ROOM);
    assertThat(asks.add(ask(1), NOW)).isEqualTo(Kept.YES);
    Ask first = ask(1).changed("first");
    assertThat(asks.replace(first, NOW)).isEqualTo(Kept.YES);

    assertThat(asks.replace(ask(1).changed("second"), NOW)).isEqualTo(Kept.CHANGED);
    assertThat(asks.find(name(1), NOW)).isEqualTo(first);
    assertThat(asks.replace(ask(2).changed("none"), NOW)).isEqualTo(Kept.CHANGED);
  }

  @Test
  void replace_byManyAtOnce_oneSucceedsInEachRound() throws Exception {
    Asks asks = open(ROOM);
    assertThat(asks.add(ask(1), NOW)).isEqualTo(Kept.YES);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        Ask before = Objects.requireNonNull(asks.find(name(1), NOW));
        List<Callable<Kept>> racers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          Ask changed = before.changed("round " + round + ", racer " + i);
          racers.add(() -> asks.replace(changed, NOW));
        }
        int kept = 0;
        for (Future<Kept> outcome : threads.invokeAll(racers)) {
          kept += outcome.get() == Kept.YES ? 1 : 0;
        }
        assertThat(kept).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void add_byOneWhoFloods_leavesRoomForOthers() {
    Asks asks = open(ROOM);
    int kept = 0;
    for (int i = 0; i < 40; i++) {
      kept += asks.add(ask(i), NOW) == Kept.YES ? 1 : 0;
    }
    assertThat(kept).isBetween(15, 30);

    assertThat(asks.add(ask(100, BOB), NOW)).isEqualTo(Kept.YES);
    assertThat(asks.add(ask(101), NOW)).isEqualTo(Kept.NO_ROOM);
    assertThat(asks.find(name(101), NOW)).isNull();
  }

  @Test
  void add_byOneTokenThatFloods_leavesRoomForOthersOfItsDelegator() {
    Asks asks = open(ROOM);
    int kept = 0;
    while (kept < 40 && asks.add(ask(kept), NOW) == Kept.YES) {
      kept++;
    }
    assertThat(kept).isBetween(15, 30);

    MemoryShare other = MemoryShare.of("user:alice@acme.com", new byte[] {3});
    assertThat(asks.add(ask(100, other), NOW)).isEqualTo(Kept.YES);
    assertThat(asks.add(ask(101), NOW)).isEqualTo(Kept.NO_ROOM);
  }

  @Test
  void add_afterOthersEnded_hasTheirRoom() {
    Asks asks = open(ROOM);
    int kept = 0;
    while (kept < 40 && asks.add(ask(kept), NOW) == Kept.YES) {
      kept++;
    }
    assertThat(kept).isBetween(15, 30);

    Instant later = NOW.plusSeconds(60);
    Ask next = new Ask(name(kept), ALICE, later.plusSeconds(60), "x", 0);
    assertThat(asks.add(next, later)).isEqualTo(Kept.YES);
  }

  @Test
  void replace_beyondTheRoom_isRefused() {
    Asks asks = open(4 * 1024);
    assertThat(asks.add(ask(1), NOW)).isEqualTo(Kept.YES);

    assertThat(asks.replace(ask(1).changed("y".repeat(2048)), NOW)).isEqualTo(Kept.YES);
    for (int tooLong : new int[] {3073, 4096}) {
      Ask third = ask(1).changed("").changed("y".repeat(tooLong));
      assertThat(asks.replace(third, NOW)).isEqualTo(Kept.NO_ROOM);
    }
    Ask whole = ask(1).changed("").changed("y".repeat(3072));
    assertThat(asks.replace(whole, NOW)).isEqualTo(Kept.YES);
    assertThat(asks.find(name(1), NOW)).isNotNull();
  }
}
