package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {
  private static final ErrorCode CODE = ErrorCode.AMBIGUOUS_PATH;

  @Test
  void decode_everyAsciiOctet_isRefusedUnlessItNeedsTheEscape() {
    String needed = " !\"#$&'()*+,:;<=>?@[]^`{|}";
    for (int octet = 0; octet < 0x80; octet++) {
      String escape = String.format(Locale.ROOT, "%%%02X", octet);
      if (needed.indexOf(octet) >= 0) {
        assertThat(decode(escape)).isEqualTo(String.valueOf((char) octet));
      } else {
        Refused.with(CODE, () -> decode(escape));
      }
    }
  }

  @Test
  void decode_octetsBeyondAsciiAlone_areRefused() {
    for (int octet = 0x80; octet < 0x100; octet++) {
      String escape = String.format(Locale.ROOT, "%%%02X", octet);
      Refused.with(CODE, () -> decode(escape));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "%C3%A9, \u00e9",
    "caf%C3%A9%20x, caf\u00e9 x",
    "%C3%A9%C3%A8, \u00e9\u00e8",
    "%C3%A9-%C3%A8, \u00e9-\u00e8",
    "%E2%82%AC, \u20ac",
    "%F0%9F%98%80, \ud83d\ude00",
    "%3A%3F%40, :?@"
  })
  void decode_neededEscapes_areDecoded(String text, String decoded) {
    assertThat(decode(text)).isEqualTo(decoded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "%2",
        "a%",
        "a%3",
        "%g0",
        "%0g",
        "%4G",
        "%3@",
        "%3/",
        "%/3",
        "%3`",
        "%:0",
        "%3a",
        "%a0",
        "%%20",
        "%20%",
        "%C3",
        "%C3%",
        "%C3%2F",
        "%C3%A9%2F",
        "%C3%A9%2E",
        "%C3x%A9",
        "%A9%C3",
        "%C0%80",
        "%E0%80%AF",
        "%F4%90%80%80",
        "%ED%B0%80",
        "%FE%FF",
        "%\uff12\uff10"
      })
  void decode_anythingElse_isRefused(String text) {
    Refused.with(CODE, () -> decode(text));
  }

  private static String decode(String text) {
    return Escapes.decode(text, CODE, "the path");
  }
}
