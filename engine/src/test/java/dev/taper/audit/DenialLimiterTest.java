package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.audit.DenialLimiter.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DenialLimiterTest {
  private static final Instant NOON = Trails.NOON;

  private final AuditEvent brief = brief();
  private final DenialLimiter limiter =
      new DenialLimiter(new Rate(2, 60_000), new Rate(5, 10_000), NOON);

  private static AuditEvent brief() {
    Trails trails = new Trails();
    List<DecisionEvent> events = new ArrayList<>();
    var unused =
        trails
            .verifier()
            .listener(events::add)
            .build()
            .decide(Credentials.of(trails.atResearcher.encodeBase64(), null), Trails.search());
    return DecisionRecord.brief(AuditKind.DENY, events.get(0));
  }

  private long admit(String authority, Instant time) {
    return limiter.admit(authority, time, () -> brief);
  }

  private static long counted(List<AuditEvent> events) {
    long counted = 0;
    for (AuditEvent event : events) {
      Long omitted = Objects.requireNonNull(event.basis()).omitted();
      counted += 1 + (omitted == null ? 0 : omitted);
    }
    return counted;
  }

  @Test
  void admit_moreThanTheShare_isLeftOutAndToldLater() {
    assertThat(admit("a", NOON)).isZero();
    assertThat(admit("a", NOON)).isZero();
    assertThat(admit("a", NOON)).isEqualTo(-1);
    assertThat(admit("a", NOON)).isEqualTo(-1);
    assertThat(admit("b", NOON)).as("another authority").isZero();

    assertThat(admit("a", NOON.plusSeconds(60))).as("two were left out before").isEqualTo(2);
    assertThat(admit("a", NOON.plusSeconds(60))).isEqualTo(-1);
    assertThat(admit("a", NOON)).as("a clock that is set back").isEqualTo(-1);
  }

  @Test
  void admit_anyNumberOfAuthorities_staysBoundedAndCountsAll() {
    long recorded = 0;
    for (int i = 0; i < 100_000; i++) {
      recorded += admit("authority " + i, NOON) >= 0 ? 1 : 0;
    }
    List<AuditEvent> rest = limiter.due(NOON, true);

    assertThat(recorded).isEqualTo(5);
    assertThat(rest).hasSize(DenialLimiter.MAX_SHARES + 1);
    assertThat(recorded + counted(rest)).isEqualTo(100_000);
    assertThat(limiter.due(NOON, true)).isEmpty();
  }

  @Test
  void due_quietForAMinute_tellsWhatWasLeftOut() {
    for (int i = 0; i < 10; i++) {
      admit("a", NOON);
    }
    assertThat(limiter.due(NOON.plus(Duration.ofSeconds(59)), false)).isEmpty();

    List<AuditEvent> due = limiter.due(NOON.plusSeconds(60), false);

    assertThat(due).hasSize(1);
    assertThat(counted(due)).isEqualTo(8);
    assertThat(due.get(0).kind()).isEqualTo(AuditKind.DENY);
  }

  @Test
  void due_askedAgainAtOnce_waitsAndWhenTheClockWasSetBackDoesNot() {
    for (int i = 0; i < 10; i++) {
      admit("a", NOON);
    }
    assertThat(limiter.due(NOON, false)).isEmpty();

    assertThat(counted(limiter.due(NOON.minusMillis(1), false))).isEqualTo(8);
  }

  /** Those that tell what was left out are bounded as the others are. */
  @Test
  void due_moreAuthoritiesThanTheTotal_areToldInTurn() {
    for (int i = 0; i < 20; i++) {
      admit("authority " + i % 10, NOON);
    }
    List<AuditEvent> first = limiter.due(NOON.plusSeconds(60), false);
    List<AuditEvent> second = limiter.due(NOON.plusSeconds(120), false);

    assertThat(first).hasSize(5);
    assertThat(second).hasSize(5);
    assertThat(5 + counted(first) + counted(second)).isEqualTo(20);
    assertThat(limiter.due(NOON, true)).isEmpty();
  }

  @Test
  void isNew_blocksOfMoreTokensThanThereIsRoomFor_areDescribedAgain() {
    Described described = new Described();
    List<String> news = new ArrayList<>();
    for (int i = 0; i < Described.MAX_BLOCKS; i++) {
      assertThat(described.isNew("block " + i, news)).isTrue();
    }
    assertThat(news).hasSize(Described.MAX_BLOCKS);
    assertThat(described.isNew("block 0", news)).isFalse();
    described.forget(List.of("block 1"));
    assertThat(described.isNew("block 1", news)).isTrue();

    assertThat(described.isNew("one more", news)).isTrue();

    assertThat(described.isNew("block 0", news)).isTrue();
  }

  @Test
  void restore_recordNotWritten_isCountedAgain() {
    for (int i = 0; i < 3; i++) {
      admit("a", NOON);
    }
    assertThat(admit("a", NOON.plusSeconds(60))).isEqualTo(1);

    limiter.restore("a", 1, () -> brief);

    assertThat(counted(limiter.due(NOON, true))).isEqualTo(1);
  }
}
