package dev.taper.operations.doctor;

import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.operations.doctor.Observation.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one thing after the other, and goes on when one of them is wrong. It changes nothing.
 * Not thread-safe.
 */
public final class Checkup {
  private final List<Observation> observations = new ArrayList<>();

  /** Has looked at nothing yet. */
  public Checkup() {}

  /** Looks at something. */
  @FunctionalInterface
  public interface Probe {
    /**
     * Looks, and says what it found.
     *
     * @throws RuntimeException if it is wrong; the message says why, and holds no secret
     */
    void look(Report report);
  }

  /** Takes what a probe finds. */
  public final class Report {
    private final String subject;
    private boolean said;

    private Report(String subject) {
      this.subject = subject;
    }

    /** It is right. */
    public void right(String text) {
      add(Status.RIGHT, null, text);
    }

    /** It works, and is probably not what is meant or will not last. */
    public void doubtful(String code, String text) {
      add(Status.DOUBTFUL, code, text);
    }

    /** It does not work. */
    public void wrong(String code, String text) {
      add(Status.WRONG, code, text);
    }

    private void add(Status status, @Nullable String code, String text) {
      said = true;
      observations.add(new Observation(subject, status, code, text));
    }
  }

  /**
   * Looks at one thing. What a probe throws is a observation: it is wrong.
   *
   * @param subject what it is
   * @param probe looks
   */
  public void look(String subject, Probe probe) {
    Report report = new Report(subject);
    try {
      probe.look(report);
      if (!report.said) {
        report.right("nothing is wrong");
      }
    } catch (TaperException e) {
      report.wrong(e.code().text(), String.valueOf(e.getMessage()));
    } catch (OperationException e) {
      report.wrong(e.code(), String.valueOf(e.getMessage()));
    }
  }

  /** What was found, in order. */
  public List<Observation> observations() {
    return List.copyOf(observations);
  }

  /** True if nothing is wrong; doubts do not count. */
  public boolean healthy() {
    for (Observation observation : observations) {
      if (observation.status() == Status.WRONG) {
        return false;
      }
    }
    return true;
  }
}
