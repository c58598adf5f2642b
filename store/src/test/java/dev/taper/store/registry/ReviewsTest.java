package dev.taper.store.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationList;
import dev.taper.store.Database;
import dev.taper.store.SqlRevocations;
import dev.taper.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReviewsTest {
  private static final String ERIN = "user:erin@acme.com";
  private static final Instant DUE = Story.NOON.plus(Duration.ofMinutes(30));
  private static final RegistryQuery ALL = RegistryQuery.living();

  @TempDir Path folder;
  private final Story story = new Story();

  /** Alice's grant to the planner and the researcher's part of it, and Bob's grant. */
  private Review started(Database database) {
    Registry registry = new Registry(database, story.clock);
    registry.issued(story.atResearcher(story.atPlanner()), null);
    registry.issued(story.atPlanner(Story.BOB, "T-2"), null);
    return reviews(database).start("Q4", ERIN, DUE, ALL);
  }

  private Reviews reviews(Database database) {
    return new Reviews(database, story.clock);
  }

  @ParameterizedTest
  @EnumSource
  void start_livingDelegations_areItsItems(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      Review review = started(database);
      assertThat(review.id()).isEqualTo(1);
      assertThat(review.title()).isEqualTo("Q4");
      assertThat(review.startedBy()).isEqualTo(ERIN);
      assertThat(review.startedAt()).isEqualTo(Story.NOON);
      assertThat(review.dueAt()).isEqualTo(DUE);
      assertThat(review.closedAt()).isNull();
      assertThat(states(review)).containsExactly("open", "open", "open");
      assertThat(review.items())
          .extracting(item -> item.delegation().holder())
          .containsExactly("agent:planner", "agent:researcher", "agent:planner");

      new Registry(database, story.clock).issued(story.atPlanner(Story.BOB, "T-9"), null);
      assertThat(reviews(database).get(1).items()).hasSize(3);
      assertThat(reviews(database).start("Bob's", ERIN, DUE, ALL.delegator(Story.BOB)).items())
          .hasSize(2);
      assertThat(reviews(database).all()).extracting(Review::id).containsExactly(2, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void decide_certifiedAndRevoked_onlyTheRevokedDies(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      reviews(database).decide(1, ReviewDecision.CERTIFIED, List.of(1, 2), ERIN, "still triaging");
      story.clock.forward(Duration.ofMinutes(1));
      Review review = reviews(database).decide(1, ReviewDecision.REVOKED, List.of(3), ERIN, null);

      assertThat(states(review)).containsExactly("certified", "certified", "revoked");
      ReviewItem first = review.items().get(0);
      assertThat(first.decidedBy()).isEqualTo(ERIN);
      assertThat(first.decidedAt()).isEqualTo(Story.NOON);
      assertThat(first.reason()).isEqualTo("still triaging");
      assertThat(review.count("certified", story.clock.instant())).isEqualTo(2);
      assertThat(living(database)).containsExactly("T-1", "T-1");
      Delegated revoked = review.items().get(2).delegation();
      assertThat(new SqlRevocations(database, story.clock).entries())
          .containsExactly(
              new RevocationEntry(
                  RevocationEntry.Kind.BLOCK,
                  Fingerprint.parse(revoked.fingerprint()),
                  revoked.endsAt()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void decide_parentRevoked_whatItHandedOnEnds(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      Review review = reviews(database).decide(1, ReviewDecision.REVOKED, List.of(1), ERIN, null);
      assertThat(states(review)).containsExactly("revoked", "ended", "open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void get_pastTheDate_whatIsNotCertifiedIsRevoked(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      reviews(database).decide(1, ReviewDecision.CERTIFIED, List.of(1), ERIN, null);
      story.clock.forward(Duration.ofMinutes(30));

      List<Delegated> lapsed = reviews(database).applyDates(lapsing -> {});

      // The researcher's ten minutes were over before: it dropped out by itself.
      assertThat(lapsed).extracting(Delegated::task).containsExactly("T-2");
      Review review = reviews(database).get(1);
      assertThat(states(review)).containsExactly("certified", "ended", "lapsed");
      assertThat(review.closedAt()).isEqualTo(DUE);
      assertThat(review.items().get(2).decidedBy()).isEqualTo("the review's date");
      assertThat(living(database)).containsExactly("T-1");
      assertThat(new SqlRevocations(database, story.clock).entries()).hasSize(1);
      assertThat(reviews(database).applyDates(lapsing -> {})).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void applyDates_recordFails_nothingLapses(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      story.clock.forward(Duration.ofMinutes(30));

      assertThatThrownBy(
              () ->
                  reviews(database)
                      .applyDates(
                          lapsing -> {
                            throw new IllegalStateException("no record of " + lapsing.size());
                          }))
          .hasMessage("no record of 2");
      assertThat(new SqlRevocations(database, story.clock).entries()).isEmpty();

      List<Delegated> recorded = new ArrayList<>();
      assertThat(reviews(database).applyDates(recorded::addAll))
          .hasSize(2)
          .extracting(Delegated::id)
          .isEqualTo(recorded.stream().map(Delegated::id).toList());
    }
  }

  /** Nobody has to let a date take effect for it to be seen. */
  @ParameterizedTest
  @EnumSource
  void find_pastAReviewsDate_whatNobodyCertifiedIsNotLiving(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      reviews(database).decide(1, ReviewDecision.CERTIFIED, List.of(1), ERIN, null);
      story.clock.forward(Duration.ofMinutes(30));

      assertThat(living(database)).containsExactly("T-1");
      Review review = reviews(database).get(1);
      assertThat(states(review)).containsExactly("certified", "ended", "lapsed");
      assertThat(review.closedAt()).as("nothing was written").isNull();
      Delegated lapsed = review.items().get(2).delegation();
      Registry registry = new Registry(database, story.clock);
      Endings endings = Endings.of(registry, null, story.clock.instant());
      assertThat(endings.of(lapsed.id(), List.of())).isEqualTo(ReviewDecision.LAPSED);
      assertThat(endings.of(review.items().get(0).delegation().id(), List.of())).isNull();

      AuditEvent record = Reviews.lapse(lapsed, story.clock.instant());
      assertThat(record.kind()).isEqualTo(AuditKind.REVIEW);
      assertThat(record.task()).isEqualTo("T-2");
      assertThat(Objects.requireNonNull(record.subject()).decision()).isEqualTo("lapsed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void endings_lapseThatWasLifted_isNone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      story.clock.forward(Duration.ofMinutes(30));
      Delegated lapsed = reviews(database).applyDates(lapsing -> {}).get(0);
      Registry registry = new Registry(database, story.clock);
      assertThat(Endings.of(registry, null, story.clock.instant()).of(lapsed.id(), List.of()))
          .isEqualTo(ReviewDecision.LAPSED);

      new SqlRevocations(database, story.clock).remove(Reviews.revocation(lapsed).fingerprint());

      assertThat(Endings.of(registry, null, story.clock.instant()).of(lapsed.id(), List.of()))
          .isNull();
    }
  }

  /** A revocation that a list brings from elsewhere ends what was handed on from there, too. */
  @ParameterizedTest
  @EnumSource
  void find_revokedByAListFromElsewhere_isNotLiving(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
      RevocationList list =
          RevocationList.trusting(key.publicKey()).clock(story.clock).forgottenAtRestart().build();
      RevocationEntry entry =
          RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask("T-1"));
      list.apply(
          RevocationIssuer.of(key)
              .snapshot(
                  1,
                  List.of(entry),
                  Validity.from(story.clock, Duration.ofMinutes(5), Duration.ofHours(1))));
      Registry registry = new Registry(database, story.clock);

      assertThat(registry.find(ALL, list)).extracting(Delegated::task).containsExactly("T-2");
      assertThat(registry.find(ALL.withDead(), list))
          .filteredOn(Delegated::revoked)
          .extracting(Delegated::task)
          .containsExactly("T-1", "T-1");
      Endings endings = Endings.of(list, story.clock.instant());
      assertThat(endings.of("ab".repeat(32), List.of(Fingerprint.ofTask("T-1"))))
          .isEqualTo(ReviewDecision.REVOKED);
      assertThat(endings.of("ab".repeat(32), List.of(Fingerprint.ofTask("T-2")))).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void decide_justBeforeTheDate_counts(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      story.clock.forward(Duration.ofMinutes(30).minusMillis(1));
      assertThat(reviews(database).applyDates(lapsing -> {})).isEmpty();
      reviews(database).decide(1, ReviewDecision.CERTIFIED, List.of(1, 3), ERIN, null);
      story.clock.forward(Duration.ofMillis(1));
      assertThat(states(reviews(database).get(1)))
          .containsExactly("certified", "ended", "certified");
    }
  }

  @ParameterizedTest
  @EnumSource
  void decide_tooLate_isRefusedAndTheDateTakesEffect(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      story.clock.forward(Duration.ofMinutes(31));
      assertInvalid(
          () -> reviews(database).decide(1, ReviewDecision.CERTIFIED, List.of(3), ERIN, null),
          "item 3 of review 1 is not open: lapsed");
      assertThat(living(database)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void decide_oneItemNotOpen_decidesNone(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      reviews(database).decide(1, ReviewDecision.CERTIFIED, List.of(1), ERIN, null);
      assertInvalid(
          () -> reviews(database).decide(1, ReviewDecision.REVOKED, List.of(3, 1), ERIN, null),
          "item 1 of review 1 is not open: certified");
      assertThat(states(reviews(database).get(1))).containsExactly("certified", "open", "open");
      assertThat(living(database)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void badInput_isRefused(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      assertInvalid(() -> reviews(database).start("Q4", ERIN, DUE, ALL), "nothing that is living");
      started(database);
      Reviews reviews = reviews(database);
      assertInvalid(() -> reviews.start("Q4", ERIN, Story.NOON, ALL), "in the future");
      assertInvalid(() -> reviews.start(" ", ERIN, DUE, ALL), "title");
      assertInvalid(() -> reviews.start("Q4", "", DUE, ALL), "who starts");
      assertInvalid(() -> reviews.get(2), "no review 2");
      assertInvalid(
          () -> reviews.decide(2, ReviewDecision.REVOKED, List.of(1), ERIN, null), "review 2");
      assertInvalid(
          () -> reviews.decide(1, ReviewDecision.REVOKED, List.of(4), ERIN, null), "item 4");
      assertInvalid(
          () -> reviews.decide(1, ReviewDecision.REVOKED, List.of(0), ERIN, null), "item 0");
      assertInvalid(
          () -> reviews.decide(1, ReviewDecision.LAPSED, List.of(1), ERIN, null), "certifies");
      assertInvalid(
          () -> reviews.decide(1, ReviewDecision.REVOKED, List.of(1), ERIN, "x".repeat(2049)),
          "reason");
    }
  }

  @ParameterizedTest
  @EnumSource
  void decide_bySeveralReviewersAtOnce_decidesEveryItemOnce(TestDatabase kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Database database = kind.open(folder)) {
      started(database);
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> deciders = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ReviewDecision verdict = i % 2 == 0 ? ReviewDecision.CERTIFIED : ReviewDecision.REVOKED;
        Callable<Boolean> decider =
            () -> {
              start.await();
              try {
                reviews(database).decide(1, verdict, List.of(3), ERIN, null);
                return true;
              } catch (TaperException e) {
                return false;
              }
            };
        deciders.add(threads.submit(decider));
      }
      start.countDown();
      int decided = 0;
      for (Future<Boolean> decider : deciders) {
        decided += decider.get() ? 1 : 0;
      }
      assertThat(decided).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void forget_underReview_keepsTheEvidence(TestDatabase kind) {
    try (Database database = kind.open(folder)) {
      started(database);
      Registry registry = new Registry(database, story.clock);
      AgentToken other = story.atPlanner(Story.BOB, "T-3");
      registry.issued(other, null);
      story.clock.forward(Duration.ofDays(1));
      assertThat(registry.forget(story.clock.instant())).isEqualTo(1);
      assertThat(reviews(database).get(1).items()).hasSize(3);
    }
  }

  private List<String> states(Review review) {
    return review.items().stream().map(item -> item.state(story.clock.instant())).toList();
  }

  private List<String> living(Database database) {
    return new Registry(database, story.clock).find(ALL).stream().map(Delegated::task).toList();
  }

  private static void assertInvalid(ThrowingCallable call, String message) {
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(call)
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
