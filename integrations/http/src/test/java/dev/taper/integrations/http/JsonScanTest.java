package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scan finds in JSON, and what it takes for none. */
class JsonScanTest {
  private static final JsonScan.Name[] NAMES = {
    new JsonScan.Name("token", 1), new JsonScan.Name("a/\"b\\", 2), new JsonScan.Name("x-y", 3)
  };

  private static JsonScan scan(String json) {
    return new JsonScan(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String json) {
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> {
          JsonScan scan = scan(json);
          scan.skip();
          scan.end();
        });
  }

  /** Says what it finds by entering everything, a line for each value. */
  private static void walk(JsonScan scan, List<String> found) {
    switch (scan.peek()) {
      case '{' -> {
        found.add("{");
        boolean isMore = scan.enterObject();
        while (isMore) {
          found.add("name " + scan.name(NAMES));
          walk(scan, found);
          isMore = scan.isMore();
        }
        found.add("}");
      }
      case '[' -> {
        found.add("[");
        boolean isMore = scan.enterArray();
        while (isMore) {
          walk(scan, found);
          isMore = scan.isMoreElements();
        }
        found.add("]");
      }
      case '"' -> found.add("text " + scan.text(100));
      case 't', 'f', 'n' -> {
        scan.skip();
        found.add("literal");
      }
      default -> found.add("number " + scan.number(100));
    }
  }

  /** Writes a value in one of its spellings, and says what a scan has to find in it. */
  private static final class Writer {
    private final SplittableRandom random;
    private final StringBuilder json = new StringBuilder();
    private final List<String> expected = new ArrayList<>();
    private int values;

    Writer(long seed) {
      this.random = new SplittableRandom(seed);
    }

    private void space() {
      json.append(List.of("", "", "", " ", "\n", "\r\t").get(random.nextInt(6)));
    }

    private void string(String text) {
      json.append('"');
      boolean hasEscapes = random.nextInt(3) == 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"' || c == '\\') {
          json.append('\\').append(c);
        } else if (hasEscapes && c == '/') {
          json.append("\\/");
        } else if (c < ' ' || (hasEscapes && !Character.isSurrogate(c) && random.nextBoolean())) {
          String hex = String.format(Locale.ROOT, "\\u%04x", (int) c);
          json.append(
              random.nextBoolean() ? hex : "\\u" + hex.substring(2).toUpperCase(Locale.ROOT));
        } else {
          json.append(c);
        }
      }
      json.append('"');
    }

    void value(int depth) {
      values++;
      space();
      switch (random.nextInt(depth > 5 ? 3 : 6)) {
        case 0 -> {
          String text =
              List.of("", "plain", "größer", "a\"b\\c/d", "tab\there", "😀").get(random.nextInt(6));
          string(text);
          expected.add("text " + text);
        }
        case 1 -> {
          String number =
              List.of("0", "-1", "12345678901", "1.5", "-2.5e+10", "3E-9").get(random.nextInt(6));
          json.append(number);
          expected.add("number " + number);
        }
        case 2 -> {
          json.append(List.of("true", "false", "null").get(random.nextInt(3)));
          expected.add("literal");
        }
        case 3 -> {
          expected.add("[");
          json.append('[');
          space();
          int count = random.nextInt(4);
          for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",");
            value(depth + 1);
            space();
          }
          json.append(']');
          expected.add("]");
        }
        default -> {
          expected.add("{");
          json.append('{');
          space();
          int count = random.nextInt(4);
          for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",");
            space();
            int member = random.nextInt(6);
            List<String> names = List.of("Token", "token", "a/\"b\\", "x-y", "toke", "tökens");
            string(names.get(member));
            expected.add("name " + (member > 3 ? 0 : member));
            space();
            json.append(':');
            value(depth + 1);
            space();
          }
          json.append('}');
          expected.add("}");
        }
      }
    }
  }

  @Test
  void walk_anyJson_findsWhatWasWritten() {
    for (long seed = 0; seed < 3_000; seed++) {
      Writer writer = new Writer(seed);
      writer.value(0);
      String json = writer.json + " ";
      List<String> found = new ArrayList<>();
      JsonScan scan = scan(json);

      walk(scan, found);
      scan.end();

      assertThat(found).as("%s: %s", seed, json).isEqualTo(writer.expected);
      assertThat(scan.values()).isEqualTo(writer.values);
      assertThat(scan.length()).isEqualTo(json.getBytes(StandardCharsets.UTF_8).length);
      JsonScan skipping = scan(json);
      skipping.skip();
      skipping.end();
      assertThat(skipping.values()).isEqualTo(writer.values);
    }
  }

  /** Nothing that was cut off or lost a sign of its structure is taken for JSON. */
  @Test
  void skip_cutOffAnywhere_isRefused() {
    for (long seed = 0; seed < 300; seed++) {
      Writer writer = new Writer(seed);
      writer.value(0);
      String json = writer.json.toString().strip();
      if ("{[\"".indexOf(json.charAt(0)) < 0) {
        continue;
      }
      for (int end = 0; end < json.length(); end++) {
        refused(json.substring(0, end));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "}",
        "[}",
        "{]",
        "[1 2]",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "{1:1}",
        "[\"a\":1]",
        "trux",
        "falsy",
        "nul",
        "'a'",
        "\"a\nb\"",
        "\"a\u0000\"",
        "1 2",
        "[] []",
        "{} x"
      })
  void skip_whatIsNoJson_isRefused(String json) {
    refused(json);
  }

  @Test
  void enter_sixtyFourLevels_andNoMore() {
    for (String open : List.of("[", "{\"a\":")) {
      String close = open.equals("[") ? "]" : "}";
      JsonScan deep = scan(open.repeat(64) + "0" + close.repeat(64));
      deep.skip();
      deep.end();
      refused(open.repeat(65) + "0" + close.repeat(65));
      // A level that was left counts no more.
      JsonScan often = scan("[" + (open + "0" + close + ",").repeat(200) + "0]");
      often.skip();
      often.end();
    }
    JsonScan entered = scan("[".repeat(66));
    for (int i = 0; i < 64; i++) {
      assertThat(entered.enterArray()).isTrue();
    }
    Refused.with(ErrorCode.INVALID_REQUEST, entered::enterArray);
    JsonScan objects = scan("{\"a\":".repeat(66));
    for (int i = 0; i < 64; i++) {
      assertThat(objects.enterObject()).isTrue();
      assertThat(objects.name(NAMES)).isZero();
    }
    Refused.with(ErrorCode.INVALID_REQUEST, objects::enterObject);
  }

  @Test
  void name_ofAnyCase_isTheSameFromAToZ() {
    JsonScan.Name[] known = {new JsonScan.Name("az@[`{", 7)};
    for (String written : List.of("az@[`{", "AZ@[`{", "aZ@[`{")) {
      JsonScan scan = scan("{\"" + written + "\":0}");
      assertThat(scan.enterObject()).isTrue();
      assertThat(scan.nameOfAnyCase(known)).as(written).isEqualTo(7);
    }
    assertThat(scan("\"a b\"").text(3)).isEqualTo("a b");
  }

  /** Which brackets are open is known at each level, of objects within arrays and the other way. */
  @Test
  void skip_mixedNesting_endsEachWithItsOwnSign() {
    String open = "[{\"a\":".repeat(32);
    JsonScan right = scan(open + "0" + "}]".repeat(32));
    right.skip();
    right.end();
    refused(open + "0" + "}]".repeat(31) + "]}");
    refused(open + "0" + "]}".repeat(32));
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abc, 2,",
    "größe, 5, größe",
    "größe, 4,",
    "\\u0061\\u0062, 2, ab",
    "\\u0061\\u0062, 1,",
    "\\n, 0,",
    "'', 0, ''",
  })
  void text_ofSoManyCharacters_isReadOrNull(String written, int most, String text) {
    JsonScan scan = scan("\"" + written + "\" ");

    assertThat(scan.text(most)).isEqualTo(text);
    scan.end();
    assertThat(scan.values()).isEqualTo(1);
  }

  /** What a scan goes over may be no JSON; what it gives is. */
  @Test
  void text_malformedEscapesOrBytes_areRefused() {
    for (String json : List.of("\"\\x\"", "\"\\u00g0\"", "\"\\ud800\\u0041é\\q\"")) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> String.valueOf(scan(json).text(100)));
    }
    byte[] bytes = {'"', (byte) 0xc3, '"'};
    Refused.with(ErrorCode.INVALID_REQUEST, () -> String.valueOf(new JsonScan(bytes).text(100)));
  }

  @Test
  void number_longerThanWanted_isCutAndSkipped() {
    JsonScan scan = scan(" -12345 ,");

    assertThat(scan.number(3)).isEqualTo("-12");
    assertThat(scan.peek()).isEqualTo((byte) ',');
    Refused.with(ErrorCode.INVALID_REQUEST, scan::end);
  }

  @ParameterizedTest
  @CsvSource({
    "token, 1",
    "Token, 0",
    "tokens, 0",
    "toke, 0",
    "x-y, 3",
    "\\u0074oken, 1",
    "t\\u006Fken, 1",
    "tok\\u0065n, 1",
    "toke\\u006e, 1",
    "\\u0054oken, 0",
    "\\u0174oken, 0",
    "a\\/\\\"b\\\\, 2",
    "\\token, 0",
    "toke\\u006é, 0",
  })
  void name_inAnySpelling_isKnownOrNot(String written, int member) {
    JsonScan scan = scan("{\"" + written + "\":0}");
    assertThat(scan.enterObject()).isTrue();
    if (written.endsWith("é")) {
      Refused.with(ErrorCode.INVALID_REQUEST, () -> String.valueOf(scan.name(NAMES)));
      return;
    }
    assertThat(scan.name(NAMES)).isEqualTo(member);
    scan.skip();
    assertThat(scan.isMore()).isFalse();
    scan.end();
  }

  @ParameterizedTest
  @CsvSource({
    "X-Y, 3",
    "x-y, 3",
    "x-Y, 3",
    "TOKEN, 1",
    "\\u0054oKeN, 1",
    "[oken, 0",
    "TOKE@, 0",
    "t`ken, 0"
  })
  void nameOfAnyCase_inAnyCase_isKnownOrNot(String written, int member) {
    JsonScan scan = scan("{\"" + written + "\" : 0}");
    assertThat(scan.enterObject()).isTrue();
    assertThat(scan.nameOfAnyCase(NAMES)).isEqualTo(member);
    scan.skip();
    assertThat(scan.isMore()).isFalse();
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        () -> {
          JsonScan wrong = scan("{\"token\",0}");
          assertThat(wrong.enterObject()).isTrue();
          String.valueOf(wrong.nameOfAnyCase(NAMES));
        });
  }

  /** The longest name that is decoded has 48 characters. */
  @Test
  void name_escapedAndLong_isKnownUpToItsLimit() {
    for (int length : new int[] {48, 49}) {
      String name = "n".repeat(length);
      JsonScan scan = scan("{\"\\u006e" + name.substring(1) + "\":0}");
      assertThat(scan.enterObject()).isTrue();
      JsonScan.Name[] known = {new JsonScan.Name(name, 7)};
      assertThat(scan.name(known)).isEqualTo(length == 48 ? 7 : 0);
    }
  }

  /** A name with characters beside ASCII, or control characters, is none that counts. */
  @Test
  void name_withOtherCharacters_isNotKnown() {
    JsonScan.Name[] known = {new JsonScan.Name("~", 1), new JsonScan.Name(" ", 2)};
    for (String written : List.of("\\u007e", "\\u0020", "\\u007f", "\\u001f", "\\u00e9")) {
      JsonScan scan = scan("{\"" + written + "\":0}");
      assertThat(scan.enterObject()).isTrue();
      int member = written.equals("\\u007e") ? 1 : written.equals("\\u0020") ? 2 : 0;
      assertThat(scan.name(known)).as(written).isEqualTo(member);
    }
  }

  @Test
  void enter_anotherSign_isRefused() {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> scan("[1]").enterObject());
    Refused.with(ErrorCode.INVALID_REQUEST, () -> scan("{\"a\":1}").enterArray());
    Refused.with(ErrorCode.INVALID_REQUEST, () -> scan("\"a\"").enterArray());
  }
}
