package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither a token nor a service can measure or use up what the other one has. */
class AccountsTest {
  private static final String HOP =
      "check if member($u, $t), member($t, $u) or arg($x, $y), arg($y, $x) or rich($u);";
  private static final String POLICIES =
      "rich($u) <- member($u, $t); deny if member($u, $t), banned($u), arg($u, $t); allow if true;";

  /** No test is to depend on the machine's speed. */
  private static final RunLimits LIMITS = RunLimits.defaults().withMaxTime(Duration.ofMinutes(1));

  private Accounts work = Accounts.separate(LIMITS);

  private World run(TokenProgram token, String policies) {
    List<Fact> request = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      request.add(Fact.of("arg", new Term.Str("user" + i), new Term.Int(i)));
    }
    AuthorizerProgram service = Tokens.authorizer(policies).confidential(Set.of());
    return World.run(token, service, request, ExternFunctions.none(), work);
  }

  private static String facts(int count) {
    StringBuilder facts = new StringBuilder();
    for (int i = 0; i < count; i++) {
      facts.append("member(\"user").append(i).append("\", ").append(i).append(");");
    }
    return facts.toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 400})
  void decide_serviceHasFacts_tokensWorkIsTheSame(int count) {
    run(Tokens.token("a(1);", HOP), POLICIES).decide();
    long without = work.tokenStepsUsed();

    AccountsTest other = new AccountsTest();
    other.run(Tokens.token("a(1);", HOP), facts(count) + POLICIES).decide();

    assertThat(other.work.tokenStepsUsed()).isEqualTo(without);
    assertThat(other.work.stepsUsed()).isGreaterThan(work.stepsUsed());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 400})
  void decide_tokenHasFacts_servicesWorkIsTheSame(int count) {
    run(Tokens.token("a(1);", "x(1);"), facts(30) + POLICIES).decide();
    long without = work.stepsUsed() - work.tokenStepsUsed();

    AccountsTest other = new AccountsTest();
    String hop = facts(count) + "banned($u) <- member($u, $t);";
    other.run(Tokens.token("a(1);", hop), facts(30) + POLICIES).decide();

    assertThat(other.work.stepsUsed() - other.work.tokenStepsUsed()).isEqualTo(without);
  }

  /** Facts that the service does not trust are not even added to what it looks at. */
  @Test
  void decide_untrustedBlockDerivesFacts_servicesWorkIsTheSame() {
    String derive = "member($u, $t) <- arg($u, $t); banned($u) <- member($u, $t);";
    String first = "arg(\"user0\", 0);";
    run(Tokens.token(first, "x(1);"), facts(30) + POLICIES).decide();
    AccountsTest other = new AccountsTest();
    World world = other.run(Tokens.token(first, derive), facts(30) + POLICIES);
    world.decide();

    assertThat(world.derivedFacts()).hasSize(30 + 82);
    assertThat(other.work.stepsUsed() - other.work.tokenStepsUsed())
        .isEqualTo(work.stepsUsed() - work.tokenStepsUsed());
  }

  @Test
  void run_tokenDerivesAllItMay_serviceDerivesWhatItNeeds() {
    String hop = facts(60) + "pair($a, $b) <- member($a, $i), member($b, $j), $i < 14;";
    World world = run(Tokens.token("a(1);", hop), facts(450) + POLICIES);
    assertThat(world.factCount()).isGreaterThan(1_700);
    assertThat(world.decide().allowed()).isTrue();
  }

  @Test
  void run_derivedFacts_nameTheService() {
    World world = run(Tokens.token("a(1);"), facts(1) + POLICIES);
    assertThat(world.facts())
        .extracting(OriginFact::toString)
        .anyMatch(text -> text.contains("rich(\"user0\")") && text.contains("service"));
    assertThat(world.derivedFacts())
        .singleElement()
        .satisfies(fact -> assertThat(fact.origin().service()).isTrue())
        .satisfies(fact -> assertThat(fact.origin()).hasToString("service"));
  }

  /** What the token derives is there twice where the service sees it: it is listed once. */
  @Test
  void derivedFacts_seenByTokenAndService_listedOnceInOrder() {
    String token =
        "arg(\"a\", 1); member($u, $t) <- arg($u, $t), $u == \"a\"; b($t) <- member($u, $t);";
    World world = run(Tokens.token(token), facts(2) + POLICIES);
    List<String> derived = world.derivedFacts().stream().map(f -> f.fact().toString()).toList();
    assertThat(derived).doesNotHaveDuplicates().contains("member(\"a\", 1)", "b(1)", "rich(\"a\")");
    List<String> all = world.facts().stream().map(f -> f.fact().toString()).toList();
    assertThat(all.subList(all.size() - derived.size(), all.size())).isEqualTo(derived);
  }

  /** What a round derives beyond the limit is not kept, though the service has facts to spare. */
  @Test
  void run_tokenDerivesTooMuch_keepsNoMoreThanItMay() {
    StringBuilder pairs = new StringBuilder("pair($a, $b) <- v($a), v($b);");
    for (int i = 0; i < 40; i++) {
      pairs.append("v([").append(i).append("]);"); // keeping an array costs a step
    }
    assertThat(stepsUpToTooManyFacts(1_000, pairs.toString(), "allow if true;"))
        .isLessThan(stepsUpToTooManyFacts(1_500, pairs.toString(), "allow if true;") - 500);
    assertThat(stepsUpToTooManyFacts(1_000, "x(1);", pairs + "allow if true;"))
        .isLessThan(stepsUpToTooManyFacts(1_500, "x(1);", pairs + "allow if true;") - 500);
  }

  private static long stepsUpToTooManyFacts(int most, String block, String policies) {
    AccountsTest test = new AccountsTest();
    test.work = Accounts.separate(LIMITS.withMaxFacts(most));
    assertThatThrownBy(() -> test.run(Tokens.token("a(1);", block), policies))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_FACTS));
    return test.work.stepsUsed();
  }

  @Test
  void run_twoEvaluations_drawOnOneBudget() {
    TokenProgram token = Tokens.token("a(1);", HOP);
    run(token, POLICIES).decide();
    long once = work.tokenStepsUsed();
    run(token, POLICIES).decide();
    assertThat(work.tokenStepsUsed()).isEqualTo(2 * once);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check if nested($a), same($b, $c, 1), $a != $b;",
        "check if nested($a), same($b, $c, 1), $a !== $b;",
        "check if nested($a), same($a, $b, 1), false;",
        "check if nested($a), same($b, $c, 1), !$b.starts_with($a);",
        "d($a, $i) <- nested($a), number($i);"
      })
  void decide_nestedValuesCompared_chargedByWhatTheyHold(String check) {
    assertThat(steps(check, 2_000) - steps(check, 2)).isGreaterThan(1_900);
  }

  private static long steps(String check, int size) {
    Accounts work = Accounts.separate(LIMITS);
    List<Term> inner = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      inner.add(new Term.Int(i));
    }
    Term nested = new Term.Array(List.of(new Term.Array(inner)));
    Term twin = new Term.Array(List.of(new Term.Array(List.copyOf(inner))));
    List<Fact> request = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      request.add(Fact.of("number", new Term.Int(i)));
    }
    request.add(Fact.of("nested", nested));
    request.add(Fact.of("same", twin, nested, new Term.Int(1)));
    World.run(
            Tokens.token("a(1);", check),
            Tokens.authorizer("allow if true;").confidential(Set.of()),
            request,
            ExternFunctions.none(),
            work)
        .decide();
    return work.tokenStepsUsed();
  }

  /**
   * 12,000 comparisons of equal values with 6,000 elements each take seconds if they cost a step.
   */
  @Test
  void decide_equalNestedValuesJoined_endsWithTooMuchWork() {
    StringBuilder array = new StringBuilder("[[0");
    for (int i = 1; i < 6_000; i++) {
      array.append(',').append(i % 10);
    }
    array.append("]]");
    String block =
        "v("
            + array
            + ", 1); w("
            + array
            + ", 1); n(0); n(1); n(2); n(3); n(4); n(5);"
            + "check if v($a, 1), n($i), n($j), n($k), n($l), n($m), w($a, $i);";
    World world = run(Tokens.token("a(1);", block), "allow if true;");
    assertThatThrownBy(world::decide)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
  }

  @Test
  void link_collidingFacts_isCharged() {
    StringBuilder block = new StringBuilder();
    for (long i = 0; i < 3_000; i++) {
      block.append("f(").append(i << 32 | i).append(");"); // all hash to 0
    }
    assertThatThrownBy(() -> run(Tokens.token("a(1);", block.toString()), "allow if true;"))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MUCH_WORK));
    assertThat(Datalog.block(block.toString()).facts()).hasSize(3_000);
  }
}
