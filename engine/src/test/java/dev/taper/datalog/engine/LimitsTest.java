package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Block;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LimitsTest {
  private static final String FOUR_WAY_JOIN =
      "check if f($a), f($b), f($c), f($d), $a + $b + $c + $d < 0;";

  @Test
  void run_ninetyNineIterations_fits() {
    World world = Tokens.run(chain(99), "allow if true;");
    assertThat(world.iterations()).isEqualTo(99);
    assertCode(() -> Tokens.run(chain(100), "allow if true;"), ErrorCode.TOO_MANY_ITERATIONS);
  }

  @Test
  void run_factsBelowLimit_fits() {
    TokenProgram token = Tokens.token("a(1); a(2); a(3); b($x) <- a($x), $x > 1;");
    RunLimits limits = RunLimits.defaults();
    assertThat(Tokens.run(limits.withMaxFacts(6), token, "allow if true;").factCount())
        .isEqualTo(5);
    assertCode(
        () -> Tokens.run(limits.withMaxFacts(5), token, "allow if true;"),
        ErrorCode.TOO_MANY_FACTS);
  }

  @Test
  void run_manyFactsAndNothingDerived_fits() {
    Block.Builder block = Block.builder();
    for (int i = 0; i < 2_000; i++) {
      block.fact("f", new Term.Int(i));
    }
    block.rule(Datalog.rule("g($x) <- f($x), $x < 0"));
    TokenProgram token = token(block.build());
    assertThat(Tokens.run(token, "allow if true;").factCount()).isEqualTo(2_000);
  }

  @Test
  void run_iterationsAndFactsAtOnce_iterationsFirst() {
    RunLimits limits = RunLimits.defaults().withMaxFacts(2).withMaxIterations(1);
    assertCode(
        () -> Tokens.run(limits, Tokens.token("a(1); b($x) <- a($x);"), "allow if true;"),
        ErrorCode.TOO_MANY_ITERATIONS);
  }

  @Test
  void run_errorAfterFactLimitInOneRound_errorFirst() {
    RunLimits limits = RunLimits.defaults().withMaxFacts(3);
    TokenProgram token =
        Tokens.token("a(1); a(2); a(0); b($x, $y) <- a($x), a($y); c($x) <- a($x), 1 / $x > 0;");
    assertCode(() -> Tokens.run(limits, token, "allow if true;"), ErrorCode.DIVISION_BY_ZERO);
  }

  @Test
  @Timeout(60)
  void run_explodingRule_memoryBoundByFactLimit() {
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 99; i++) {
      block.append("a(").append(i).append(");");
    }
    block.append("b($x, $y, $z) <- a($x), a($y), a($z);");
    RunLimits limits = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));
    assertCode(
        () -> Tokens.run(limits, Tokens.token(block.toString()), "allow if true;"),
        ErrorCode.TOO_MUCH_WORK);
    RunLimits more = limits.withMaxSteps(10_000_000);
    assertCode(
        () -> Tokens.run(more, Tokens.token(block.toString()), "allow if true;"),
        ErrorCode.TOO_MANY_FACTS);
  }

  @Test
  @Timeout(60)
  void decide_hostileJoin_endsWithTooMuchWork() {
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      block.append("f(").append(i).append(");");
    }
    TokenProgram token = Tokens.token(block + FOUR_WAY_JOIN);
    RunLimits limits = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));
    World world = Tokens.run(limits, token, "allow if true;");
    assertCode(world::decide, ErrorCode.TOO_MUCH_WORK);
    assertThat(world.stepsUsed()).isEqualTo(RunLimits.defaults().maxSteps());
  }

  @Test
  void decide_exactlyTheStepsNeeded_fits() {
    TokenProgram token = Tokens.token("f(1); f(2); f(3); f(4);" + FOUR_WAY_JOIN);
    World free = Tokens.run(token, "allow if true;");
    free.decide();
    RunLimits exact = RunLimits.defaults().withMaxSteps(free.stepsUsed());
    assertThat(Tokens.run(exact, token, "allow if true;").decide().allowed()).isFalse();
    World short_ = Tokens.run(exact.withMaxSteps(free.stepsUsed() - 1), token, "allow if true;");
    assertCode(short_::decide, ErrorCode.TOO_MUCH_WORK);
  }

  @Test
  @Timeout(60)
  void decide_doublingStrings_boundBySteps() {
    StringBuilder sum = new StringBuilder("$s");
    for (int i = 0; i < 12; i++) {
      sum = new StringBuilder("(" + sum + " + " + sum + ")");
    }
    TokenProgram token = Tokens.token("check if s($s), " + sum + ".length() > 0;");
    Fact large = Fact.of("s", new Term.Str("x".repeat(100_000)));
    World world = world(token, List.of(large), ExternFunctions.none(), () -> 0);
    assertCode(world::decide, ErrorCode.TOO_MUCH_WORK);
  }

  @Test
  void run_collidingStrings_allKept() {
    Block.Builder block = Block.builder();
    for (int i = 0; i < 512; i++) {
      StringBuilder text = new StringBuilder();
      for (int bit = 0; bit < 9; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      block.fact("f", new Term.Str(text.toString()), new Term.Int(i));
    }
    block.rule(Datalog.rule("g($x, $i) <- f($x, $i), f($x, $i)"));
    TokenProgram token = token(block.build());
    RunLimits limits = RunLimits.defaults().withMaxFacts(2_000);
    assertThat(Tokens.run(limits, token, "allow if true;").factCount()).isEqualTo(1_024);
  }

  @Test
  void run_clockPastLimit_timesOut() {
    AtomicLong clock = new AtomicLong();
    TokenProgram slow = chain(50);
    RunLimits limits = RunLimits.defaults().withMaxTime(Duration.ofMillis(20));
    assertCode(
        () ->
            World.run(
                slow,
                Tokens.authorizer("allow if true;"),
                List.of(),
                ExternFunctions.none(),
                Accounts.of(limits, () -> clock.addAndGet(1_000_000))),
        ErrorCode.TIMEOUT);
    assertThat(clock).as("stopped between rounds").hasValue(21_000_000);
  }

  @Test
  void elapsed_everyEvaluation_isCounted() {
    AtomicLong clock = new AtomicLong();
    World world =
        world(Tokens.token("a(1);"), List.of(), ExternFunctions.none(), clock::incrementAndGet);
    assertThat(world.elapsed()).hasNanos(1);
    world.decide();
    assertThat(world.elapsed()).hasNanos(2);
    world.query(Datalog.rule("q($x) <- a($x)"), QueryScope.ALL);
    assertThat(world.elapsed()).hasNanos(3);
    Accounts explaining = Accounts.of(RunLimits.defaults(), clock::incrementAndGet);
    world.explain(Datalog.check("check if a(1) or a(2)"), 0, explaining);
    assertThat(explaining.elapsed()).hasNanos(2);
    assertThat(world.elapsed()).hasNanos(3);
  }

  @Test
  void decide_timeBetweenCalls_notCounted() {
    AtomicLong clock = new AtomicLong();
    World world = world(Tokens.token("a(1);"), List.of(), ExternFunctions.none(), clock::get);
    clock.addAndGet(Duration.ofDays(1).toNanos());
    assertThat(world.decide().allowed()).isTrue();
    assertThat(world.elapsed()).isZero();
  }

  @Test
  void decide_slowExternFunction_timesOut() {
    AtomicLong clock = new AtomicLong();
    ExternFunctions externs =
        ExternFunctions.none()
            .with(
                "slow",
                (receiver, argument) -> {
                  clock.addAndGet(Duration.ofSeconds(3).toNanos());
                  return receiver;
                });
    String check = "check if (true.extern::slow()).try_or(true);";
    World world = world(Tokens.token(check + check), List.of(), externs, clock::get);
    assertCode(world::decide, ErrorCode.TIMEOUT);
    assertThat(clock).as("one call").hasValue(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void decide_bodyOfThousandsOfPredicates_needsNoStack() throws InterruptedException {
    String body = "f($x), ".repeat(20_000);
    TokenProgram token = Tokens.token("f(1); check if " + body + "f($x);");
    Tokens.run(token, "allow if true;").decide();
    boolean[] allowed = {false};
    Thread thread =
        new Thread(
            null,
            () -> allowed[0] = Tokens.run(token, "allow if true;").decide().allowed(),
            "small stack",
            128 * 1024);
    thread.start();
    thread.join();
    assertThat(allowed[0]).isTrue();
  }

  private static TokenProgram chain(int length) {
    Block.Builder block = Block.builder().fact("at", new Term.Int(0));
    for (int i = 0; i < length; i++) {
      block.fact("next", new Term.Int(i), new Term.Int(i + 1));
    }
    block.rule(Datalog.rule("at($y) <- at($x), next($x, $y)"));
    return token(block.build());
  }

  private static TokenProgram token(Block block) {
    return TokenProgram.link(List.of(BlockProgram.compile(block)), Collections.singletonList(null));
  }

  private static World world(
      TokenProgram token, List<Fact> facts, ExternFunctions externs, LongSupplier ticker) {
    return World.run(
        token,
        Tokens.authorizer("allow if true;"),
        facts,
        externs,
        Accounts.of(RunLimits.defaults().withMaxTime(Duration.ofSeconds(2)), ticker));
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaperException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
