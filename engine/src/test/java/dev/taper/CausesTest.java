package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class CausesTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @Test
  void reason_ofAStore_namesTheWholeChainOnce() {
    Exception full = new IOException("No space left on device");
    Exception log = new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "cannot be written", full);
    Exception again = new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "cannot be written", log);

    assertThat(Causes.reason(again)).isEqualTo("cannot be written: No space left on device");
    assertThat(Causes.reason(new ConnectException("Connection refused")))
        .isEqualTo("ConnectException: Connection refused");
    assertThat(Causes.reason(new ConnectException())).isEqualTo("ConnectException");
    assertThat(Causes.reason(new AccessDeniedException("/var/log/x")))
        .isEqualTo("AccessDeniedException: /var/log/x");
  }

  @Test
  void reason_whatMayHoldAValue_isNotQuoted() {
    Exception[] all = {
      new IllegalStateException("password hunter2"),
      new TaperException(ErrorCode.INVALID_ARGUMENT_VALUE, "argument x is hunter2"),
      new TaperException(
          ErrorCode.AUDIT_UNAVAILABLE, "failed", new IllegalArgumentException("hunter2")),
      new com.fasterxml.jackson.core.JsonParseException(null, "unexpected hunter2")
    };
    for (Exception e : all) {
      assertThat(Causes.reason(e)).doesNotContain("hunter2").isNotEmpty();
    }
    assertThat(Causes.reason(new IOException("a\nb\u202e"))).isEqualTo("a\\nb\\u{202e}");
  }

  @Test
  void failed_aFlood_isOneLineAndACount() {
    List<String> lines = new ArrayList<>();
    AtomicLong nanos = new AtomicLong(-5);
    FailureLog log = FailureLog.of(new Lines(lines), "the disk", CLOCK, nanos::get);

    for (int i = 0; i < 1_000; i++) {
      log.failed(new IOException("full " + i));
    }
    assertThat(lines).containsExactly("the disk failed: full 0");
    assertThat(Objects.requireNonNull(log.last()).reason()).isEqualTo("full 999");

    nanos.addAndGet(FailureLog.INTERVAL.toNanos());
    log.failed(new IOException("still full"));
    assertThat(lines)
        .hasSize(2)
        .last()
        .isEqualTo("the disk failed: still full (and 999 times since the last line)");
  }

  @Test
  void deadline_ofAThread_isPutBack() {
    AtomicLong nanos = new AtomicLong();
    Deadline outer = Deadline.in(Duration.ofMillis(10), nanos::get);
    outer.during(
        () -> {
          Deadline inner = outer.earlierBy(Duration.ofMillis(4));
          inner.during(
              () -> assertThat(Objects.requireNonNull(Deadline.current()).left()).hasMillis(6));
          return assertThat(Deadline.current()).isSameAs(outer);
        });
    assertThat(Deadline.current()).isNull();
    nanos.addAndGet(Duration.ofMillis(11).toNanos());
    assertThat(outer.left()).isZero();
    assertThat(outer.butAtLeast(Duration.ofMillis(2)).left()).hasMillis(2);
  }

  /** Keeps what is logged. */
  private static final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    Lines(List<String> lines) {
      this.lines = lines;
      this.name = "test";
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable failure) {
      lines.add(MessageFormatter.basicArrayFormat(pattern, arguments));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }
}
