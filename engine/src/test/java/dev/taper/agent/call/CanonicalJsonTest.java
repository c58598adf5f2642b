package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.datalog.Term;
import dev.taper.testing.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CanonicalJsonTest {
  /** RFC 8785, section 3.2.2, without the numbers that a request refuses. */
  @Test
  void parse_exampleOfSection322_isWrittenAsThere() {
    String json =
        """
        {
          "tool": "t",
          "args": {
            "numbers": [30, 1E3, 4.00],
            "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
            "literals": [null, true, false],
            "a": 4.50,
            "b": 2e-3
          }
        }
        """;

    assertThat(ToolCall.parse(json).toJson())
        .isEqualTo(
            "{\"args\":{\"a\":4.5,\"b\":0.002,\"literals\":[null,true,false],"
                + "\"numbers\":[30,1000,4],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"},\"tool\":\"t\"}");
  }

  /** RFC 8785, section 3.2.3: members in the order of UTF-16 code units. */
  @Test
  void write_exampleOfSection323_sortsAsThere() {
    Map<Term.Str, Term> entries = new HashMap<>();
    entries.put(new Term.Str("\u20ac"), new Term.Str("Euro Sign"));
    entries.put(new Term.Str("\r"), new Term.Str("Carriage Return"));
    entries.put(new Term.Str("\ufb33"), new Term.Str("Hebrew Letter Dalet With Dagesh"));
    entries.put(new Term.Str("1"), new Term.Str("One"));
    entries.put(new Term.Str("\ud83d\ude00"), new Term.Str("Emoji: Grinning Face"));
    entries.put(new Term.Str("\u0080"), new Term.Str("Control"));
    entries.put(new Term.Str("\u00f6"), new Term.Str("Latin Small Letter O With Diaeresis"));

    assertThat(written(Term.Map.of(entries)))
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                + "\"\ud83d\ude00\":\"Emoji: Grinning Face\","
                + "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  }

  /** RFC 8785, appendix B, as far as a request can hold the numbers. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0.0, 0
          -0.0, 0
          9007199254740992, 9007199254740992
          -9007199254740992, -9007199254740992
          0.000001, 0.000001
          333333333.3333, 333333333.3333
          """)
  void argJson_numbersOfAppendixB_areWrittenAsThere(String json, String expected) {
    assertThat(ToolCall.of("t").argJson("n", json).toJson())
        .isEqualTo("{\"args\":{\"n\":" + expected + "},\"tool\":\"t\"}");
  }

  @Test
  void write_everyControlCharacter_matchesTheOracle() throws IOException {
    for (char c = 0; c < 0x100; c++) {
      String json = written(new Term.Array(List.of(new Term.Str("a" + c + "b"))));
      assertThat(new JsonCanonicalizer(json).getEncodedString()).isEqualTo(json);
    }
  }

  /** What a server says of its tools may be larger and deeper than a request, and has a bound. */
  @Test
  void membersOfDocument_boundsOfADocument_areReachedAndNotPassed() {
    String largest = "{\"a\":1}" + " ".repeat((1 << 25) - 7);
    assertThat(largest).hasSize(1 << 25);
    assertThat(CanonicalJson.membersOfDocument(largest)).isEqualTo(Map.of("a", "1"));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        "larger than 33554432 characters",
        () -> CanonicalJson.membersOfDocument(largest + " "));
    String deepest = "[".repeat(31) + "]".repeat(31);
    assertThat(CanonicalJson.membersOfDocument("{\"a\":" + deepest + "}"))
        .isEqualTo(Map.of("a", deepest));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        "nested too deeply",
        () -> CanonicalJson.membersOfDocument("{\"a\":[" + deepest + "]}"));
  }

  @Test
  void of_requestOfManyBytes_isRefusedForItsBytes() {
    String largest = "\"" + "\u20ac".repeat(21_844) + "12\""; // three bytes each
    assertThat(largest.getBytes(StandardCharsets.UTF_8)).hasSize(64 * 1024);
    assertThat(CanonicalJson.of(largest)).isEqualTo(largest);
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        "larger than 65536 bytes",
        () -> CanonicalJson.of(largest + " "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''      | the JSON is empty
          {} {}   | something follows the JSON
          {"a":1, | the JSON has a syntax error or a repeated name at line 1, column
          [1]     | it is not an object
          "x"     | it is not an object
          """)
  void members_ofNoObject_saysWhatItIs(String json, String message) {
    String said =
        Refused.with(ErrorCode.INVALID_REQUEST, message, () -> CanonicalJson.members(json, "it"));
    assertThat(said).startsWith(message);
    Refused.with(ErrorCode.INVALID_REQUEST, message, () -> CanonicalJson.object(json, "it"));
  }

  @Test
  void elementsAndString_ofSomethingElse_sayWhatItIsNot() {
    assertThat(CanonicalJson.elements("[1.0, \"a\", [ ]]")).containsExactly("1", "\"a\"", "[]");
    assertThat(CanonicalJson.string("\"\\u0041\"", "it")).isEqualTo("A");
    Refused.with(
        ErrorCode.INVALID_REQUEST, "the JSON is not an array", () -> CanonicalJson.elements("{}"));
    Refused.with(
        ErrorCode.INVALID_REQUEST, "it is not a string", () -> CanonicalJson.string("1", "it"));
    Refused.with(
        ErrorCode.INVALID_REQUEST,
        "half of a surrogate pair",
        () -> CanonicalJson.string("\"\\ud800\"", "it"));
  }

  static long[] seeds() {
    return new long[] {11, 12, 13, 14, 15, 16, 17, 18};
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void toJson_randomRequests_matchTheOracleAndReadBack(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 250; i++) {
      String json = request(random);
      ToolCall call = ToolCall.parse(json);

      String canonical = new JsonCanonicalizer(json).getEncodedString();
      assertThat(call.toJson()).isEqualTo(canonical);
      assertThat(call.digest())
          .isEqualTo(Digests.sha256(canonical.getBytes(StandardCharsets.UTF_8)));
      assertThat(ToolCall.parse(call.toJson())).isEqualTo(call).hasSameHashCodeAs(call);
    }
  }

  private static String request(Random random) {
    List<String> members = new ArrayList<>();
    members.add("\"tool\":\"crm.read\"");
    if (random.nextBoolean()) {
      members.add("\"operation\" : \"read\"");
    }
    if (random.nextBoolean()) {
      members.add("\"resource\":\"jira:project/ACME/" + random.nextInt(100) + "\"");
    }
    StringBuilder arguments = new StringBuilder("\"args\":{");
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      arguments.append(i == 0 ? "" : " ,\n");
      arguments.append(string("" + (char) ('a' + random.nextInt(20)) + i, random)).append(": ");
      arguments.append(
          random.nextInt(4) == 0
              ? (random.nextInt(2_000_000) - 1_000_000) / 1000 + "." + random.nextInt(1000)
              : value(random, 0));
    }
    members.add(arguments.append("}").toString());
    java.util.Collections.shuffle(members, random);
    return "{" + String.join(", ", members) + "}";
  }

  private static String value(Random random, int depth) {
    int kind = random.nextInt(depth < 4 ? 7 : 5);
    return switch (kind) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 -> Long.toString(random.nextLong() >> (11 + random.nextInt(50)));
      case 3 -> random.nextInt(1000) + ".0";
      case 4 -> string("x", random);
      case 5 -> {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(random, depth + 1));
        }
        yield "[" + String.join(" , ", elements) + "]";
      }
      default -> {
        List<String> entries = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          entries.add(string(i + "k", random) + ":" + value(random, depth + 1));
        }
        yield "{" + String.join(",", entries) + "}";
      }
    };
  }

  /** A JSON string, in part escaped, of characters whose order differs between UTF-8 and UTF-16. */
  private static String string(String start, Random random) {
    String[] alphabet = {
      "a",
      "Z",
      "0",
      "\\u0041",
      "\\\"",
      "\\\\",
      "\\/",
      "\u00e9",
      "\\u00e9",
      "\u20ac",
      "\uffe5",
      "\ud83d\ude00",
      "\\ud83d\\ude00",
      "\ud800\udc00"
    };
    StringBuilder out = new StringBuilder("\"").append(start);
    for (int i = random.nextInt(5); i > 0; i--) {
      out.append(alphabet[random.nextInt(alphabet.length)]);
    }
    return out.append('"').toString();
  }

  private static String written(Term value) {
    StringBuilder out = new StringBuilder();
    CanonicalJson.write(value, out);
    return out.toString();
  }
}
