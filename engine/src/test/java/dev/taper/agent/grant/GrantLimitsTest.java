package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a grant, a condition or a budget can say: so much exactly, and no more. */
class GrantLimitsTest {
  private static final String KEY = "ed25519/";

  static Stream<Arguments> limits() {
    return Stream.of(
        limit("services", 256, n -> Condition.audience(names(n))),
        limit("approvers", 32, n -> grant().when(new ApprovedBy(1, keys(n)))),
        limit("approvers, all of them", 32, n -> grant().when(new ApprovedBy(n, keys(n)))),
        limit("persons of a group", 32, n -> grant().ifApprovedByGroup(n, "finance")),
        limit("days of a justification", 366, n -> grant().ifJustified(Duration.ofDays(n))),
        limit("approvals", 16, GrantLimitsTest::approvals),
        limit("tool patterns", 64, n -> Grant.tools(patterns(n, ".*"))),
        limit("resource patterns", 64, n -> grant().resources(patterns(n, "/*"))),
        limit("values", 256, n -> where(argument().in((Object[]) names(n)))),
        limit("names of arguments", 256, n -> grant().onlyArguments(names(n))),
        limit("characters of a scheme", 32, n -> where(argument().schemeIn("s".repeat(n)))),
        limit("ports", 256, n -> where(argument().portIn(ports(n)))),
        limit("highest port", 65_535, n -> where(argument().portIn(n))),
        limit("last port", 65_535, n -> where(argument().portBetween(65_534, n))),
        limit("bytes of a value", 1024, n -> where(argument().is("x".repeat(n)))),
        limit("characters of two bytes", 512, n -> where(argument().is("\u00e9".repeat(n)))),
        limit("decimals of a bound", 64, n -> where(argument().atMost(zero(n)))),
        limit("digits of a bound", 64, n -> where(argument().atMost(one(n)))),
        limit("bytes of a pattern", 1024, n -> where(argument().matches("x".repeat(n)))),
        limit("bytes of each one's pattern", 1024, n -> where(eachMatches("x".repeat(n)))),
        limit("repetitions", 45, n -> where(argument().matches("(x{100}){" + n + "}"))),
        limit("bytes of a root", 1024, n -> where(argument().under("/" + "x".repeat(n - 1)))),
        limit("constraints", 128, GrantLimitsTest::constraints),
        limit("alternatives", 256, GrantLimitsTest::alternatives),
        limit("tools of a budget", 64, n -> calls().forTools(names(n))),
        limit("bytes of a budget's id", 256, n -> Budget.ofCalls("i".repeat(n), 1, "s")),
        limit("bytes of a budget's store", 256, n -> Budget.ofCalls("i", 1, "s".repeat(n))),
        limit("bytes of a budget's unit", 64, GrantLimitsTest::ofUnit),
        limit("days of a budget", 366, n -> calls().in(Duration.ofDays(n))),
        limit("tools of a pattern of calls", 64, n -> pattern(n, 0, 0)),
        limit("operations of a pattern of calls", 64, n -> pattern(1, n, 0)),
        limit("resources of a pattern of calls", 64, n -> pattern(1, 0, n)));
  }

  private static Arguments limit(String name, int most, IntFunction<Object> made) {
    return arguments(name, most, made);
  }

  private static Grant grant() {
    return Grant.tools("t");
  }

  private static Grant where(Constraint constraint) {
    return grant().where(constraint);
  }

  private static Constraint.Argument argument() {
    return Constraint.arg("a");
  }

  private static Constraint eachMatches(String pattern) {
    return argument().eachMatches(pattern);
  }

  private static Budget calls() {
    return Budget.ofCalls("i", 1, "s");
  }

  private static Budget ofUnit(int length) {
    return Budget.ofAmount("i", BigDecimal.ONE, "u".repeat(length), "a", "s");
  }

  private static CallPattern pattern(int tools, int operations, int resources) {
    return new CallPattern(
        new TreeSet<>(List.of(names(tools))),
        new TreeSet<>(List.of(names(operations))),
        new TreeSet<>(List.of(names(resources))));
  }

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "n" + i).toArray(String[]::new);
  }

  private static String[] patterns(int count, String end) {
    return IntStream.range(0, count).mapToObj(i -> "n" + i + end).toArray(String[]::new);
  }

  private static SortedSet<String> keys(int count) {
    TreeSet<String> keys = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      keys.add(KEY + String.format("%064x", i));
    }
    return keys;
  }

  private static int[] ports(int count) {
    return IntStream.rangeClosed(1, count).toArray();
  }

  private static BigDecimal zero(int decimals) {
    return BigDecimal.ZERO.setScale(decimals);
  }

  private static BigDecimal one(int digits) {
    return BigDecimal.ONE.setScale(digits - 1);
  }

  private static Grant approvals(int count) {
    Grant grant = grant();
    for (String group : names(count)) {
      grant = grant.ifApprovedByGroup(1, group);
    }
    return grant;
  }

  private static Grant constraints(int count) {
    Grant grant = grant();
    for (String name : names(count)) {
      grant = grant.where(Constraint.arg(name).is(1));
    }
    return grant;
  }

  private static Grants alternatives(int count) {
    return new Grants(Stream.of(names(count)).map(Grant::tools).toList());
  }

  /** What is made with the most is also read from a token. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("limits")
  void make_theMost_isMadeAndReadBackAndNoMore(String name, int most, IntFunction<Object> made) {
    Object whole = made.apply(most);
    if (whole instanceof Budget budget) {
      assertThat(Budget.parse(budget.toString())).isEqualTo(budget);
    } else if (!(whole instanceof CallPattern)) {
      Caveat caveat = whole instanceof Grant grant ? Grants.of(grant) : (Caveat) whole;
      assertThat(Caveat.of(caveat.check())).as(name).isEqualTo(caveat);
    }

    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> made.apply(most + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t if justified within 1s",
        "t where a length <= 0",
        "t where a port in 1",
        "t where a port in 1-2",
        "t where a matches x",
        "t if approved by 1 of group \"g\"",
      })
  void parse_theLeast_isReadBack(String text) {
    Grants grants = Grants.parse(text);

    assertThat(Caveat.of(grants.check())).isEqualTo(grants).hasToString(text);
    assertThat(Caveat.of(Condition.maxDepth(0).check())).isEqualTo(Condition.maxDepth(0));
  }

  /** Two grants may exclude more than one list holds. */
  @Test
  void intersect_moreExcludedThanAListHolds_areTwoLists() {
    Grant half = where(argument().notIn((Object[]) names(128)));

    assertThat(half.where(argument().notIn((Object[]) others(128))).constraints()).hasSize(1);
    assertThat(half.where(argument().notIn((Object[]) others(129))).constraints()).hasSize(2);
  }

  /** A token can have a long text once and name it often: none of these copies it. */
  @Test
  void make_farTooLongText_isRefusedBeforeAnythingIsMadeOfIt() {
    String text = "x".repeat(2049);

    assertTooLong(() -> argument().startsWith(text));
    assertTooLong(() -> argument().is(text));
    assertTooLong(() -> argument().schemeIn(text));
    assertTooLong(() -> argument().hostIn("*" + text));
    assertThatThrownBy(() -> argument().is("x".repeat(2048)))
        .hasMessage("the text for argument a is longer than 1024 bytes");
  }

  private static void assertTooLong(ThrowingCallable made) {
    assertThatThrownBy(made).hasMessage("a text in a grant is longer than 1024 bytes");
  }

  private static String[] others(int count) {
    return IntStream.range(0, count).mapToObj(i -> "o" + i).toArray(String[]::new);
  }

  /** A token has one copy of each text, and can grant many tools where many arguments have it. */
  @Test
  void comparedTo_longTextsNamedVeryOften_tellsSome() {
    Object[] texts = patterns(20, "x".repeat(100));
    Grant much = Grant.tools(names(200));
    for (String argument : names(20)) {
      much = much.where(Constraint.arg(argument).in(texts));
    }
    Grants parents = Grants.parse("t or u");

    Grants.Narrowing narrowing = Grants.of(grant(), much).comparedTo(parents);

    assertThat(narrowing.wider()).hasSizeBetween(1, 64);
    assertThat(narrowing.wider().get(0))
        .startsWith("n0 where n0 in n0x")
        .endsWith("…, of which nothing was granted")
        .hasSizeLessThan(17_000);
  }

  /** Many pairs take no more work for patterns than one: each would take a millisecond. */
  @Test
  void comparedTo_patternsOfVeryManyPairs_takeAsMuchAsThoseOfOne() {
    String text = "a".repeat(1_000);
    Grants parents = alternatives(40, i -> argument().in(text, "v" + i));
    Grants mine = alternatives(40, i -> argument().matches("(a|b)*".repeat(20) + "c{0,50}d" + i));
    long before = allocated();

    boolean contradicts = mine.comparedTo(parents).contradicts();

    assertThat(allocated() - before).isLessThan(60_000_000);
    assertThat(contradicts).isFalse();
  }

  private static Grants alternatives(int count, IntFunction<Constraint> constraint) {
    return new Grants(IntStream.range(0, count).mapToObj(i -> where(constraint.apply(i))).toList());
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void comparedTo_longListsThatAreWider_tellsTheirBeginnings() {
    Grant parent = Grant.tools(patterns(3_000, "p")).resources(patterns(3_000, "r"));
    List<String> wider =
        Grant.tools(patterns(3_001, "p"))
            .resources(patterns(3_001, "r"))
            .comparedTo(parent)
            .wider();

    assertThat(wider).hasSize(2).allMatch(text -> text.length() < 4_500);
    assertThat(wider.get(0)).startsWith("tools n0p, n1000p").contains(", wider than n0p, n1000p");
    assertThat(Grant.anyTool().comparedTo(parent).wider())
        .singleElement()
        .satisfies(text -> assertThat(text).hasSizeLessThan(2_200));
  }

  @Test
  void parse_longestText_isReadAndNoLonger() {
    String padded = " ".repeat((1 << 20) - 1) + "t";

    assertThat(Grant.parse(padded)).isEqualTo(grant());
    Refused.with(ErrorCode.SYNTAX, () -> Grant.parse(' ' + padded));
  }

  /** The approvals that a call needs are found in any query, as many as a grant can ask for. */
  @Test
  void approvalsIn_theMost_areFound() {
    for (Activation most :
        List.<Activation>of(new ApprovedBy(32, keys(32)), new ApprovedByGroup(32, "finance"))) {
      assertThat(Activation.approvalsIn(grant().when(most).query(), Collections.emptyList()))
          .containsExactly(most);
    }
  }
}
