package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether derived facts wait or not, their order, the steps and the first error are the same. */
class HeadsTest {
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int SOON = 9;

  private record Answer(List<?> facts, int iterations, long steps, String end) {}

  @Test
  void run_randomPrograms_sameWithAndWithoutWaiting() {
    for (long seed = 0; seed < 4_000; seed++) {
      RandomProgram random = new RandomProgram(seed);
      List<BlockProgram> blocks = random.blocks.stream().map(BlockProgram::compile).toList();
      AuthorizerProgram code = AuthorizerProgram.compile(random.authorizer);
      TokenProgram token = TokenProgram.link(blocks, random.keys);
      Program program = token.with(seed % 2 == 0 ? code : code.confidential(Set.of("b")));
      RunLimits limits =
          RunLimits.defaults()
              .withMaxFacts(random.maxFacts)
              .withMaxIterations(random.maxIterations);
      run(program, random.requestFacts, limits, NEVER); // compiles regular expressions, for steps
      assertSame(program, random.requestFacts, limits);
    }
  }

  @Test
  void run_recursionWithManyDuplicates_sameAtEveryLimit() {
    StringBuilder text =
        new StringBuilder("p($a, $b) <- e($a, $b); p($a, $c) <- p($a, $b), e($b, $c);");
    for (int i = 0; i < 30; i++) {
      text.append("e(%d, %d); e(%d, %d);".formatted(i, (i + 1) % 30, i, (i * 7) % 30));
    }
    Program program = program(text.toString());
    RunLimits limits = RunLimits.defaults().withMaxFacts(100_000);
    Answer all = run(program, List.of(), limits, NEVER);

    assertThat(all.facts).hasSize(60 + 900);
    for (long steps = all.steps - 400; steps <= all.steps; steps++) {
      assertSame(program, List.of(), limits.withMaxSteps(steps));
    }
    for (int facts = 60; facts <= 961; facts++) {
      assertSame(program, List.of(), limits.withMaxFacts(facts));
    }
  }

  /** The last match fails; before it, adding what waits may need more steps than there are. */
  @Test
  void run_errorWhileFactsWait_sameErrorAtEveryLimitOfSteps() {
    StringBuilder text =
        new StringBuilder("p($a, $b) <- n($a), n($b), 1 / (899 - 30 * $a - $b) < 2;");
    for (int i = 0; i < 30; i++) {
      text.append("n(%d);".formatted(i));
    }
    Program program = program(text.toString());
    RunLimits limits = RunLimits.defaults().withMaxFacts(100_000);
    long needed = run(program, List.of(), limits, NEVER).steps;
    for (long steps = needed - 400; steps <= needed; steps++) {
      Answer answer = assertSame(program, List.of(), limits.withMaxSteps(steps));
      assertThat(answer.end).isEqualTo(steps < needed ? "TOO_MUCH_WORK" : "DIVISION_BY_ZERO");
    }
  }

  private static Answer assertSame(Program program, List<Fact> requestFacts, RunLimits limits) {
    Answer waiting = run(program, requestFacts, limits, SOON);
    assertThat(waiting).isEqualTo(run(program, requestFacts, limits, NEVER));
    return waiting;
  }

  private static Program program(String text) {
    AuthorizerCode code = Datalog.authorizer(text);
    return AuthorizerProgram.compile(code).alone();
  }

  private static Answer run(Program program, List<Fact> requestFacts, RunLimits limits, int large) {
    Accounts work = Accounts.of(limits);
    work.watch.start();
    Frame frame = new Frame(program.slots, work, ExternFunctions.none());
    FactStore facts = new FactStore(program, requestFacts, frame);
    Matcher matcher = new Matcher(facts, frame, program.atoms, program.width);
    String end = "";
    int iterations = -1;
    try {
      iterations = new Fixpoint(facts, program, limits, frame, matcher, large).run();
    } catch (TaperException e) {
      end = e.code().name();
    }
    List<?> list = end.equals("TOO_MUCH_WORK") ? List.of() : facts.list();
    return new Answer(list, iterations, work.stepsUsed(), end);
  }
}
