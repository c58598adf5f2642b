package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SeenQueueTest {
  private static final int THREADS = 4;
  private static final int EACH = 20_000;

  private final Watched.Caller caller = new Watched().caller("agent:planner", "jira.search");
  private final DelegationChain chain = AgentToken.of(caller.token.token()).chain();
  private final PublicKey key = caller.key.publicKey();

  private Seen seen(int thread, int number) {
    return seen(thread, number, 10);
  }

  private Seen seen(int thread, int number, int bytes) {
    return new Seen(
        number, chain, bytes, key, null, true, false, thread, 0, false, false, "jira.search", null);
  }

  @Test
  void take_fromAnEmptyQueue_isNothing() {
    SeenQueue queue = new SeenQueue(4, 190);
    assertThat(queue.take()).isNull();
    for (int i = 0; i < 6; i++) {
      queue.add(seen(0, i));
    }
    assertThat(queue.lost()).isEqualTo(2);
    for (int i = 0; i < 4; i++) {
      assertThat(queue.take()).isEqualTo(seen(0, i));
    }
    assertThat(queue.take()).isNull();
  }

  /** A decision that waits keeps all that was read of its token. */
  @Test
  void add_moreThanTheBytesOfTheirTokens_isLostUntilThereIsRoom() {
    SeenQueue queue = new SeenQueue(8, 175);
    for (int i = 0; i < 3; i++) {
      queue.add(seen(0, i));
    }
    assertThat(queue.lost()).isEqualTo(1);

    assertThat(queue.take()).isEqualTo(seen(0, 0));
    queue.add(seen(0, 3));
    queue.add(seen(0, 4));

    assertThat(queue.lost()).isEqualTo(2);
    assertThat(queue.take()).isEqualTo(seen(0, 1));
    assertThat(queue.take()).isEqualTo(seen(0, 3));
    assertThat(queue.take()).isNull();
  }

  /** Whoever has a large token could have nothing more noticed of anybody. */
  @Test
  void add_toOneThatLargeTokensFill_hasRoomForSmallOnes() {
    SeenQueue queue = new SeenQueue(256, 1_600);
    for (int i = 0; i < 100; i++) {
      queue.add(seen(0, i, 50));
    }
    long lost = queue.lost();
    for (int i = 0; i < 50; i++) {
      queue.add(seen(1, i, 10));
    }

    assertThat(lost).isEqualTo(83);
    assertThat(queue.lost()).isEqualTo(lost);
  }

  /** What is not lost comes out once, and of each thread in its order. */
  @Test
  void add_byManyThreads_keepsTheirOrder() throws InterruptedException {
    SeenQueue queue = new SeenQueue(256, 2_710);
    CountDownLatch ready = new CountDownLatch(THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                ready.countDown();
                for (int j = 0; j < EACH; j++) {
                  queue.add(seen(number, j));
                }
              });
      threads.add(thread);
      thread.start();
    }
    ready.await();
    long[] last = {-1, -1, -1, -1};
    long taken = 0;
    boolean running = true;
    while (running) {
      running = threads.stream().anyMatch(Thread::isAlive);
      for (Seen next = queue.take(); next != null; next = queue.take()) {
        assertThat(next.at()).isGreaterThan(last[(int) next.id()]);
        last[(int) next.id()] = next.at();
        taken++;
      }
    }

    assertThat(taken + queue.lost()).isEqualTo((long) THREADS * EACH);
  }
}
