package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlainYamlTest {
  private static final String CASES =
      """
      facts: a(1);
      token: &once {hops: [{holder: agent:a, grants: ["*"]}, {holder: agent:b}]}
      cases:
        - {name: one, token: *once, request: {tool: t, args: {n: 1.5}}, expect: allow, by: x}
      """;

  private static Stream<Arguments> wrong() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [1, 1]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return Stream.of(
        Arguments.of("token: &a {b: *a}", "x:1:15: the alias *a stands inside what it stands for"),
        Arguments.of("a: &a [1, [2, *a]]", "x:1:15: the alias *a"),
        Arguments.of("? &k [*k]\n: 1", "x:1:7: the alias *k"),
        Arguments.of("a: *b", "line 1, column 4"),
        Arguments.of("[".repeat(3_000), "x:1:33: this is nested deeper than 32 levels"),
        Arguments.of("{a: ".repeat(3_000), "x:1:129: this is nested deeper"),
        Arguments.of("- ".repeat(3_000) + "1", "x:1:65: this is nested deeper"),
        Arguments.of("[".repeat(3_000) + "]".repeat(3_000), "x:1:33: this is nested deeper"),
        Arguments.of(bomb.toString(), "x:15:18: with its aliases written out, this has more than"),
        Arguments.of("a: [1, 2", "line 1, column 9"),
        Arguments.of("a: 'b", "line 1, column 6"),
        Arguments.of("a: 1\na: 2", "line 2, column 1"),
        Arguments.of("a: 1\n--- 2", "line 2, column 1"),
        Arguments.of("a: \u0007", "special characters are not allowed"),
        Arguments.of("a: !!int b", "x:1:4: there are no tags here"),
        Arguments.of("!!set {a, b}", "x:1:1: there are no tags here"),
        Arguments.of("a: " + "9".repeat(65), "x:1:4: this number has more than 64 characters"),
        Arguments.of("#" + "a".repeat(PlainYaml.MAX_CHARS), "x: the file has more than"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void read_noFiniteTree_isRefusedWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> PlainYaml.read("x", text))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_POLICY_CASE))
        .hasMessageContaining(message);
  }

  @Test
  void read_aliases_standForWhatTheyName() {
    assertThat(PlainYaml.read("x", "a: &a [1, true]\nb: [*a, *a, null]"))
        .isEqualTo(
            Map.of(
                "a",
                List.of(1, true),
                "b",
                Arrays.asList(List.of(1, true), List.of(1, true), null)));
  }

  /** Whatever is typed into a file of cases, the answer is cases or a coded error. */
  @Test
  void read_damagedCases_areReadOrRefused() {
    Random random = new Random(12);
    String marks = "&*!{}[]:,?-|>'\"#%@` \n\t0a\u0000\u00e9\ud800";
    for (int i = 0; i < 4_000; i++) {
      StringBuilder text = new StringBuilder(CASES);
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(text.length());
        char mark = marks.charAt(random.nextInt(marks.length()));
        if (random.nextBoolean()) {
          text.setCharAt(at, mark);
        } else {
          text.insert(at, mark);
        }
      }
      try {
        assertThat(CaseReader.read("x", Path.of("x.cases.yaml"), text.toString())).isNotEmpty();
      } catch (TaperException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_POLICY_CASE);
      }
    }
  }
}
