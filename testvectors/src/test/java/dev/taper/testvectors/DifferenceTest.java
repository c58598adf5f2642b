package dev.taper.testvectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A listed difference that is none any more has to leave the list. */
class DifferenceTest {
  private static final Peer TAPER = new Taper();
  private static final Peer BISCUIT_JAVA = new BiscuitJava("difference");

  private static final AuthorizerCode ALLOW = Datalog.authorizer("allow if true;");

  static List<Difference> differences() {
    return Difference.all();
  }

  @ParameterizedTest
  @MethodSource("differences")
  void judge_listedDifference_isJudgedAsListed(Difference difference) {
    for (Peer maker : List.of(TAPER, BISCUIT_JAVA)) {
      byte[] token = Peer.make(List.of(maker), List.of(difference.block()), false);
      assertThat(TAPER.judge(token, ALLOW)).as(difference.reason()).isEqualTo(difference.taper());
      if (difference.biscuitJava() == null) {
        assertThatThrownBy(() -> BISCUIT_JAVA.judge(token, ALLOW))
            .as(difference.reason())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("DeserializationError");
      } else {
        assertThat(BISCUIT_JAVA.judge(token, ALLOW))
            .as(difference.reason())
            .isEqualTo(difference.biscuitJava());
      }
    }
  }
}
