package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.decision.Verifier;
import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Denials that were left out are told once, however often the sink fails at it. */
class DenialsToldLaterTest {
  private final Trails trails = new Trails();
  private final MemorySink sink = new MemorySink();
  private final SettableClock clock = new SettableClock(Trails.NOON);

  private LogVerification verdict() {
    return AuditVerifier.trusting(List.of(trails.auditKey.publicKey())).verify(sink);
  }

  /** The denials that are recorded, and those that were left out of which a record tells. */
  private long counted() {
    long counted = 0;
    for (AuditRecord record : List.copyOf(sink.records)) {
      if (record.content() instanceof AuditEvent event && event.kind() == AuditKind.DENY) {
        Long omitted = Objects.requireNonNull(event.basis()).omitted();
        counted += 1 + (omitted == null ? 0 : omitted);
      }
    }
    return counted;
  }

  private void denyWithoutProof(Verifier verifier) {
    String token = trails.atResearcher.encodeBase64();
    assertThat(verifier.decide(Credentials.of(token, null), Trails.search()).allowed()).isFalse();
  }

  @Test
  void decided_sinkFailsWhenItIsToldOfDenialsLeftOut_tellsLater() {
    try (AuditLog log = trails.log(sink).clock(clock).open()) {
      Verifier verifier = trails.verifier().clock(clock).listener(log).build();
      for (int i = 0; i < 3 * Denials.UNPROVEN.burst(); i++) {
        denyWithoutProof(verifier);
      }
      assertThat(counted()).isEqualTo(Denials.UNPROVEN.burst());
      sink.full = true;
      for (int minute = 0; minute < 3; minute++) {
        clock.forward(Duration.ofMinutes(1));
        denyWithoutProof(verifier);
      }
      assertThat(verifier.unrecordedDecisions()).isEqualTo(3);
      sink.full = false;
      clock.forward(Duration.ofMinutes(1));
      denyWithoutProof(verifier);
    }
    assertThat(counted()).isEqualTo(3 * Denials.UNPROVEN.burst() + 1);
    assertThat(verdict().intact()).isTrue();
  }

  /** The record that was to tell it is the denial of a call, which has room again sooner. */
  @Test
  void decided_sinkFailsAtADenialThatTellsOfOthers_tellsLater() {
    try (AuditLog log = trails.log(sink).clock(clock).open()) {
      Verifier verifier = trails.verifier().clock(clock).listener(log).build();
      for (int i = 0; i < Denials.PROVEN.burst() + 50; i++) {
        assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();
      }
      assertThat(counted()).isEqualTo(Denials.PROVEN.burst());
      sink.full = true;
      clock.forward(Duration.ofMillis(Denials.PROVEN.millis()));
      assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();
      assertThat(verifier.unrecordedDecisions()).isEqualTo(1);

      sink.full = false;
      clock.forward(Duration.ofMillis(Denials.PROVEN.millis()));
      assertThat(trails.call(verifier, Trails.search().operation("delete"))).isFalse();

      assertThat(counted()).isEqualTo(Denials.PROVEN.burst() + 51);
    }
    assertThat(counted()).isEqualTo(Denials.PROVEN.burst() + 51);
  }

  @Test
  void decided_noPlaceForWhatTellsOfDenialsLeftOut_tellsLater() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AuditSink slow =
        new AuditLogTest.Forwarding(sink) {
          @Override
          public void append(List<AuditRecord> records) {
            if (records.get(0).json().contains("T-stuck")) {
              stuck.countDown();
              AuditLogTest.await(released);
            }
            super.append(records);
          }
        };
    int denied = 2 * Denials.UNPROVEN.burst();
    try (AuditLog log = trails.log(slow).clock(clock).capacity(2).open()) {
      Verifier verifier = trails.verifier().clock(clock).listener(log).build();
      for (int i = 0; i < denied; i++) {
        denyWithoutProof(verifier);
      }
      List<CompletionStage<AuditLog.Receipt>> waiting = new ArrayList<>();
      waiting.add(log.submit(Trails.event("T-stuck")));
      stuck.await();
      fill(log, waiting);
      clock.forward(Duration.ofMinutes(1));
      denyWithoutProof(verifier); // is not recorded, nor is that which tells of the others
      assertThat(verifier.unrecordedDecisions()).isEqualTo(1);
      released.countDown();
      waiting.forEach(record -> record.toCompletableFuture().join());

      clock.forward(Duration.ofMinutes(1));
      denyWithoutProof(verifier);
    }
    assertThat(counted()).isEqualTo(denied + 1);
    assertThat(verdict().intact()).isTrue();
  }

  private static void fill(AuditLog log, List<CompletionStage<AuditLog.Receipt>> waiting) {
    while (true) {
      try {
        waiting.add(log.submit(Trails.event("T-waits")));
      } catch (TaperException e) {
        return;
      }
    }
  }
}
