package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How refusals that could not be explained are counted and logged. */
class UnexplainedTest {
  private final Unexplained unexplained = new Unexplained();

  /** An exception without a trace, which is asked where it comes from only to be logged. */
  private static final class Traceless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    boolean isLogged;

    Traceless() {
      super("nobody thought of this", null, false, false);
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      isLogged = true;
      return super.getStackTrace();
    }
  }

  /** Or a caller fills the log; and what was thrown need not say where. */
  @Test
  void note_again_logsTheFirstTheSecondTheFourth() {
    List<Integer> logged = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      Traceless thrown = new Traceless();
      unexplained.note(thrown);
      if (thrown.isLogged) {
        logged.add(i);
      }
    }

    assertThat(logged).containsExactly(1, 2, 4, 8, 16);
    assertThat(unexplained.count()).isEqualTo(20);
  }
}
