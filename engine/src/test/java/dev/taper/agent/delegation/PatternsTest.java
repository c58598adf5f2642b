package dev.taper.agent.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.parser.Datalog;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PatternsTest {
  private static Set<String> of(String check) {
    return Patterns.of(Datalog.block(check).checks().get(0));
  }

  @Test
  void of_check_findsPatternsWhereverTheyStand() {
    assertThat(of("check if f($x), $x.matches(\"a\") or g($x), $x.matches(\"b\");"))
        .containsExactly("a", "b");
    assertThat(of("check if f($x), !$x.matches(\"a\");")).containsExactly("a");
    assertThat(of("check if f($x), $x.matches(\"a\") === $x.matches(\"b\");"))
        .containsExactly("a", "b");
    assertThat(of("check if f($x), $x.matches(\"a\") && ($x == \"c\" || $x.matches(\"b\"));"))
        .containsExactly("a", "b");
    assertThat(of("check if f($x), $x.any($y -> $y.matches(\"a\"));")).containsExactly("a");
  }

  @Test
  void of_check_takesNothingElseForAPattern() {
    assertThat(of("check if f($x, $y), $x.matches($y), $x.starts_with(\"a\"), $x == \"b\";"))
        .isEmpty();
  }
}
