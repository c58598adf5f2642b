package dev.taper.agent.decision;

import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.taper.Deadline;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditRecord;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.testing.Await;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands behind a decision may hang, fail or be full: calls end in time all the same. */
class DeadlineTest {
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[1]);

  private final Escalated e = new Escalated();
  private final Story story = e.story;
  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> left = new ArrayList<>();
  private final List<Duration> leftForRecords = new ArrayList<>();

  /** A memory that waits for as long as it may and gives up. */
  private final ApprovalUses stuck =
      asking(
          uses -> {
            Duration time = Objects.requireNonNull(Deadline.current()).left();
            left.add(time);
            nanos.addAndGet(time.toNanos());
            throw new TaperException(ErrorCode.APPROVAL_USES_UNAVAILABLE, "no answer");
          });

  /** A memory that is only asked to claim. */
  private static ApprovalUses asking(
      Function<Collection<ApprovalUses.Use>, Set<ApprovalUses.Use>> claims) {
    return new ApprovalUses() {
      @Override
      public Set<ApprovalUses.Use> claim(
          Collection<ApprovalUses.Use> uses, MemoryShare share, Instant now) {
        return claims.apply(uses);
      }

      @Override
      public void release(Collection<ApprovalUses.Use> uses) {
        throw new AssertionError("nothing was claimed");
      }
    };
  }

  private VerifierBuilder verifier() {
    return story.verifier().ticker(nanos::get);
  }

  private Escalated.Approved token() {
    return e.approved(
        e.ifBossApproves(),
        e.boss,
        Escalated.call(),
        Approval.Terms.lasting(Escalated.QUARTER).once());
  }

  private CallDecision decide(Verifier verifier) {
    return e.decide(verifier, token(), story.plannerKey, Escalated.call());
  }

  @Test
  void decide_storeHangs_oneDeadlineHoldsForTheWholeCallAndRecordingHasItsShare() {
    Verifier verifier =
        verifier()
            .approvalUses(stuck)
            .listener(
                event -> leftForRecords.add(Objects.requireNonNull(Deadline.current()).left()))
            .build();

    CallDecision decision = decide(verifier);

    assertThat(codeOf(decision)).isEqualTo(DenialCode.APPROVAL_USES_UNAVAILABLE);
    assertThat(left).containsExactly(Duration.ofMillis(400));
    assertThat(leftForRecords).containsExactly(Duration.ofMillis(100));
    assertThat(Deadline.current()).isNull();
    assertThat(verifier.health().stores())
        .extracting(VerifierHealth.Store::asked, VerifierHealth.Store::took)
        .containsExactly(tuple(1L, Duration.ofMillis(400)), tuple(1L, Duration.ZERO));
  }

  /**
   * A machine on which a thread that looks at the clock gets no time for longer than a call has.
   */
  private final Clock held =
      new Clock() {
        @Override
        public Instant instant() {
          nanos.addAndGet(Duration.ofMillis(600).toNanos());
          return Story.NOON;
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };

  /**
   * However long a call takes to come so far, on a busy machine or in a process that just began.
   */
  @Test
  void decide_busyBeforeAnythingIsAsked_leavesStoresAllOfTheirTime() {
    ApprovalUses uses =
        asking(
            wanted -> {
              left.add(Objects.requireNonNull(Deadline.current()).left());
              return Set.of();
            });

    CallDecision decision = decide(verifier().clock(held).approvalUses(uses).build());

    assertThat(decision.allowed()).isTrue();
    assertThat(left).containsExactly(Duration.ofMillis(400));
  }

  /** A thread that got no time of its machine failed at nothing, and no store is to blame. */
  @Test
  void decide_noTimeLeftBeforeAStoreIsAsked_isTimeoutAndBlamesNoStore() {
    boolean[] asked = {false};
    ApprovalUses uses =
        asking(
            wanted -> {
              asked[0] = true;
              return Set.of();
            });
    Revocations fresh =
        (fingerprints, now) -> new RevocationCheck(RevocationStatus.FRESH, -1, 1, Story.NOON);
    List<DenialCode> recorded = new ArrayList<>();
    Verifier verifier =
        verifier()
            .clock(held)
            .revocations(fresh)
            .approvalUses(uses)
            .listener(event -> recorded.add(codeOf(event.decision())))
            .build();

    for (int i = 0; i < 2 * Breaker.FAILURES; i++) {
      assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.TIMEOUT);
    }

    assertThat(asked[0]).isFalse();
    assertThat(recorded).hasSize(2 * Breaker.FAILURES).containsOnly(DenialCode.TIMEOUT);
    assertThat(verifier.health().ready()).isTrue();
  }

  @Test
  void decide_optionForTheDeadline_isWhatStoresGet() {
    decide(verifier().approvalUses(stuck).deadline(Duration.ofSeconds(5)).build());

    assertThat(left).containsExactly(Duration.ofSeconds(4));
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> story.verifier().deadline(Duration.ofMillis(4)));
    decide(verifier().approvalUses(stuck).deadline(Duration.ofMillis(5)).build());
    assertThat(left).endsWith(Duration.ofMillis(4));
  }

  @Test
  void decide_storeFailsAgainAndAgain_isNotAskedForAMomentThenByOneCall() {
    boolean[] works = {false};
    int[] asked = {0};
    ApprovalUses uses =
        asking(
            wanted -> {
              asked[0]++;
              return works[0] ? Set.of() : stuck.claim(wanted, SHARE, Story.NOON);
            });
    Verifier verifier = verifier().approvalUses(uses).build();
    for (int i = 0; i < 20; i++) {
      assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.APPROVAL_USES_UNAVAILABLE);
    }
    assertThat(asked[0]).isEqualTo(Breaker.FAILURES);
    assertThat(verifier.health().stores())
        .singleElement()
        .satisfies(
            store -> {
              assertThat(store.reachable()).isFalse();
              assertThat(Objects.requireNonNull(store.lastFailure()).reason())
                  .contains("no answer");
            });
    assertThat(verifier.health().reasons())
        .containsExactly(
            new VerifierHealth.Reason(
                "approval_uses_unavailable",
                "the memory of used approvals failed again and again, last at "
                    + Story.NOON
                    + ": no answer"));

    nanos.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(decide(verifier).allowed()).isFalse();
    assertThat(decide(verifier).allowed()).isFalse();
    assertThat(asked[0]).isEqualTo(Breaker.FAILURES + 1);

    works[0] = true;
    nanos.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(decide(verifier).allowed()).isTrue();
    assertThat(verifier.health().ready()).isTrue();
  }

  /** A proxy sends nothing to a process that is not ready: nobody would find out that it may be. */
  @Test
  void health_nobodyTriesForLong_saysSoAndIsReadyForTheCallThatDoes() {
    SettableClock clock = new SettableClock(Story.NOON);
    Verifier verifier = verifier().clock(clock).approvalUses(stuck).build();
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThat(decide(verifier).allowed()).isFalse();
    }
    clock.set(Story.NOON.plus(VerifierHealth.UNTRIED).minusMillis(1));
    assertThat(verifier.health().ready()).isFalse();

    clock.set(Story.NOON.plus(VerifierHealth.UNTRIED));
    nanos.addAndGet(VerifierHealth.UNTRIED.toNanos());
    assertThat(verifier.health().ready()).isTrue();
    assertThat(verifier.health().stores()).noneMatch(VerifierHealth.Store::reachable);
    assertThat(verifier.health().warnings())
        .contains(
            "the memory of used approvals failed again and again, last at "
                + Story.NOON
                + ": no answer");

    assertThat(decide(verifier).allowed()).isFalse();
    assertThat(verifier.health().ready()).isFalse();
  }

  @Test
  void admits_whileOneTries_nobodyElse() {
    Breaker breaker = new Breaker(nanos::get);
    for (int i = 0; i < Breaker.FAILURES; i++) {
      assertThat(breaker.admits()).isTrue();
      breaker.failed();
    }
    assertThat(breaker.admits()).isFalse();
    nanos.addAndGet(Breaker.PAUSE.toNanos());
    assertThat(breaker.admits()).isTrue();
    assertThat(breaker.admits()).isFalse();
    breaker.undecided();
    assertThat(breaker.admits()).isTrue();
    breaker.succeeded();
    assertThat(breaker.admits()).isTrue();
    assertThat(breaker.admits()).isTrue();
  }

  /** A listener that trips over what a caller sends must not be closed to everyone else. */
  @Test
  void decide_callersBringFailuresAbout_listenerIsStillAsked() {
    int[] asked = {0};
    Verifier verifier =
        verifier()
            .listener(
                event -> {
                  asked[0] += event.decision().allowed() ? 1 : 0;
                  throw new TaperException(ErrorCode.MALFORMED_AUDIT_RECORD, "too large");
                })
            .build();
    for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
      decide(verifier);
    }
    assertThat(asked[0]).isEqualTo(3 * Breaker.FAILURES);
    assertThat(verifier.health().unrecordedDecisions()).isEqualTo(3 * Breaker.FAILURES);
  }

  /** As one that lasts longer than the memory could tell of: the holder and its approver choose. */
  @Test
  void decide_memoryAnswersAndNotToWhatACallerChose_isStillAsked() {
    int[] asked = {0};
    ApprovalUses uses =
        asking(
            wanted -> {
              asked[0]++;
              throw new TaperException(
                  ErrorCode.APPROVAL_USES_UNAVAILABLE,
                  "too long",
                  new TaperException(
                      ErrorCode.DATABASE_UNAVAILABLE,
                      "too long",
                      new TaperException(ErrorCode.INVALID_ARGUMENT, "not to this")));
            });
    Verifier verifier = verifier().approvalUses(uses).build();
    for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
      assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.APPROVAL_USES_UNAVAILABLE);
    }
    assertThat(asked[0]).isEqualTo(3 * Breaker.FAILURES);
    assertThat(verifier.health().stores()).allMatch(VerifierHealth.Store::reachable);
  }

  /** What a database refuses because of its content, it answers; slowly, too. */
  @Test
  void decide_databaseRefusesWhatACallerSends_listenerIsStillAsked() {
    int[] asked = {0};
    Verifier verifier =
        verifier()
            .listener(
                event -> {
                  asked[0] += event.decision().allowed() ? 1 : 0;
                  nanos.addAndGet(asked[0] % 2 == 0 ? Duration.ofSeconds(1).toNanos() : 0);
                  throw new TaperException(ErrorCode.DATABASE_FAILED, "invalid byte sequence");
                })
            .build();
    for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
      decide(verifier);
    }
    assertThat(asked[0]).isEqualTo(3 * Breaker.FAILURES);
  }

  /** Nor may a caller whose token takes long to evaluate leave a store no time, and so close it. */
  @Test
  void decide_littleTimeLeftForTheStore_saysNothingOfTheStore() {
    int[] asked = {0};
    Revocations slow =
        (fingerprints, now) -> {
          nanos.addAndGet(Duration.ofMillis(150).toNanos());
          return new RevocationCheck(RevocationStatus.FRESH, -1, 1, Story.NOON);
        };
    Verifier verifier =
        verifier()
            .revocations(slow)
            .approvalUses(
                asking(
                    wanted -> {
                      asked[0]++;
                      return stuck.claim(wanted, SHARE, Story.NOON);
                    }))
            .build();
    for (int i = 0; i < 3 * Breaker.FAILURES; i++) {
      decide(verifier);
    }
    assertThat(asked[0]).isEqualTo(3 * Breaker.FAILURES);
  }

  @Test
  void decide_lookUpOfRevocationsThrows_isUnavailable() {
    Revocations broken =
        (fingerprints, now) -> {
          throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "connection refused");
        };
    Verifier verifier = verifier().revocations(broken).build();

    assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.REVOCATION_UNAVAILABLE);
    assertThat(Objects.requireNonNull(verifier.health().stores().get(0).lastFailure()).reason())
        .isEqualTo("connection refused");
  }

  @Test
  void decide_inMemory_waitsForNothingAndSetsNoDeadline() {
    long[] looked = {0};
    Verifier verifier =
        story
            .verifier()
            .ticker(
                () -> {
                  looked[0]++;
                  return 0;
                })
            .build();

    assertThat(decide(verifier).allowed()).isTrue();
    assertThat(looked[0]).isZero();
  }

  /** The log's own patience is a day; its sink never answers, and the call has 50 ms. */
  @Test
  @Timeout(60)
  void decide_auditSinkHangs_recordIsWithdrawnAtTheDeadlineAndTheDenialIsNot() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch hangs = new CountDownLatch(1);
    ListSink sink = new ListSink();
    AuditLog log =
        AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519))
            .patience(Duration.ofDays(1))
            .open();
    sink.before =
        () -> {
          hangs.countDown();
          Await.down(release);
        };
    log.submit(AuditEvent.of(AuditKind.TASK_END, Story.NOON)); // keeps the writer busy
    hangs.await();
    Verifier verifier = story.verifier().deadline(Duration.ofMillis(50)).listener(log).build();

    assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);

    int before = sink.records.size();
    release.countDown();
    log.close();
    assertThat(decisions(sink, before)).containsExactly(AuditKind.DENY);
  }

  private static List<AuditKind> decisions(ListSink sink, int from) {
    return sink.records.stream()
        .skip(from)
        .map(record -> record.content().kind())
        .filter(kind -> kind == AuditKind.ALLOW || kind == AuditKind.DENY)
        .toList();
  }

  /** The sink hangs with the record: that the call was allowed will stand in the log. */
  @Test
  @Timeout(60)
  void decide_auditSinkHangsWithTheRecord_logEndsWithTheDenial() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch hangs = new CountDownLatch(1);
    ListSink sink = new ListSink();
    AuditLog log = AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519)).open();
    int before = sink.records.size();
    sink.before =
        () -> {
          hangs.countDown();
          Await.down(release);
        };
    Verifier verifier =
        story
            .verifier()
            .deadline(Duration.ofMillis(50))
            .listener(
                event -> {
                  if (event.decision().allowed()) {
                    log.submit(AuditEvent.decided(event));
                    Await.down(hangs);
                    throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "not safe in time");
                  }
                  log.decided(event);
                })
            .build();

    assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);

    release.countDown();
    log.close();
    assertThat(decisions(sink, before)).containsExactly(AuditKind.ALLOW, AuditKind.DENY);
  }

  /** The database stores the records, but its answers are lost; then it is down for a moment. */
  @Test
  void decide_auditSinkFailsWithTheRecordAndWithTheDenial_logEndsWithTheDenial() {
    int[] batches = {0};
    ListSink sink = new ListSink();
    AuditLog log = AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519)).open();
    int before = sink.records.size();
    sink.after =
        () -> {
          if (batches[0]++ == 0) {
            throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "no answer");
          }
        };
    sink.before =
        () -> {
          if (batches[0] == 1) {
            batches[0]++;
            throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "down");
          }
        };
    Verifier verifier = story.verifier().deadline(Duration.ofMinutes(1)).listener(log).build();

    assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);

    log.close();
    assertThat(decisions(sink, before)).containsExactly(AuditKind.ALLOW, AuditKind.DENY);
  }

  /** Another caller's failure closes the log to others, just when it has to hear of the denial. */
  @Test
  void decide_listenerIsClosedMeanwhile_hearsOfTheDenialAllTheSame() {
    List<Boolean> heard = new ArrayList<>();
    Verifier verifier =
        verifier()
            .listener(
                event -> {
                  heard.add(event.decision().allowed());
                  nanos.addAndGet(event.decision().allowed() ? 500_000_000 : 0);
                  throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "no answer");
                })
            .build();
    for (int i = 0; i < 2 * Breaker.FAILURES; i++) {
      decide(verifier);
    }
    assertThat(heard).hasSize(2 * Breaker.FAILURES);
    assertThat(heard.get(heard.size() - 1)).isFalse();
  }

  /** Whoever asks what is revoked waits for 300 ms. */
  private VerifierBuilder slow() {
    return verifier()
        .revocations(
            (fingerprints, now) -> {
              note();
              nanos.addAndGet(Duration.ofMillis(300).toNanos());
              return new RevocationCheck(RevocationStatus.FRESH, -1, 1, null);
            });
  }

  private void note() {
    left.add(Objects.requireNonNull(Deadline.current()).left());
  }

  /** Of the approvals, too, it is asked whether they are revoked. */
  @Test
  void preview_asksMoreThanOnce_hasOneDeadlineForAll() {
    Escalated.Approved approved = token();
    Verifier verifier = slow().build();

    CallPreview preview =
        verifier.preview(approved.token().token(), Escalated.call(), approved.sent());

    assertThat(preview.wouldBeAllowed()).isTrue();
    assertThat(left).containsExactly(Duration.ofMillis(400), Duration.ofMillis(100));
  }

  @Test
  void useProof_asksMoreThanOnce_hasOneDeadlineForAll() {
    Verifier verifier =
        slow()
            .replayMemory(
                (use, share, now) -> {
                  note();
                  return true;
                })
            .build();
    AgentToken token = story.atPlanner();
    String proof =
        token.prove(story.plannerKey, Story.search(), Story.JIRA, story.clock).encodeBase64();

    assertThat(
            verifier.useProof(Credentials.of(token.encodeBase64(), proof), Story.search().sent()))
        .isNull();
    assertThat(left).containsExactly(Duration.ofMillis(400), Duration.ofMillis(100));
  }

  @Test
  void offer_asksForRevocations_hasItsDeadlineUntilTheEnd() {
    ToolCatalog catalog = ToolCatalog.of(Story.JIRA).tool(CatalogTool.of("jira.status")).build();
    Verifier verifier =
        slow()
            .catalog(catalog)
            .directory(
                (name, key) -> {
                  note();
                  return true;
                })
            .build();
    AgentToken token = story.atPlanner();

    ToolOffer offer =
        verifier.offer(
            Credentials.of(
                token.token().encodeBase64(),
                token.proveOffer(story.plannerKey, Story.JIRA, story.clock).encodeBase64()));

    assertThat(offer.code()).isNull();
    assertThat(left).containsExactly(Duration.ofMillis(400), Duration.ofMillis(200));
  }

  @Test
  void health_auditDiskFull_saysSo() {
    ListSink sink = new ListSink();
    AuditLog log = AuditLog.on(sink, PrivateKey.generate(Algorithm.ED25519)).open();
    sink.before =
        () -> {
          throw new TaperException(
              ErrorCode.AUDIT_UNAVAILABLE,
              "the audit log's file cannot be written",
              new IOException("No space left on device"));
        };
    Verifier verifier = story.verifier().deadline(Duration.ofMinutes(1)).listener(log).build();

    assertThat(codeOf(decide(verifier))).isEqualTo(DenialCode.AUDIT_UNAVAILABLE);

    VerifierHealth health = verifier.health();
    assertThat(health.unrecordedDecisions()).isEqualTo(1);
    assertThat(Objects.requireNonNull(health.stores().get(0).lastFailure()).reason())
        .isEqualTo("the audit log's file cannot be written: No space left on device");
  }

  @Test
  void health_memories_tellTheirFill() {
    Verifier verifier = story.verifier().build();
    decide(verifier);

    VerifierHealth health = verifier.health();
    assertThat(health.at()).isEqualTo(Story.NOON);
    assertThat(health.replays().size()).isEqualTo(1);
    assertThat(health.replays().capacity()).isGreaterThan(100_000);
    assertThat(Objects.requireNonNull(health.approvalUses()).size()).isEqualTo(1);
    assertThat(health.tokens()).isNotNull();
    assertThat(health.revocation()).isNull();
    assertThat(health.ready()).isTrue();
  }

  /** A sink in memory that does something before it stores. */
  private static final class ListSink implements AuditSink {
    final List<AuditRecord> records = new ArrayList<>();
    volatile Runnable before = () -> {};
    volatile Runnable after = () -> {};

    @Override
    public @Nullable AuditRecord last() {
      return records.isEmpty() ? null : records.get(records.size() - 1);
    }

    @Override
    public void append(List<AuditRecord> more) {
      before.run();
      records.addAll(more);
      after.run();
    }

    @Override
    public void close() {}
  }
}
