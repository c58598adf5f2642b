package dev.taper.revocation;

import static dev.taper.revocation.Lists.task;
import static dev.taper.revocation.RevocationListTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.revocation.Revocations.RevocationHealth;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RevocationFeedTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofMillis(5);

  @TempDir private Path folder;
  private final Lists lists = new Lists();
  private final RevocationList list = lists.list().build();

  @Test
  void start_file_isAppliedBeforeItReturns() throws IOException {
    Path file = replace(lists.snapshot(1, task("T-1")));

    try (RevocationFeed feed = RevocationFeed.start(FileSource.of(file), list, NEVER)) {
      assertThat(feed.failure()).isNull();
      assertThat(lists.revoked(list, "T-1")).isTrue();
    }
  }

  @Test
  void feed_fileReplaced_isNoticedByItself() throws IOException, InterruptedException {
    Semaphore fetched = new Semaphore(0);
    Path file = replace(lists.snapshot(1));
    RevocationSource source = counting(FileSource.of(file), fetched);

    try (RevocationFeed feed = RevocationFeed.start(source, list, SOON)) {
      replace(lists.snapshot(2, task("T-1")));
      fetched.drainPermits();
      fetched.acquire(3); // the second began after the file was there, and is over

      assertThat(feed.failure()).isNull();
      assertThat(lists.revoked(list, "T-1")).isTrue();
    }
  }

  /** Memory that others have taken for a moment: the feed of a service goes on all the same. */
  @Test
  void feed_errorAtOneFetch_isSaidAndFetchesAgain() throws IOException, InterruptedException {
    Semaphore fetched = new Semaphore(0);
    Path file = replace(lists.snapshot(1, task("T-1")));
    RevocationSource whole = counting(FileSource.of(file), fetched);
    AtomicBoolean isFirst = new AtomicBoolean(true);
    RevocationSource source =
        (version, sequence) -> {
          if (isFirst.getAndSet(false)) {
            throw new StackOverflowError("for once");
          }
          return whole.fetch(version, sequence);
        };

    try (RevocationFeed feed = RevocationFeed.start(source, list, Duration.ofMillis(200))) {
      assertThat(feed.failure()).isInstanceOf(IOException.class);
      assertThat(list.health().sources().get(0).failure()).isNotNull();
      assertThat(fetched.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
      assertThat(feed.failure()).isNull();
      assertThat(lists.revoked(list, "T-1")).isTrue();
    }
  }

  @Test
  void refresh_sourceFails_keepsTheListUntilItIsStale() throws IOException {
    Path file = replace(lists.snapshot(1, task("T-1")));
    try (RevocationFeed feed = RevocationFeed.start(FileSource.of(file), list, NEVER)) {
      Files.delete(file);

      assertThat(feed.refresh()).isFalse();

      assertThat(feed.failure()).isInstanceOf(IOException.class);
      assertThat(lists.revoked(list, "T-1")).isTrue();
      assertThat(lists.check(list, "T-2").clear()).isTrue();
      lists.clock.forward(Lists.DUE.plusMillis(1));
      assertThat(lists.check(list, "T-2").status()).isEqualTo(RevocationStatus.STALE);
      replace(lists.snapshot(2, task("T-1")));
      assertThat(feed.refresh()).isTrue();
      assertThat(feed.failure()).isNull();
      assertThat(lists.check(list, "T-2").clear()).isTrue();
    }
  }

  @Test
  void health_listAndSource_tellAgeNextUpdateAndFailure() throws IOException {
    Path file = folder.resolve("list");
    try (RevocationFeed feed = RevocationFeed.start(FileSource.of(file), list, NEVER)) {
      assertThat(list.health().lists()).isEmpty();
      assertThat(list.health().fresh()).isFalse();
      assertThat(list.health().sources())
          .singleElement()
          .satisfies(
              source -> {
                assertThat(source.name()).contains("list");
                assertThat(source.answered()).isNull();
                assertThat(Objects.requireNonNull(source.failure()).reason())
                    .startsWith("NoSuchFileException: ");
              });

      replace(lists.snapshot(7));
      assertThat(feed.refresh()).isTrue();
      lists.clock.forward(Duration.ofSeconds(9));

      RevocationHealth health = list.health();
      assertThat(health.sources().get(0).failure()).isNull();
      assertThat(health.sources().get(0).answered()).isNotNull();
      assertThat(health.fresh()).isTrue();
      RevocationHealth.Issued issued = health.lists().get(0);
      assertThat(issued.sequence()).isEqualTo(7);
      assertThat(issued.age(lists.clock.instant())).hasSeconds(9);
      assertThat(issued.nextUpdate()).isAfter(issued.issued());
      lists.clock.forward(
          Duration.between(lists.clock.instant(), issued.staleAfter()).plusMillis(1));
      assertThat(list.health().fresh()).isFalse();
    }
  }

  @Test
  void start_sourceFails_isUnavailableUntilItDoesNot() throws IOException {
    Path file = folder.resolve("list");
    try (RevocationFeed feed = RevocationFeed.start(FileSource.of(file), list, NEVER)) {
      assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.UNAVAILABLE);

      replace(lists.snapshot(1));

      assertThat(feed.refresh()).isTrue();
      assertThat(lists.check(list, "T-1").clear()).isTrue();
    }
  }

  @Test
  void refresh_refusedContent_isLookedAtAgain() throws IOException {
    byte[] early = lists.snapshot(1, task("T-1"));
    lists.clock.forward(Duration.ofHours(-1));
    Path file = replace(early);
    try (RevocationFeed feed = RevocationFeed.start(FileSource.of(file), list, NEVER)) {
      assertThat(feed.failure())
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.REVOCATIONS_NOT_YET_VALID));

      lists.clock.forward(Duration.ofHours(1));

      assertThat(feed.refresh()).isTrue();
      assertThat(lists.revoked(list, "T-1")).isTrue();
    }
  }

  @Test
  void refresh_rolledBackFile_keepsTheNewerList() throws IOException {
    byte[] old = lists.snapshot(1);
    Path file = replace(lists.snapshot(2, task("T-1")));
    try (RevocationFeed feed = RevocationFeed.start(FileSource.of(file), list, NEVER)) {
      replace(old);

      assertThat(feed.refresh()).isFalse();
      assertThat(lists.revoked(list, "T-1")).isTrue();
    }
  }

  @Test
  void refresh_sourceIsToldWhatIsKnown_canBringDeltasAlone() {
    RevocationSource source =
        (version, sequence) ->
            new RevocationSource.Content(
                new ByteArrayInputStream(
                    sequence == 0
                        ? lists.snapshot(1, task("T-1"))
                        : lists.delta(sequence, sequence + 1, task("T-" + (sequence + 1)))),
                null);
    try (RevocationFeed feed = RevocationFeed.start(source, list, NEVER)) {
      assertThat(feed.refresh()).isTrue();
      assertThat(feed.refresh()).isTrue();

      assertThat(lists.revoked(list, "T-1")).isTrue();
      assertThat(lists.revoked(list, "T-3")).isTrue();
    }
  }

  @Test
  void feed_sourceWithADefect_goesOnTrying() throws InterruptedException {
    Semaphore fetched = new Semaphore(0);
    RevocationSource broken =
        (version, sequence) -> {
          fetched.release();
          throw new IllegalStateException("a defect");
        };
    try (RevocationFeed feed = RevocationFeed.start(broken, list, SOON)) {
      fetched.acquire(4);

      assertThat(feed.failure()).hasMessage("a defect");
    }
  }

  @Test
  void start_withoutAWait_isRefused() {
    refused(
        () -> RevocationFeed.start(FileSource.of(folder), list, Duration.ofNanos(999_999)),
        ErrorCode.INVALID_ARGUMENT);
    RevocationFeed.start(FileSource.of(folder), list, Duration.ofMillis(1)).close();
  }

  /** A source that hangs, and lets nobody wake it. */
  @Test
  void start_interruptedWhileItWaits_returnsAndStaysInterrupted() throws InterruptedException {
    Semaphore over = new Semaphore(0);
    RevocationSource silent =
        (version, sequence) -> {
          over.acquireUninterruptibly();
          return null;
        };
    Thread.currentThread().interrupt();

    RevocationFeed feed = RevocationFeed.start(silent, list, SOON, NEVER);

    assertThat(Thread.interrupted()).isTrue();
    feed.close();
    over.release();
    assertThat(lists.check(list, "T-1").status()).isEqualTo(RevocationStatus.UNAVAILABLE);
  }

  /** The numbers of one issuer say nothing of another's: such a source has to bring all. */
  @Test
  void refresh_sourceOfSeveralIssuers_isToldOfNoNumber() {
    Lists other = new Lists();
    RevocationList both =
        RevocationList.trusting(lists.key.publicKey(), other.key.publicKey())
            .clock(lists.clock)
            .forgottenAtRestart()
            .build();
    List<Long> told = new ArrayList<>();
    RevocationSource source =
        (version, sequence) -> {
          told.add(sequence);
          return new RevocationSource.Content(
              new ByteArrayInputStream(Lists.join(lists.snapshot(3), other.snapshot(4))), "a name");
        };
    try (RevocationFeed feed = RevocationFeed.start(source, both, NEVER)) {
      assertThat(feed.refresh()).isTrue();
    }
    assertThat(told).containsExactly(0L, 0L);
  }

  private static RevocationSource counting(RevocationSource source, Semaphore fetched) {
    return new RevocationSource() {
      @Override
      public @Nullable Content fetch(@Nullable String version, long sequence) throws IOException {
        fetched.release();
        return source.fetch(version, sequence);
      }
    };
  }

  private Path replace(byte[] bytes) throws IOException {
    Path file = folder.resolve("list");
    Path next = folder.resolve("list.new");
    Files.write(next, bytes);
    return Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void close_feed_fetchesNothingMore() throws IOException, InterruptedException {
    Semaphore fetched = new Semaphore(0);
    Path file = replace(lists.snapshot(1));
    RevocationFeed feed =
        RevocationFeed.start(counting(FileSource.of(file), fetched), list, Duration.ofMillis(1));
    assertThat(fetched.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();

    feed.close();

    fetched.tryAcquire(1, TimeUnit.SECONDS); // one that had begun
    fetched.drainPermits();
    assertThat(fetched.tryAcquire(300, TimeUnit.MILLISECONDS)).isFalse();
  }
}
