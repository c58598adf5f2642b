package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GivenBase64Test {
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** Of all texts with another last digit, or more behind it, none says the same. */
  @Test
  void base64_anyBytes_haveOneSpelling() {
    Random random = new Random(7);
    for (int length = 0; length < 40; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String text = encoded(bytes);
      assertThat(Given.base64(text)).isEqualTo(bytes);

      List<String> others = new ArrayList<>(List.of(text + "=", text + "==", text + "A"));
      for (int i = 0; length > 0 && i < DIGITS.length(); i++) {
        others.add(text.substring(0, text.length() - 1) + DIGITS.charAt(i));
      }
      others.remove(text);
      for (String other : others) {
        byte[] read = Given.base64(other);
        assertThat(read == null || !Arrays.equals(read, bytes)).as(other).isTrue();
        assertThat(read == null || encoded(read).equals(other)).as(other).isTrue();
      }
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void base64_otherText_isNone() {
    for (String text : List.of("A", "AA==", "AB", "AAB", "AAAAA", "+w", "/w", " AA", "AA\n", "=")) {
      assertThat(Given.base64(text)).as(text).isNull();
    }
    assertThat(Given.base64("")).isEmpty();
    assertThat(Given.base64("_w")).containsExactly(0xff);
  }
}
