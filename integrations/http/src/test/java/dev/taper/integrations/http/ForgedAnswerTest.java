package dev.taper.integrations.http;

import static dev.taper.integrations.http.AskContract.assertRefused;
import static dev.taper.integrations.http.AskWorld.CLOSE;
import static dev.taper.integrations.http.AskWorld.approval;
import static dev.taper.integrations.http.AskWorld.body;
import static dev.taper.integrations.http.AskWorld.get;
import static dev.taper.integrations.http.AskWorld.location;
import static dev.taper.integrations.http.AskWorld.post;
import static dev.taper.integrations.http.AskWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Asks;
import dev.taper.crypto.PrivateKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers to asks that are signed by nobody. */
class ForgedAnswerTest {
  private static final int FIRST_OF_SIGNATURE = 35;

  private final AskWorld world = new AskWorld();
  private final CountingClock clock = new CountingClock();

  /** Each decision, a preview too, asks what time it is: so this counts them. */
  private static final class CountingClock extends Clock {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public Instant instant() {
      asked.incrementAndGet();
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private int workFor(TestService service, String target, PrivateKey named) throws Exception {
    ApprovalRequest request = request(get(service, target));
    byte[] bytes = approval(request, named).encode();
    bytes[FIRST_OF_SIGNATURE] ^= 1;
    String forged = AskWorld.answer(Approval.decode(bytes));
    int before = clock.asked.get();
    assertRefused(post(service, target, List.of(), forged), 403, "approval_mismatch");
    return clock.asked.get() - before;
  }

  /** Else whoever lacks the key learns by the time whether it is an approver's. */
  @Test
  void forgedApproval_byAnApproverAndByAStranger_takeTheSameWork() throws Exception {
    try (TestService service =
        JdkService.start(
            origin ->
                HttpGuard.of(world.verifier(origin).clock(clock).build())
                    .keepingAsks(Asks.inMemory()))) {
      String target = location(world.ask(service, body("POST", CLOSE)));
      assertThat(workFor(service, target, world.world.boss))
          .isEqualTo(workFor(service, target, world.stranger))
          .isPositive();
    }
  }
}
