package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.decision.CallPreview;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.testing.SettableClock;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private final Trails trails = new Trails();
  private final MemorySink sink = new MemorySink();

  private LogVerification verdict() {
    return AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).verify(sink);
  }

  private static void assertCode(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void open_newLog_beginsWithAStartThatIsSigned() {
    trails.log(sink).open().close();

    assertThat(sink.kinds()).containsExactly(AuditKind.OPEN, AuditKind.CHECKPOINT);
    assertThat(sink.closed).isTrue();
    assertThat(verdict().intact()).isTrue();
  }

  /** No record of one log is one of another. */
  @Test
  void open_newLogs_haveIdsOfTheirOwn() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      MemorySink own = new MemorySink();
      trails.log(own).open().close();
      ids.add(((AuditContent.LogStart) own.records.get(0).content()).log());
    }
    assertThat(ids).hasSize(3).doesNotContain("0".repeat(32));
  }

  @Test
  void open_signerThatCannotSign_failsAndClosesTheSink() {
    Signer broken =
        new Signer() {
          @Override
          public PublicKey publicKey() {
            return trails.auditKey.publicKey();
          }

          @Override
          public byte[] sign(byte[] message) {
            throw new TaperException(ErrorCode.SIGNING_FAILED, "away");
          }
        };
    assertCode(() -> AuditLog.on(sink, broken).open(), ErrorCode.SIGNING_FAILED);
    assertThat(sink.closed).isTrue();
  }

  @Test
  void open_logThatEndsUnsigned_isSignedWhenItCloses() {
    trails.log(sink).open().close();
    sink.append(List.of(AuditRecord.of(2, sink.records.get(1).hash(), Trails.event("T-1"))));

    try (AuditLog log = trails.log(sink).open()) {
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().equals("taper-audit"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
      assertThat(log.head().sequence()).isEqualTo(2);
    }

    assertThat(sink.kinds()).endsWith(AuditKind.TASK_END, AuditKind.CHECKPOINT);
    trails.log(sink).open().close();
    assertThat(sink.kinds()).as("nothing is unsigned now").hasSize(4);
  }

  @Test
  void append_afterSoManyRecords_signsACheckpoint() {
    try (AuditLog log = trails.log(sink).checkpointEvery(3).open()) {
      for (int i = 0; i < 7; i++) {
        log.append(Trails.event("T-" + i));
      }
    }

    assertThat(sink.kinds())
        .containsExactly(
            AuditKind.OPEN,
            AuditKind.CHECKPOINT,
            AuditKind.TASK_END,
            AuditKind.TASK_END,
            AuditKind.TASK_END,
            AuditKind.CHECKPOINT,
            AuditKind.TASK_END,
            AuditKind.TASK_END,
            AuditKind.TASK_END,
            AuditKind.CHECKPOINT,
            AuditKind.TASK_END,
            AuditKind.CHECKPOINT);
  }

  /** The thread gets records and the end together, or one after the other. */
  @Test
  void close_rightBehindRecordsThatNobodyWaitsFor_signsThemAll() {
    for (int i = 0; i < 200; i++) {
      MemorySink own = new MemorySink();
      try (AuditLog log = trails.log(own).open()) {
        var unused = log.submit(Trails.event("T-1"));
      }
      assertThat(own.kinds()).endsWith(AuditKind.TASK_END, AuditKind.CHECKPOINT);
    }
  }

  @Test
  void append_whenTheOldestUnsignedRecordIsOldEnough_signsACheckpoint() {
    SettableClock clock = new SettableClock(Trails.NOON);
    try (AuditLog log =
        trails.log(sink).clock(clock).checkpointEvery(Duration.ofSeconds(60)).open()) {
      log.append(Trails.event("T-1"));
      clock.forward(Duration.ofSeconds(59));
      log.append(Trails.event("T-2"));
      clock.forward(Duration.ofSeconds(1));
      log.append(Trails.event("T-3"));
      assertThat(sink.kinds().get(sink.kinds().size() - 1)).isEqualTo(AuditKind.CHECKPOINT);
      assertThat(sink.kinds()).hasSize(6);
    }
  }

  @Test
  void append_nothingFollows_isSignedAllTheSameInTime() throws Exception {
    CountDownLatch signed = new CountDownLatch(1);
    AuditSink watched =
        new Forwarding(sink) {
          @Override
          public void append(List<AuditRecord> records) {
            super.append(records);
            if (records.size() == 1
                && records.get(0).content() instanceof AuditContent.Checkpoint) {
              signed.countDown();
            }
          }
        };
    AuditLog log =
        trails.log(watched).clock(Clock.systemUTC()).checkpointEvery(Duration.ofMillis(20)).open();
    log.append(Trails.event("T-1"));

    assertThat(signed.await(30, TimeUnit.SECONDS)).isTrue();
    log.close();
  }

  @Test
  void checkpoint_asked_signsOnceAndGivesTheHead() {
    try (AuditLog log = trails.log(sink).open()) {
      AuditLog.Receipt receipt = log.append(Trails.event("T-1"));
      AuditRecord.Head head = log.checkpoint();

      assertThat(receipt.sequence()).isEqualTo(2);
      assertThat(head.sequence()).isEqualTo(3);
      assertThat(log.checkpoint()).isEqualTo(head);
      assertThat(log.head()).isEqualTo(head);
      assertThat(AuditRecord.Head.parse(head.toString())).isEqualTo(head);
    }
    assertThat(sink.kinds()).hasSize(4);
  }

  @Test
  void submit_manyRecords_completeInOrderWithTheirPlaces() {
    try (AuditLog log = trails.log(sink).open()) {
      List<CompletableFuture<AuditLog.Receipt>> all =
          java.util.stream.IntStream.range(0, 500)
              .mapToObj(i -> log.submit(Trails.event("T-" + i)).toCompletableFuture())
              .toList();
      for (int i = 0; i < all.size(); i++) {
        AuditLog.Receipt receipt = all.get(i).join();
        AuditRecord record = sink.records.get((int) receipt.sequence());
        assertThat(record.hash()).isEqualTo(receipt.hash());
        assertThat(((AuditEvent) record.content()).task()).isEqualTo("T-" + i);
      }
    }
    assertThat(verdict().intact()).isTrue();
  }

  @Test
  void append_sinkFull_failsAndGoesOnLater() {
    try (AuditLog log = trails.log(sink).open()) {
      sink.full = true;
      assertCode(() -> log.append(Trails.event("T-1")), ErrorCode.AUDIT_UNAVAILABLE);
      sink.full = false;
      log.append(Trails.event("T-2"));
    }
    assertThat(verdict().intact()).isTrue();
    assertThat(sink.kinds()).containsOnlyOnce(AuditKind.TASK_END);
  }

  @Test
  void append_sinkStoresButFails_continuesBehindWhatItStored() {
    try (AuditLog log = trails.log(sink).open()) {
      sink.storesThenFails = true;
      assertCode(() -> log.append(Trails.event("T-1")), ErrorCode.AUDIT_UNAVAILABLE);
      sink.storesThenFails = false;
      log.append(Trails.event("T-2"));
    }
    assertThat(verdict().intact()).isTrue();
    assertThat(verdict().unsigned()).isZero();
  }

  @Test
  void append_anotherWriterInterfered_isRefusedFromThenOn() {
    AuditLog log = trails.log(sink).open();
    sink.full = true;
    assertCode(() -> log.append(Trails.event("T-1")), ErrorCode.AUDIT_UNAVAILABLE);
    sink.full = false;
    sink.append(List.of(AuditRecord.of(2, log.head().hash(), Trails.event("T-2"))));

    assertCode(() -> log.append(Trails.event("T-3")), ErrorCode.AUDIT_CORRUPT);
    assertCode(() -> log.append(Trails.event("T-4")), ErrorCode.AUDIT_CORRUPT);
    assertCode(log::close, ErrorCode.AUDIT_CORRUPT);
  }

  @Test
  void append_sinkDoesNotAnswer_isWithdrawnAndTheQueueIsBounded() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AuditSink slow =
        new Forwarding(sink) {
          @Override
          public void append(List<AuditRecord> records) {
            if (records.get(0).sequence() > 0) {
              stuck.countDown();
              await(released);
            }
            super.append(records);
          }
        };
    AuditLog log = trails.log(slow).capacity(2).patience(Duration.ofMillis(50)).open();
    CompletableFuture<AuditLog.Receipt> first =
        log.submit(Trails.event("T-1")).toCompletableFuture();
    stuck.await();

    assertCode(() -> log.append(Trails.event("T-2")), ErrorCode.AUDIT_UNAVAILABLE);
    CompletableFuture<AuditLog.Receipt> third =
        log.submit(Trails.event("T-3")).toCompletableFuture();
    assertCode(() -> log.append(Trails.event("T-4")), ErrorCode.AUDIT_UNAVAILABLE);
    released.countDown();
    first.join();
    third.join();
    log.close();

    assertThat(sink.records.stream().map(AuditRecord::json).toList())
        .anyMatch(json -> json.contains("T-1"))
        .anyMatch(json -> json.contains("T-3"))
        .noneMatch(json -> json.contains("T-2"))
        .noneMatch(json -> json.contains("T-4"));
    assertThat(verdict().intact()).isTrue();
  }

  @Test
  void append_closed_isRefused() {
    AuditLog log = trails.log(sink).open();
    log.close();
    log.close();

    assertCode(() -> log.append(Trails.event("T-1")), ErrorCode.AUDIT_UNAVAILABLE);
  }

  @Test
  void close_lastCheckpointFails_saysSo() {
    AuditLog log = trails.log(sink).open();
    log.append(Trails.event("T-1"));
    sink.full = true;

    assertCode(log::close, ErrorCode.AUDIT_UNAVAILABLE);
    assertThat(sink.closed).isTrue();
    log.close(); // was said once
  }

  @Test
  void append_recordTooLarge_isRefusedAlone() {
    PublicKey key = trails.plannerKey.publicKey();
    AuditHop hop =
        new AuditHop(
            0,
            DelegationHop.Mode.AUTHORITY,
            "user:alice@acme.com",
            "agent:planner",
            key,
            "ab".repeat(32),
            null,
            null,
            "x".repeat(AuditHop.MAX_GRANTED));
    AuditEvent huge =
        new AuditEventBuilder(AuditKind.MINT, Trails.NOON)
            .hops(Collections.nCopies(600, hop))
            .build();
    try (AuditLog log = trails.log(sink).open()) {
      assertCode(() -> log.append(huge), ErrorCode.MALFORMED_AUDIT_RECORD);
      log.append(Trails.event("T-1"));
    }
    assertThat(sink.kinds()).doesNotContain(AuditKind.MINT).contains(AuditKind.TASK_END);
    assertThat(verdict().intact()).isTrue();
  }

  @Test
  void decided_verifierWithALog_recordsAllowedAndDenied() {
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      assertThat(trails.call(verifier, Trails.search())).isTrue();
      assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();
    }
    assertThat(sink.kinds())
        .containsExactly(
            AuditKind.OPEN,
            AuditKind.CHECKPOINT,
            AuditKind.ALLOW,
            AuditKind.DENY,
            AuditKind.CHECKPOINT);
    AuditEvent first = (AuditEvent) sink.records.get(2).content();
    AuditEvent second = (AuditEvent) sink.records.get(3).content();
    assertThat(first.hops()).allSatisfy(hop -> assertThat(hop.granted()).isNotNull());
    assertThat(second.hops()).allSatisfy(hop -> assertThat(hop.granted()).isNull());
    assertThat(Objects.requireNonNull(second.basis()).code()).isNotNull();
    assertThat(second.basis().failingHop()).isEqualTo(0);
  }

  private static long omitted(AuditRecord record) {
    AuditEvent event = (AuditEvent) record.content();
    Long omitted = Objects.requireNonNull(event.basis()).omitted();
    return omitted == null ? 0 : omitted;
  }

  private List<AuditRecord> denials() {
    return sink.records.stream().filter(r -> r.content().kind() == AuditKind.DENY).toList();
  }

  private long counted() {
    return denials().stream().mapToLong(record -> 1 + omitted(record)).sum();
  }

  @Test
  void decided_manyCallsWithoutAProof_leaveFewShortRecordsThatCountAll() {
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      String token = trails.atResearcher.encodeBase64();
      for (int i = 0; i < 1000; i++) {
        assertThat(verifier.decide(Credentials.of(token, null), Trails.search()).allowed())
            .isFalse();
      }
      assertThat(verifier.unrecordedDecisions()).isZero();
      assertThat(trails.call(verifier, Trails.search())).as("others are not held up").isTrue();
      assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();
    }
    AuditEvent first = (AuditEvent) denials().get(0).content();
    assertThat(first.hops()).isEmpty();
    assertThat(Objects.requireNonNull(first.basis()).isProven()).isFalse();
    assertThat(denials().get(0).bytes()).hasSizeLessThan(1024);
    assertThat(denials()).hasSize(Denials.UNPROVEN.burst() + 2);
    assertThat(counted()).isEqualTo(1001);
    AuditEvent own = (AuditEvent) denials().get(Denials.UNPROVEN.burst()).content();
    assertThat(own.hops()).as("a denial with a proof says who made the call").hasSize(2);
    assertThat(verdict().intact()).isTrue();
  }

  @Test
  void decided_proofUsedAgain_doesNotSayThatTheAgentActed() {
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      String proof =
          trails
              .atResearcher
              .prove(trails.researcherKey, Trails.search(), Trails.JIRA, Trails.CLOCK)
              .encodeBase64();
      String token = trails.atResearcher.encodeBase64();
      assertThat(verifier.decide(Credentials.of(token, proof), Trails.search()).allowed()).isTrue();
      assertThat(verifier.decide(Credentials.of(token, proof), Trails.search()).allowed())
          .isFalse();
    }
    AuditEvent replayed = (AuditEvent) denials().get(0).content();
    assertThat(replayed.hops()).isEmpty();
    assertThat(Objects.requireNonNull(replayed.basis()).proofKey()).isNull();
  }

  /** A copy of a proof is as good, where nobody can say whether it was used. */
  @Test
  void decided_nobodyKnowsWhetherTheProofWasUsed_doesNotSayThatTheAgentActed() {
    ReplayMemory away =
        (use, share, now) -> {
          throw new IllegalStateException("away");
        };
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().replayMemory(away).listener(log).build();
      assertThat(trails.call(verifier, Trails.search())).isFalse();
    }
    AuditBasis basis = Objects.requireNonNull(((AuditEvent) denials().get(0).content()).basis());
    assertThat(basis.code()).isEqualTo(DenialCode.REPLAY_CACHE_UNAVAILABLE);
    assertThat(basis.proofKey()).isNull();
  }

  @Test
  void decided_manyDenialsWithProofs_areBoundedAndCounted() {
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      for (int i = 0; i < Denials.PROVEN.burst() + 50; i++) {
        assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();
      }
      for (int i = 0; i < 3; i++) {
        assertThat(trails.call(verifier, Trails.search())).isTrue();
      }
    }
    assertThat(denials()).hasSize(Denials.PROVEN.burst() + 1);
    assertThat(counted()).isEqualTo(Denials.PROVEN.burst() + 50);
    assertThat(sink.kinds()).filteredOn(kind -> kind == AuditKind.ALLOW).hasSize(3);
  }

  /** Who has one token takes no room of those that were granted otherwise. */
  @Test
  void decided_manyDenialsOfOneAuthority_leaveRoomForAnother() {
    String other =
        Issuer.of(trails.root)
            .clock(Trails.CLOCK)
            .mint(
                Delegation.by("user:bob@acme.com")
                    .to(Agent.of("agent:other", trails.plannerKey.publicKey()))
                    .task("T-other")
                    .grant("jira.get")
                    .expiresIn(Duration.ofMinutes(60)))
            .encodeBase64();
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      for (int i = 0; i < 2 * Denials.UNPROVEN.burst(); i++) {
        var unused =
            verifier.decide(
                Credentials.of(trails.atResearcher.encodeBase64(), null), Trails.search());
      }
      var unused = verifier.decide(Credentials.of(other, null), Trails.search());
      assertThat(denials()).hasSize(Denials.UNPROVEN.burst() + 1);
    }
    assertThat(denials().get(Denials.UNPROVEN.burst()).json()).contains("\"task\":\"T-other\"");
  }

  /** Such calls went ahead, so each is recorded. */
  @Test
  void decided_manyDenialsThatAreOnlyObserved_areAllRecorded() {
    int calls = Denials.PROVEN.burst() + 50;
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().observeOnly().listener(log).build();
      for (int i = 0; i < calls; i++) {
        assertThat(trails.call(verifier, Trails.search().operation("delete"))).isTrue();
      }
    }
    assertThat(denials()).hasSize(calls);
    assertThat(denials()).allMatch(record -> omitted(record) == 0);
  }

  @Test
  void asked_ofManyCalls_recordsAsksAndNoDenials() {
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      UnverifiedToken token = trails.atResearcher.token();
      for (int i = 0; i < Denials.PROVEN.burst() + 50; i++) {
        CallPreview denied =
            verifier.asked(token, Trails.search().operation("delete"), SentApprovals.NONE, false);
        assertThat(denied.wouldBeAllowed()).isFalse();
      }
      assertThat(verifier.asked(token, Trails.search(), SentApprovals.NONE, false).wouldBeAllowed())
          .isTrue();
    }
    List<AuditRecord> asks = asks();
    assertThat(asks).hasSize(Denials.PROVEN.burst() + 1);
    assertThat(asks.stream().mapToLong(record -> 1 + omitted(record)).sum())
        .isEqualTo(Denials.PROVEN.burst() + 50);
    assertThat(sink.kinds())
        .as("nothing was called")
        .doesNotContain(AuditKind.ALLOW, AuditKind.DENY);
    AuditEvent first = (AuditEvent) asks.get(0).content();
    assertThat(Objects.requireNonNull(first.basis()).proofKey())
        .isEqualTo(trails.researcherKey.publicKey());
  }

  /** Asks take none of the room of denials, and are not counted among them. */
  @Test
  void asked_asOftenAsCalled_areCountedApart() {
    try (AuditLog log = trails.log(sink).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      for (int i = 0; i < Denials.PROVEN.burst() + 5; i++) {
        var unused =
            verifier.asked(
                trails.atResearcher.token(),
                Trails.search().operation("delete"),
                SentApprovals.NONE,
                false);
      }
      assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();
    }
    assertThat(denials()).hasSize(1);
    assertThat(counted()).isEqualTo(1);
    assertThat(asks()).hasSize(Denials.PROVEN.burst() + 1);
  }

  private List<AuditRecord> asks() {
    return sink.records.stream().filter(r -> r.content().kind() == AuditKind.ASK).toList();
  }

  @Test
  void recordEveryDenial_manyCallsWithoutAProof_recordsAll() {
    try (AuditLog log = trails.log(sink).recordEveryDenial().open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      for (int i = 0; i < 100; i++) {
        var unused =
            verifier.decide(
                Credentials.of(trails.atResearcher.encodeBase64(), null), Trails.search());
      }
    }
    assertThat(denials()).hasSize(100);
  }

  @Test
  void decided_fullSink_deniesOrCountsAsTheServiceChose() {
    try (AuditLog log = trails.log(sink).open()) {
      sink.full = true;
      Verifier strict = trails.verifier().listener(log).build();
      Verifier lenient =
          trails.verifier().listener(log, DecisionListener.AuditFailure.ALLOW_AND_COUNT).build();

      assertThat(trails.call(strict, Trails.search())).isFalse();
      assertThat(trails.call(lenient, Trails.search())).isTrue();
      assertThat(strict.unrecordedDecisions()).isEqualTo(1);
      assertThat(lenient.unrecordedDecisions()).isEqualTo(1);

      sink.full = false;
      assertThat(trails.call(strict, Trails.search())).isTrue();
    }
    // What the lost records would have described is described by the first that was kept.
    AuditEvent kept = (AuditEvent) sink.records.get(2).content();
    assertThat(kept.hops()).allSatisfy(hop -> assertThat(hop.granted()).isNotNull());
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A sink in front of another. */
  static class Forwarding implements AuditSink {
    private final AuditSink behind;

    Forwarding(AuditSink behind) {
      this.behind = behind;
    }

    @Override
    public @Nullable AuditRecord last() {
      return behind.last();
    }

    @Override
    public void append(List<AuditRecord> records) {
      behind.append(records);
    }

    @Override
    public void close() {
      behind.close();
    }
  }
}
