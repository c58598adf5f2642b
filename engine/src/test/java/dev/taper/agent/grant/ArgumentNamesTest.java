package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Check;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names that no argument of a call has: a constraint on one would say less than it seems to. */
class ArgumentNamesTest {
  private static final List<String> NAMES = List.of("", "e\u0301");

  /** One of each kind. */
  static Stream<String> constraints() {
    return Stream.of(
        "= 1",
        "!= 1",
        "<= 1",
        "<= 1.5",
        "starts with a",
        "matches a",
        "length <= 1",
        "each in 1",
        "each starts with a",
        "each ends with a",
        "each matches a",
        "each host in a.b",
        "scheme in https",
        "host in a.b",
        "host class in public",
        "port in 80",
        "ip in 10.0.0.0/8",
        "under /a");
  }

  @ParameterizedTest
  @MethodSource("constraints")
  void parse_nameOfNoArgument_isRefused(String constraint) {
    for (String name : NAMES) {
      assertThatThrownBy(() -> Constraint.onlyArguments("a", name))
          .isInstanceOf(TaperException.class);
      String grant = "t where " + GrantText.quoted(name) + ' ' + constraint;
      assertThatThrownBy(() -> Grant.parse(grant))
          .isInstanceOfSatisfying(
              TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX));
    }
  }

  /** A token can state what no grant does. */
  @ParameterizedTest
  @MethodSource("constraints")
  void of_checkWithANameOfNoArgument_isOpaque(String constraint) {
    String check = Grants.parse("t where n " + constraint).check().toString();
    for (String name : NAMES) {
      Check other = Datalog.check(check.replace("\"n\"", '"' + name + '"'));
      assertThat(Caveat.of(other)).isEqualTo(new OpaqueCheck(other));
    }
  }

  @Test
  void constraints_areOneOfEachKind() {
    assertThat(
            constraints()
                .map(one -> Grant.parse("t where n " + one).constraints().get(0).getClass()))
        .doesNotHaveDuplicates()
        .hasSize(ConstraintKinds.count() - 1); // one is about all arguments
  }
}
