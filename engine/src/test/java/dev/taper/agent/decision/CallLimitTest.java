package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.Await;
import dev.taper.testing.Refused;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallLimitTest {
  private static final MemoryShare ALICE = MemoryShare.of("user:alice@acme.com", new byte[1]);
  private static final MemoryShare BOB = MemoryShare.of("user:bob@acme.com", new byte[2]);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch open = new CountDownLatch(1);

  @AfterEach
  void end() {
    open.countDown();
    threads.shutdownNow();
  }

  private static CallLimit limit(int atOnce, int waiting, Duration longest) {
    return new CallLimit(new CallLimit.Terms(atOnce, waiting), longest, Clock.systemUTC());
  }

  /** Starts a call that lasts until the door opens, and waits until it is looked at. */
  private Future<String> begun(CallLimit limit, MemoryShare party) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> call =
        threads.submit(
            () ->
                limit.during(
                    party,
                    () -> {
                      begun.countDown();
                      Await.down(open);
                      return "done";
                    }));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    return call;
  }

  private void begin(CallLimit limit, MemoryShare party) throws Exception {
    Future<String> unused = begun(limit, party);
  }

  private static String call(CallLimit limit, MemoryShare party) {
    return limit.during(party, () -> "done");
  }

  @Test
  void during_partyAlone_leavesRoomForOthersWhoFindIt() throws Exception {
    CallLimit limit = limit(8, 0, Duration.ofMillis(5));
    for (int i = 0; i < 7; i++) {
      begin(limit, CallLimit.STRANGERS);
    }

    Refused.with(ErrorCode.OVERLOADED, () -> call(limit, CallLimit.STRANGERS));
    assertThat(call(limit, ALICE)).isEqualTo("done");
    assertThat(call(limit, BOB)).isEqualTo("done");

    assertThat(limit.health()).isEqualTo(new VerifierHealth.Calls(7, 8, 0, 0, 1));
  }

  @Test
  void during_floodOfStrangers_neverKeepsOutAKnownCaller() throws Exception {
    CallLimit limit = limit(4, 4, Duration.ofMinutes(5));
    List<Future<?>> all = new ArrayList<>();
    all.add(begun(limit, CallLimit.STRANGERS));
    all.add(begun(limit, CallLimit.STRANGERS));
    all.add(begun(limit, CallLimit.STRANGERS));
    AtomicInteger shed = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      all.add(
          threads.submit(
              () -> {
                try {
                  call(limit, CallLimit.STRANGERS);
                } catch (TaperException e) {
                  shed.incrementAndGet();
                }
              }));
    }
    while (shed.get() < 47) {
      TimeUnit.MILLISECONDS.sleep(1); // three of them may wait
    }
    assertThat(limit.health()).isEqualTo(new VerifierHealth.Calls(3, 4, 3, 4, 47));
    assertThat(call(limit, ALICE)).isEqualTo("done");

    open.countDown();
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(limit.health()).isEqualTo(new VerifierHealth.Calls(0, 4, 0, 4, 47));
  }

  @Test
  void during_oneWhoWaits_isLetInWhenACallEnds() throws Exception {
    CallLimit limit = limit(1, 1, Duration.ofMinutes(5));
    Future<String> first = begun(limit, ALICE);
    Future<String> second = threads.submit(() -> call(limit, BOB));
    while (limit.health().waiting() == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    Refused.with(ErrorCode.OVERLOADED, () -> call(limit, BOB));

    open.countDown();

    assertThat(first.get()).isEqualTo("done");
    assertThat(second.get()).isEqualTo("done");
    assertThat(limit.health()).isEqualTo(new VerifierHealth.Calls(0, 1, 0, 1, 1));
  }

  @Test
  void during_oneWhoWaitsTooLongOrIsInterrupted_isTurnedAwayAndLeavesNothing() throws Exception {
    CallLimit limit = limit(1, 1, Duration.ofMillis(1));
    begin(limit, ALICE);

    Refused.with(ErrorCode.OVERLOADED, () -> call(limit, BOB));
    assertThat(Thread.interrupted()).isFalse();
    Thread.currentThread().interrupt();
    Refused.with(ErrorCode.OVERLOADED, () -> call(limit, BOB));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(limit.health()).isEqualTo(new VerifierHealth.Calls(1, 1, 0, 1, 2));
  }

  // Shares of 48 places, of which strangers hold half

  private static int held(CallLimit limit, MemoryShare party, int calls, Supplier<Integer> inside) {
    return calls == 0
        ? inside.get()
        : limit.during(party, () -> held(limit, party, calls - 1, inside));
  }

  /** How many calls more a party can have at once. */
  private static int more(CallLimit limit, MemoryShare party) {
    try {
      return limit.during(party, () -> 1 + more(limit, party));
    } catch (TaperException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
      return 0;
    }
  }

  private static int moreBesideStrangers(CallLimit limit, MemoryShare party) {
    return held(limit, CallLimit.STRANGERS, 24, () -> more(limit, party));
  }

  @Test
  void during_partiesThatLeft_countForNothing() {
    CallLimit limit = limit(48, 0, Duration.ofMillis(1));
    assertThat(moreBesideStrangers(limit, BOB)).isEqualTo(16);

    assertThat(held(limit, ALICE, 1, () -> 7)).isEqualTo(7);
    assertThat(moreBesideStrangers(limit, BOB)).isEqualTo(16);
    assertThat(held(limit, ALICE, 3, () -> 7)).isEqualTo(7);
    assertThat(moreBesideStrangers(limit, BOB)).isEqualTo(16);
    Supplier<Integer> besideAlice = () -> held(limit, ALICE, 1, () -> more(limit, BOB));
    assertThat(held(limit, CallLimit.STRANGERS, 24, besideAlice)).isEqualTo(12);
  }

  @Test
  void during_oneOfSeveralCallsEnds_othersStillCount() {
    CallLimit limit = limit(48, 0, Duration.ofMillis(1));
    Supplier<Integer> oneEnds =
        () -> {
          call(limit, ALICE);
          return more(limit, ALICE);
        };

    assertThat(held(limit, CallLimit.STRANGERS, 24, () -> held(limit, ALICE, 3, oneEnds)))
        .isEqualTo(13);
  }

  @Test
  void during_severalBlocksOfOneDelegator_shareItsPart() {
    CallLimit limit = limit(48, 0, Duration.ofMillis(1));
    MemoryShare other = MemoryShare.of("user:alice@acme.com", new byte[2]);

    assertThat(
            held(
                limit,
                CallLimit.STRANGERS,
                24,
                () -> held(limit, ALICE, 8, () -> more(limit, other))))
        .isEqualTo(5);
  }

  @Test
  void during_callThatFails_leavesItsPlace() {
    CallLimit limit = limit(1, 0, Duration.ofMillis(1));
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(
              () ->
                  limit.during(
                      ALICE,
                      () -> {
                        throw new IllegalStateException("no");
                      }));
    }
    assertThat(limit.health()).isEqualTo(new VerifierHealth.Calls(0, 1, 0, 0, 0));
  }

  @Test
  void callsAtOnce_numbersThatMakeNoSense_areRefused() {
    Story story = new Story();
    int most = CallLimit.MOST;
    assertThat(story.verifier().callsAtOnce(most, most).build().health().calls())
        .isEqualTo(new VerifierHealth.Calls(0, most, 0, most, 0));
    for (int[] terms : new int[][] {{0, 0}, {-1, 0}, {1, -1}, {most + 1, 0}, {1, most + 1}}) {
      Refused.with(
          ErrorCode.INVALID_ARGUMENT, () -> story.verifier().callsAtOnce(terms[0], terms[1]));
    }
  }

  /** Every way to ask a verifier takes a place, and what is turned away used and told nothing. */
  @Test
  void verifier_withoutRoom_looksAtNothingAndRecordsNothing() throws Exception {
    Story story = new Story();
    List<DecisionEvent> events = new ArrayList<>();
    CountDownLatch inside = new CountDownLatch(1);
    Verifier verifier =
        story
            .verifier()
            .callsAtOnce(1, 0)
            .listener(
                event -> {
                  events.add(event);
                  inside.countDown();
                  Await.down(open);
                })
            .build();
    AgentToken token = story.atPlanner();
    ToolCall search = Story.search();
    Proof proof = token.prove(story.plannerKey, search, Story.JIRA, story.clock);
    String text = token.encodeBase64();
    Future<CallDecision> first =
        threads.submit(() -> story.decide(verifier, token, story.plannerKey, search));
    Await.down(inside);

    for (Supplier<@Nullable Object> look :
        List.<Supplier<@Nullable Object>>of(
            () -> verifier.decide(Credentials.of(text, proof.encodeBase64()), search),
            () -> verifier.decide(token.token(), search, proof, SentApprovals.NONE),
            () -> verifier.preview(UnverifiedToken.decode(text), search, SentApprovals.NONE),
            () -> verifier.asked(token.token(), search, SentApprovals.NONE, false),
            () -> verifier.offer(Credentials.of(text, null)),
            () -> verifier.unproven(Credentials.of(text, proof.encodeBase64()), search.sent()),
            () -> verifier.useProof(Credentials.of(text, proof.encodeBase64()), search.sent()))) {
      Refused.with(ErrorCode.OVERLOADED, look::get);
    }
    assertThat(Objects.requireNonNull(verifier.health().calls()).shed()).isEqualTo(7);
    open.countDown();

    assertThat(first.get().allowed()).isTrue();
    assertThat(verifier.decide(Credentials.of(text, proof.encodeBase64()), search).allowed())
        .isTrue();
    assertThat(events).hasSize(2);
    assertThat(story.verifier().build().health().calls()).isNull();
  }

  private static Service service(VerifierBuilder settings) {
    return new Service(settings, Audience.of(Story.JIRA));
  }

  /** A token that was verified before has its own share; before that it is one of the strangers. */
  @Test
  void verifier_tokenThatItKnows_isNotKeptOutByTokensThatItDoesNot() {
    Story story = new Story();
    TokenReader reader = TokenReader.of(service(story.verifier()));
    AgentToken token = story.atPlanner();
    assertThat(reader.party(token.encodeBase64())).isEqualTo(CallLimit.STRANGERS);

    var unused = reader.verify(token.encodeBase64(), first -> {});

    MemoryShare own = reader.party(token.encodeBase64());
    assertThat(own).isNotEqualTo(CallLimit.STRANGERS);
    assertThat(reader.party(token.token())).isEqualTo(own);
    assertThat(reader.party(story.atResearcher().token())).isEqualTo(CallLimit.STRANGERS);
    TokenReader without = TokenReader.of(service(story.verifier().withoutTokenCache()));
    assertThat(without.verify(token.token(), first -> {}).encode()).isEqualTo(token.encode());
    assertThat(without.party(token.encodeBase64())).isEqualTo(CallLimit.STRANGERS);
  }
}
