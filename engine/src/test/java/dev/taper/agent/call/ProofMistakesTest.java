package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no proof is refused, and called what it is. */
class ProofMistakesTest {
  private static final String SWAPPED = "is a token: were the two swapped?";

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("A".repeat(218), "has version 0, not 2"),
        Arguments.of("A".repeat(219), "is too long"),
        Arguments.of("C".repeat(219), SWAPPED),
        Arguments.of("D".repeat(219), "is too long"),
        Arguments.of("E".repeat(219), SWAPPED),
        Arguments.of("E".repeat(120) + "!", SWAPPED),
        Arguments.of("E".repeat(119) + "!", "is not canonical base64url without padding"),
        Arguments.of("biscuit:AAAA", SWAPPED));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void decode_textOfNoProof_saysWhatItIs(String text, String what) {
    String message = Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, what, () -> Proof.decode(text));

    assertThat(message).isEqualTo("the proof " + what);
  }

  static Stream<Arguments> bytes() {
    return Stream.of(
        Arguments.of(bytes(27, 2, 1, 0), "is too short"),
        Arguments.of(bytes(28, 3), "has version 3, not 2"),
        Arguments.of(bytes(28, 2, 200), "has the unknown form 200"),
        Arguments.of(bytes(28, 2, 1, 9), "has the unknown algorithm 9"),
        Arguments.of(bytes(119, 0x12), "has version 18, not 2"),
        Arguments.of(bytes(120, 0x12), SWAPPED),
        Arguments.of(bytes(120, 0x08), SWAPPED),
        Arguments.of(bytes(120, 0x0a), "has version 10, not 2"));
  }

  private static byte[] bytes(int length, int... first) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < first.length; i++) {
      bytes[i] = (byte) first[i];
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("bytes")
  void decode_bytesOfNoProof_saysWhatTheyAre(byte[] bytes, String what) {
    String message =
        Refused.with(ErrorCode.MALFORMED_HOLDER_PROOF, what, () -> Proof.decode(bytes));

    assertThat(message).isEqualTo("the proof " + what);
  }
}
