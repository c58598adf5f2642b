package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One value has one text; TokenTest has what is malformed. */
class Base64UrlTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  @Test
  void decode_everyLength_whatWasWritten() {
    Random random = new Random(1);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String text = Base64Url.encode(bytes);

      assertThat(text).isEqualTo(Base64.getUrlEncoder().encodeToString(bytes));
      assertThat(Base64Url.decode(text, length)).isEqualTo(bytes);
      assertThat(Base64Url.decode(text.replace("=", ""), length)).isEqualTo(bytes);
    }
  }

  /** The bits of the last character that stand for no byte. */
  @Test
  void decode_everyLastCharacter_onlyWithoutUnusedBits() {
    for (int i = 0; i < ALPHABET.length(); i++) {
      char last = ALPHABET.charAt(i);

      assertThat(Base64Url.decode("AAA" + last, 3)[2]).isEqualTo((byte) i);
      if (i % 4 == 0) {
        assertThat(Base64Url.decode("AA" + last, 2)).containsExactly(0, i / 4);
      } else {
        refused("AA" + last, "unused bits are not zero");
        refused("AA" + last + "=", "unused bits are not zero");
      }
      if (i % 16 == 0) {
        assertThat(Base64Url.decode("A" + last, 1)).containsExactly(i / 16);
      } else {
        refused("A" + last, "unused bits are not zero");
        refused("A" + last + "==", "unused bits are not zero");
      }
    }
  }

  @Test
  void decode_everyOtherCharacter_isNamedByItsPlace() {
    for (char c = 0; c < 256; c++) {
      if (ALPHABET.indexOf(c) < 0 && c != '=') {
        refused(ALPHABET + "AB" + c + "A", "unexpected character at index 66");
        refused(c + "AAA", "unexpected character at index 0");
      }
    }
  }

  /** What is too long is refused before it is decoded; a few bytes more are, and refused later. */
  @Test
  void decode_moreThanTheLimit_isRefused() {
    String most = Base64Url.encode(new byte[300]);

    assertThat(Base64Url.decode(most, 300)).hasSize(300);
    assertThat(Base64Url.decode(most, 297)).hasSize(300);
    Refused.with(ErrorCode.DECODE_LIMIT, "296 bytes", () -> Base64Url.decode(most, 296));
    Refused.with(ErrorCode.DECODE_LIMIT, "0 bytes", () -> Base64Url.decode("=".repeat(1 << 20), 0));
  }

  private static void refused(String text, String said) {
    Refused.with(ErrorCode.INVALID_BASE64, said, () -> Base64Url.decode(text, 100));
  }
}
