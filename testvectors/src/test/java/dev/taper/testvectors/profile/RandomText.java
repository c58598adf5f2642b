package dev.taper.testvectors.profile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Strings and numbers that are hard to read alike, and changes of what was good. */
final class RandomText {
  private static final List<String> STRINGS =
      List.of(
          "",
          " ",
          "a",
          "bug",
          "triage",
          "CHF",
          "EUR",
          "q3.csv",
          "a b",
          " a",
          "a ",
          "jira.search",
          "\u00e9",
          "e\u0301",
          "\u212b",
          "\u4f60\u597d",
          "\ud83d\ude00",
          "\u0000",
          "\u0001",
          "\n",
          "a\tb",
          "\u200b",
          "\u202e",
          "\ufeff",
          "\u3164",
          "\u00ad",
          "\ue000",
          "\uffff",
          "\u2028",
          "e" + "\u0323".repeat(30),
          "e" + "\u0323".repeat(31),
          "\\",
          "\"",
          "'; drop",
          "x".repeat(300),
          "/data/reports/q3.csv",
          "/data/reports",
          "/data/reports/",
          "/data/../etc",
          "/data//x",
          "/data/./x",
          "/data/%2e%2e/x",
          "/data/%2E/x",
          "/data/a%20b",
          "/data/a%2Fb",
          "/data/%c3%a9",
          "/data/%C3%A9",
          "/data/%C3",
          "/data/\uff0e\uff0e/x",
          "/data/ /x",
          "/data/x ",
          "/",
          "//",
          "/\\x",
          "/data/\u2215x",
          "https://acme.com/a",
          "https://docs.acme.com/a?b=c#d",
          "HTTPS://ACME.com/",
          "https://acme.com.",
          "https://acme.com:443/",
          "https://acme.com:8443/x",
          "https://acme.com:/",
          "https://acme.com:0443/",
          "https://acme.com:65536/",
          "https://u@acme.com/",
          "https:acme.com",
          "https:///x",
          "http://127.0.0.1/",
          "http://10.1.2.3:8000/",
          "http://0x7f.1/",
          "http://2130706433/",
          "http://127.1/",
          "http://010.0.0.1/",
          "http://[::1]/",
          "http://[::ffff:10.0.0.1]/x",
          "http://[2001:db8::1]:8443/",
          "http://[fe80::1%25eth0]/",
          "http://[::1/",
          "http://localhost/",
          "http://evil.example/acme.com",
          "http://acme.com@evil.example/",
          "http://acme.com\\@evil.example/",
          "\thttps://acme.com/",
          "ht\ntps://acme.com/",
          "ftp://acme.com/",
          "file:///etc/passwd",
          "file://localhost/x",
          "javascript:alert(1)",
          "data:text/plain,x",
          "ssh://git.acme.com/x",
          "ldap://acme.com",
          "x-y:z",
          "a:1",
          "https://xn--bcher-kva.example/",
          "https://b\u00fccher.example/",
          "https://acme.com/\u00e9",
          "https://acme.com/%e9",
          "https://a_b.com/",
          "https://-a.com/",
          "https://a..b/",
          "https://acme.com/a//b");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "-1",
          "2",
          "3",
          "49",
          "50",
          "51",
          "5.0",
          "0.5",
          "100",
          "100.0",
          "100.000001",
          "100.0000001",
          "1500.5",
          "1500.500001",
          "1e2",
          "1E+2",
          "5e1",
          "500e-1",
          "0.1",
          "1e-6",
          "1e-7",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "-9223372036854775809",
          "9007199254740992",
          "9007199254740993",
          "9223372036854.775807",
          "9223372036854.775808",
          "123456789012345678901",
          "1234567890123456789012",
          "1e21",
          "1e20",
          "1e-5",
          "0.00001",
          "1e400",
          "1e999",
          "1e1000",
          "1e-999",
          "1e-1000",
          "9.9e999",
          "-1e308",
          "5e-324",
          "0.30000000000000004",
          "1e+05",
          "12345678901234567890123456789012345678901234567890123456789012",
          "1234567890123456789012345678901234567890123456789012345678901234",
          "12345678901234567890123456789012345678901234567890123456789012345",
          "0e99999999999");

  private static final List<String> NO_NUMBERS =
      List.of("01", "1.", ".5", "+1", "0x10", "NaN", "1e", "--1", "1_0", "\u0661");

  private static final byte[] SPECIAL = {
    0, 1, 2, 3, 4, 5, 0x7f, (byte) 0x80, (byte) 0xff, '{', '"', ' '
  };

  private final Luck luck;

  RandomText(Luck luck) {
    this.luck = luck;
  }

  /** A string, mostly one that has a meaning somewhere. */
  String string() {
    String one = luck.of(STRINGS);
    return luck.percent(12) ? one + luck.of(STRINGS) : one;
  }

  /** A number as JSON has it, seldom one that is none. */
  String number() {
    return luck.of(luck.percent(95) ? NUMBERS : NO_NUMBERS);
  }

  /** A text with something else in it. */
  String changed(String text) {
    String changed = text;
    for (int times = luck.percent(70) ? 1 : 2; times > 0; times--) {
      int from = luck.below(changed.length() + 1);
      int to = Math.min(changed.length(), from + luck.between(0, 3));
      String cut = changed.substring(from, to);
      changed =
          changed.substring(0, from)
              + luck.of(
                  "",
                  string(),
                  number(),
                  luck.of("{", "}", ",", ":", "\"", "\\", "\\u0000", "[", "]"),
                  cut + cut,
                  "\\ud800",
                  "%",
                  "/",
                  ".",
                  "*",
                  "é")
              + changed.substring(to);
    }
    return changed;
  }

  /** Bytes of which one is another, missing or new, or that end early. */
  byte[] changed(byte[] bytes) {
    if (bytes.length == 0) {
      return luck.bytes(3);
    }
    int at = luck.below(bytes.length);
    return switch (luck.below(6)) {
      case 0 -> with(bytes, at, bytes[at] ^ (1 << luck.below(8)));
      case 1 -> with(bytes, at, SPECIAL[luck.below(SPECIAL.length)]);
      case 2 -> Arrays.copyOf(bytes, at); // cut off
      case 3 -> Messages.join(bytes, luck.bytes(luck.between(1, 3))); // more of it
      case 4 -> { // something in it
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        byte[] part = luck.percent(50) ? luck.bytes(1) : rest;
        yield Messages.join(Arrays.copyOf(bytes, at), part, rest);
      }
      default -> { // something not in it
        int end = Math.min(bytes.length, at + luck.between(1, 4));
        yield Messages.join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
      }
    };
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  /** A JSON string of this text, in one of its spellings. */
  String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    boolean escaping = luck.percent(10);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Of a pair of surrogates, both are escaped or none is: half of one is not UTF-8.
      if (c < ' ' || (escaping && !Character.isSurrogate(c) && luck.percent(30))) {
        quoted.append(String.format(luck.percent(50) ? "\\u%04x" : "\\u%04X", (int) c));
      } else if (c == '"' || c == '\\' || (escaping && c == '/')) {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
