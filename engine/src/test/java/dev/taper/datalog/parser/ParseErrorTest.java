package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong texts and what is said about them. Each case in {@code parse-errors.txt} is {@code >>>} and
 * what to read, the text, {@code <<<} and the code, and the whole message.
 */
final class ParseErrorTest {
  record Case(String kind, String source, String expected) {
    @Override
    public String toString() {
      return kind + ": " + source;
    }
  }

  static List<Case> cases() throws IOException {
    String text;
    try (InputStream in = ParseErrorTest.class.getResourceAsStream("parse-errors.txt")) {
      text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Case> cases = new ArrayList<>();
    int start = 0;
    while (text.startsWith(">>> ", start)) {
      int kindEnd = text.indexOf('\n', start);
      int sourceEnd = text.indexOf("\n<<< ", kindEnd);
      int end = text.indexOf("\n>>> ", sourceEnd);
      end = end < 0 ? text.length() - 1 : end;
      cases.add(
          new Case(
              text.substring(start + 4, kindEnd),
              text.substring(kindEnd + 1, sourceEnd),
              text.substring(sourceEnd + 5, end)));
      start = end + 1;
    }
    return cases;
  }

  private static Object read(String kind, String source) {
    return switch (kind) {
      case "block" -> Datalog.block(source);
      case "authorizer" -> Datalog.authorizer(source);
      case "fact" -> Datalog.fact(source);
      case "rule" -> Datalog.rule(source);
      case "check" -> Datalog.check(source);
      case "policy" -> Datalog.policy(source);
      case "query" -> Datalog.query(source);
      case "term" -> Datalog.term(source);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @Test
  void cases_file_isReadWhole() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(130);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parse_wrongText_saysWhereAndWhat(Case c) {
    ParseException e = catchThrowableOfType(ParseException.class, () -> read(c.kind(), c.source()));
    assertThat(e).isNotNull();
    assertThat(e.code() + "\n" + e.getMessage()).isEqualTo(c.expected());
  }

  @Test
  void parts_ofException_areThoseOfItsMessage() {
    ParseException e =
        catchThrowableOfType(
            ParseException.class, () -> Datalog.block("a(1);\n\tcheck if \"\u001b[2J\" = 1;"));
    assertThat(e.line()).isEqualTo(2);
    assertThat(e.column()).isEqualTo(18);
    assertThat(e.sourceLine()).isEqualTo(" check if \"\uFFFD[2J\" = 1;");
    assertThat(e.caretLine()).isEqualTo(" ".repeat(17) + "^");
    assertThat(e.summary()).isEqualTo("`=` is not an operator");
    assertThat(e.hint()).isEqualTo("compare with `==`");
    assertThat(e.getMessage())
        .isEqualTo(
            "line 2, column 18: "
                + e.summary()
                + "\n  "
                + e.sourceLine()
                + "\n  "
                + e.caretLine()
                + "\n  hint: "
                + e.hint());
  }

  /** A message says a long name in part, or only how it begins. */
  @Test
  void parse_longNames_areCut() {
    String most = "a".repeat(40);
    assertThat(summary("fact", "f(" + most + ")"))
        .isEqualTo("expected a term, found `" + most + "`");
    assertThat(summary("fact", "f(" + most + "a)")).isEqualTo("expected a term, found `a`");
    String method = "check if 1.%s(1)";
    assertThat(summary("check", method.formatted(most)))
        .isEqualTo("there is no method `" + most + "`");
    assertThat(summary("check", method.formatted(most + "b")))
        .isEqualTo("there is no method `" + most + "…`");
  }

  private static String summary(String kind, String source) {
    return catchThrowableOfType(ParseException.class, () -> read(kind, source)).summary();
  }

  @Test
  void parse_halfSurrogatePair_isSyntaxError() {
    ParseException e =
        catchThrowableOfType(ParseException.class, () -> Datalog.block("a(\"x\uD83D\");"));
    assertThat(e.summary()).isEqualTo("half a surrogate pair is not a character");
    assertThat(e.column()).isEqualTo(5);
    assertThat(summary("block", "\uDE00a(1);")).isEqualTo(e.summary());
  }
}
