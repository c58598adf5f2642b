package dev.taper.policies.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.datalog.parser.ParseException;
import dev.taper.policies.Policies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFormatTest {
  static List<String> names() {
    return Policies.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void format_library_isAsItShouldBe(String name) {
    assertThat(PolicyFormat.format(Policies.source(name))).isEqualTo(Policies.source(name));
  }

  @Test
  void format_statements_areInTheirNormalForm() {
    assertThat(PolicyFormat.format("\n\n a( 1 ) ;b(2);\n\n\n\ncheck if a($x),$x>0 ;"))
        .isEqualTo("a(1);\nb(2);\n\ncheck if a($x), $x > 0;\n");
  }

  @Test
  void format_comments_stayWhereTheyAre() {
    String source =
        """
        // header
        //   indented

        trusting  authority ; // the issuer
        // about a
        a("// no comment") ; // behind a


        /* about
           b */
        b(1);

        // at the end\
        """;

    String formatted =
        """
        // header
        //   indented

        trusting authority; // the issuer
        // about a
        a("// no comment"); // behind a

        /* about
           b */
        b(1);

        // at the end
        """;
    assertThat(PolicyFormat.format(source)).isEqualTo(formatted);
    assertThat(PolicyFormat.format(formatted)).isEqualTo(formatted);
  }

  @Test
  void format_commentInsideAStatement_leavesItAsItIs() {
    String source = "allow if\n    a(1), // why\n    b(2);\na(1);\n";

    assertThat(PolicyFormat.format(source)).isEqualTo(source);
  }

  @Test
  void format_longStatement_hasItsAlternativesOnLines() {
    String name = "long".repeat(10);
    String source =
        "allow if %s($x), %s($y), %s($z) or a(1) or b(2); %s($x) <- %s($x), %s($y), $x > 1;"
            .replace("%s", name);

    String formatted =
        """
        allow if
          %s($x), %s($y),
          %s($z)
          or a(1)
          or b(2);
        %s($x) <-
          %s($x), %s($y),
          $x > 1;
        """
            .replace("%s", name);
    assertThat(PolicyFormat.format(source)).isEqualTo(formatted);
    assertThat(PolicyFormat.format(formatted)).isEqualTo(formatted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "// only a comment\n",
        "a(1);// close\n",
        "a(1)// inside\n;\nb(1);",
        "/* a */ a(1); /* b */ b(1); // c\n// d\nallow if true",
        "a(\"\\\" // quoted\"); // x",
        "a(1);\r\n\r\n\r\nb(2);\r\n",
        "check if a(1) trusting previous or b(1);",
        "/*/ x\n\n\n  y */ a(1);",
      })
  void format_twice_changesNothingMore(String source) {
    String once = PolicyFormat.format(source);

    assertThat(PolicyFormat.format(once)).isEqualTo(once);
  }

  @Test
  void format_whatDoesNotParse_isRefused() {
    assertThatThrownBy(() -> PolicyFormat.format("allow id true"))
        .isInstanceOf(ParseException.class);
  }
}
