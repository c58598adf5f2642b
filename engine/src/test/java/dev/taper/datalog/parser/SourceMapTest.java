package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.parser.Datalog.ParsedSource;
import dev.taper.datalog.parser.Datalog.SourceMap.Span;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SourceMapTest {
  private static final String SOURCE =
      """
      trusting authority;
      // é😁
      right("a", 1);   right("a", 1);
      r($x) <- right($x, 1), $x != "b";
      check if right($x, 1), $x.contains( "a" ) && (true) trusting previous
        or true ;
      allow if true;
      """;

  private final ParsedSource<AuthorizerCode> parsed =
      Datalog.parseAuthorizer(SOURCE, Parameters.none());

  private Span span(Object node) {
    return Objects.requireNonNull(parsed.sourceMap().span(node));
  }

  private String text(Object node) {
    Span span = span(node);
    return SOURCE.substring(span.start(), span.end());
  }

  @Test
  void span_everyPart_isWhereItStood() {
    AuthorizerCode code = parsed.value();
    assertThat(text(code.block().scopes().get(0))).isEqualTo("authority");
    assertThat(span(code.block().facts().get(0)).column()).isEqualTo(1);
    assertThat(span(code.block().facts().get(1)).column()).isEqualTo(18);
    assertThat(span(code.block().facts().get(1)).line()).isEqualTo(3);
    assertThat(text(code.block().facts().get(1).predicate().terms().get(1))).isEqualTo("1");
    assertThat(text(code.block().rules().get(0))).isEqualTo("r($x) <- right($x, 1), $x != \"b\"");
    assertThat(text(code.block().rules().get(0).head())).isEqualTo("r($x)");
    assertThat(text(code.policies().get(0))).isEqualTo("allow if true");
  }

  @Test
  void span_partsOfCheck_areWhereTheyStood() {
    Check check = parsed.value().block().checks().get(0);
    assertThat(text(check)).startsWith("check if").endsWith("or true");
    Query query = check.queries().get(0);
    assertThat(text(query)).startsWith("right(").endsWith("trusting previous");
    Predicate predicate = query.predicates().get(0);
    assertThat(text(predicate)).isEqualTo("right($x, 1)");
    Expression.Binary and = (Expression.Binary) query.expressions().get(0);
    assertThat(text(and)).isEqualTo("$x.contains( \"a\" ) && (true)");
    assertThat(text(and.left())).isEqualTo("$x.contains( \"a\" )");
    assertThat(text(and.right())).isEqualTo("(true)");
    assertThat(text(check.queries().get(1))).isEqualTo("true");
  }

  @Test
  void span_otherObject_isNull() {
    assertThat(parsed.sourceMap().span(Datalog.fact("right(\"a\", 1)"))).isNull();
  }

  @Test
  void excerpt_span_isUnderlined() {
    Expression and = parsed.value().block().checks().get(0).queries().get(0).expressions().get(0);
    assertThat(parsed.sourceMap().excerpt(span(and)))
        .isEqualTo(
            "check if right($x, 1), $x.contains( \"a\" ) && (true) trusting previous\n"
                + " ".repeat(23)
                + "^".repeat(28));
  }

  @Test
  void parseBlock_withMap_readsTheSame() {
    String source = "a(1);\ncheck if a($x), $x > 0;\n";
    ParsedSource<?> block = Datalog.parseBlock(source, Parameters.none());
    assertThat(block.value()).isEqualTo(Datalog.block(source));
    assertThat(block.sourceMap().source()).isEqualTo(source);
  }
}
