package dev.taper.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A refused token is called a proof, an approval or a text only if it looks like one. */
class TokenMistakesTest {
  private static final String PROOF = "this is a holder's proof, not a token";
  private static final String APPROVAL = "this is an approval, not a token";
  private static final String TEXT = "these bytes are a token's text in base64url";

  /** The first bytes, and what is said; of each as many bytes as the shortest one has. */
  @ParameterizedTest
  @CsvSource({
    "2, 1, 0, proof",
    "2, 4, 1, proof",
    "2, 0, 0, nothing",
    "2, 5, 0, nothing",
    "2, -1, 0, nothing",
    "2, 1, 2, nothing",
    "2, 1, -1, nothing",
    "1, 0, 7, approval",
    "1, 1, 7, approval",
    "1, 2, 7, nothing",
    "1, -1, 7, nothing",
    "3, 1, 0, nothing",
    "0, 1, 0, nothing",
  })
  void decode_firstBytes_saysWhatTheyAre(byte first, byte second, byte third, String what) {
    byte[] bytes = new byte[90];
    bytes[0] = first;
    bytes[1] = second;
    bytes[2] = third;

    assertSaid(bytes, PROOF, what.equals("proof"));
    assertSaid(bytes, APPROVAL, what.equals("approval"));
    assertSaid(bytes, TEXT, false);
    assertSaid(Arrays.copyOf(bytes, 89), "not a token", false);
  }

  @Test
  void decode_textOfEveryCharacter_saysThatItIsText() {
    StringBuilder all = new StringBuilder("A".repeat(60));
    for (char c = 0; c < 256; c++) {
      boolean possible = (c < 128 && Character.isLetterOrDigit(c)) || "-_=\r\n".indexOf(c) >= 0;
      if (possible) {
        all.append(c);
      } else {
        assertSaid(("A".repeat(100) + c).getBytes(ISO_8859_1), TEXT, false);
      }
    }

    assertSaid(all.toString().getBytes(ISO_8859_1), TEXT, true);
  }

  /** Another refusal than that of a form stays as it is. */
  @Test
  void decode_tooLong_saysOnlyThat() {
    byte[] bytes = "A".repeat(100).getBytes(ISO_8859_1);

    String said =
        Refused.with(
            ErrorCode.DECODE_LIMIT,
            "100 bytes",
            () -> UnverifiedToken.decode(bytes, DecodeLimits.DEFAULT.withMaxBytes(99)));
    assertThat(said).doesNotContain(TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer QUJD", "QUJD\n", " QUJD", "\0QUJD"})
  void decode_textWithMore_saysWhatIsWrong(String text) {
    Refused.with(ErrorCode.INVALID_BASE64, "the token ", () -> UnverifiedToken.decode(text));
  }

  @Test
  @SuppressWarnings("NullAway") // a header that is not there
  void decode_nothing_saysSo() {
    Refused.with(
        ErrorCode.MALFORMED_TOKEN,
        "the token is missing",
        () -> UnverifiedToken.decode((String) null));
  }

  private static void assertSaid(byte[] bytes, String part, boolean expected) {
    String said = Refused.with(ErrorCode.MALFORMED_TOKEN, "", () -> UnverifiedToken.decode(bytes));
    assertThat(said.contains(part)).as("%s", said).isEqualTo(expected);
  }
}
