package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A log to which several processes write: whoever comes late gives its records new places. */
class SharedLogTest {
  private final Trails trails = new Trails();
  private final List<AuditRecord> stored = new ArrayList<>();

  /** One process's way to a database that takes a batch only if it fits the end. */
  private final class Shared implements AuditSink {
    private int refuses;
    private boolean storesAndFails;
    private int attempts;

    @Override
    public @Nullable AuditRecord last() {
      synchronized (stored) {
        return stored.isEmpty() ? null : stored.get(stored.size() - 1);
      }
    }

    @Override
    public void append(List<AuditRecord> records) {
      synchronized (stored) {
        attempts++;
        AuditRecord last = last();
        String end = last == null ? AuditRecord.NO_PREVIOUS : last.hash();
        if (refuses-- > 0 || !records.get(0).previous().equals(end)) {
          throw new TaperException(ErrorCode.AUDIT_MOVED, "another writer was first");
        }
        stored.addAll(records);
        if (storesAndFails) {
          throw new TaperException(ErrorCode.AUDIT_UNAVAILABLE, "the answer was lost");
        }
      }
    }

    @Override
    public boolean shared() {
      return true;
    }

    @Override
    public void close() {}
  }

  private LogVerification verdict() {
    return AuditVerifier.trusting(List.of(trails.auditKey.publicKey()))
        .verify(
            reader -> {
              for (int i = 0; i < stored.size(); i++) {
                reader.accept(new AuditSource.Line(i + 1L, stored.get(i).json(), true));
              }
            });
  }

  private List<String> tasks() {
    List<String> tasks = new ArrayList<>();
    for (AuditRecord record : stored) {
      if (record.content() instanceof AuditEvent event) {
        tasks.add(String.valueOf(event.task()));
      }
    }
    return tasks;
  }

  @Test
  void append_twoWritersInTurn_makeOneChain() {
    try (AuditLog one = trails.log(new Shared()).open();
        AuditLog other = trails.log(new Shared()).open()) {
      for (int i = 0; i < 5; i++) {
        AuditLog.Receipt first = one.append(Trails.event("T-" + i));
        AuditLog.Receipt second = other.append(Trails.event("U-" + i));

        assertThat(second.sequence()).isEqualTo(first.sequence() + 1);
        assertThat(stored.get((int) second.sequence()).hash()).isEqualTo(second.hash());
        assertThat(other.head()).isEqualTo(stored.get(stored.size() - 1).head());
      }
    }
    assertThat(verdict().intact()).isTrue();
    assertThat(verdict().unsigned()).isZero();
    assertThat(tasks())
        .containsExactly("T-0", "U-0", "T-1", "U-1", "T-2", "U-2", "T-3", "U-3", "T-4", "U-4");
  }

  @Test
  void open_anotherWriterBeginsAtTheSameTime_continuesItsLog() {
    Shared late = new Shared();
    late.refuses = 3;

    trails.log(late).open().close();

    assertThat(late.attempts).isEqualTo(4);
    assertThat(verdict().intact()).isTrue();
  }

  @Test
  void append_othersAreAlwaysFirst_givesUpAndLosesNothingElse() {
    Shared never = new Shared();
    never.refuses = Integer.MAX_VALUE;
    assertThatThrownBy(() -> trails.log(never).open())
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_MOVED));
    assertThat(never.attempts).isEqualTo(100);

    Shared sometimes = new Shared();
    try (AuditLog log = trails.log(sometimes).open()) {
      sometimes.attempts = 0;
      sometimes.refuses = Integer.MAX_VALUE;
      assertThatThrownBy(() -> log.append(Trails.event("T-1")))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.AUDIT_MOVED));
      assertThat(sometimes.attempts).isEqualTo(100);
      sometimes.refuses = 99;
      log.append(Trails.event("T-2"));
    }
    assertThat(tasks()).containsExactly("T-2");
    assertThat(verdict().intact()).isTrue();
  }

  @Test
  void append_storedButNotAnsweredAndOthersWentOn_goesOnBehindThem() {
    Shared failing = new Shared();
    try (AuditLog one = trails.log(failing).open();
        AuditLog other = trails.log(new Shared()).open()) {
      failing.storesAndFails = true;
      assertThatThrownBy(() -> one.append(Trails.event("T-1"))).isInstanceOf(TaperException.class);
      failing.storesAndFails = false;
      other.append(Trails.event("U-1"));
      one.append(Trails.event("T-2"));
    }
    assertThat(tasks()).containsExactly("T-1", "U-1", "T-2");
    assertThat(verdict().intact()).isTrue();
    assertThat(verdict().unsigned()).isZero();
  }
}
