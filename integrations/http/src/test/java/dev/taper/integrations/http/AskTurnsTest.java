package dev.taper.integrations.http;

import static dev.taper.integrations.http.AskContract.assertDone;
import static dev.taper.integrations.http.AskWorld.CLOSE;
import static dev.taper.integrations.http.AskWorld.approve;
import static dev.taper.integrations.http.AskWorld.body;
import static dev.taper.integrations.http.AskWorld.get;
import static dev.taper.integrations.http.AskWorld.location;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.integrations.http.Wire.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever floods the store of asks with look-ups, others are told and answered. */
class AskTurnsTest {
  private final AskWorld world = new AskWorld();
  private final List<AutoCloseable> open = new ArrayList<>();

  private TestService start(Asks asks) throws Exception {
    TestService service =
        JdkService.start(origin -> HttpGuard.of(world.verifier(origin).build()).keepingAsks(asks));
    open.add(service);
    return service;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  /** Asks in memory, but for look-ups that do not return for as long as the test wants. */
  private static final class SlowAsks implements Asks {
    private final Asks kept = Asks.inMemory();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Predicate<String> slow = name -> false;

    @Override
    public Kept add(Ask ask, Instant now) {
      return kept.add(ask, now);
    }

    @Override
    public @Nullable Ask find(String name, Instant now) {
      if (slow.test(name)) {
        waiting.incrementAndGet();
        try {
          end.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return kept.find(name, now);
    }

    @Override
    public List<Ask.Head> heads(Instant now) {
      return kept.heads(now);
    }

    @Override
    public Kept replace(Ask changed, Instant now) {
      return kept.replace(changed, now);
    }
  }

  /** Looks an ask up again and again while others ask, are told and are answered. */
  private void flood(TestService service, SlowAsks asks, String target) throws Exception {
    AgentToken bobs = world.mint("user:bob@acme.com");
    String before = location(world.ask(service, bobs, body("POST", CLOSE)));
    String flooded = target.isEmpty() ? "/v1/asks/" + "a".repeat(21) + "A" : target;
    String name =
        Objects.requireNonNull(AskId.parse(flooded.substring("/v1/asks/".length()))).name();
    asks.slow = name::equals;
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Answer>> flood = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        flood.add(threads.submit(() -> get(service, flooded)));
      }
      while (asks.waiting.get() == 0 || flood.stream().noneMatch(Future::isDone)) {
        Thread.sleep(5); // until there is no turn left
      }
      for (int i = 0; i < 3; i++) {
        assertThat(get(service, before).status()).isEqualTo(200);
      }
      assertDone(approve(service, before, world.world.boss));
      String later = location(world.ask(service, bobs, body("POST", "/issues/8/close")));
      assertThat(get(service, later).status()).isEqualTo(200);
    } finally {
      asks.end.countDown();
      threads.shutdown();
    }
  }

  @Test
  void lookUps_ofWhoGuesses_takeNoTurnOfOthers() throws Exception {
    SlowAsks asks = new SlowAsks();
    flood(start(asks), asks, "");
  }

  @Test
  void lookUps_ofOneDelegator_leaveTurnsToOthers() throws Exception {
    SlowAsks asks = new SlowAsks();
    TestService service = start(asks);
    flood(service, asks, location(world.ask(service, body("POST", CLOSE))));
  }
}
