package dev.taper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonReaderTest {
  private static final JsonReader<TaperException> JSON =
      JsonReader.of(3, 200, 8, JsonReaderTest::refused);

  private static TaperException refused(String message, @Nullable Throwable cause) {
    return new TaperException(ErrorCode.INVALID_REQUEST, message, cause);
  }

  private static JsonMembers<TaperException> read(String json) {
    return JSON.read(json, "it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                      | it is not a JSON object
          []                      | it is not a JSON object
          null                    | it is not a JSON object
          {                       | it is not JSON, is too large, or has a repeated name at line 1
          {"a":1,"a":1}           | it is not JSON, is too large, or has a repeated name at line 1
          {"a":{"b":1,"b":1}}     | it is not JSON, is too large, or has a repeated name at line 1
          {"a":1,"\\u0061":1}     | it is not JSON, is too large, or has a repeated name at line 1
          {"a":123456789}         | it is not JSON, is too large, or has a repeated name
          {"a":[{"b":[]}]}        | it is not JSON, is too large, or has a repeated name
          {} {}                   | it has something behind its end
          {"a":"\\ud800"}         | it: a string of the JSON holds half of a surrogate pair
          {"\\udc00":1}           | it is not JSON, is too large, or has a repeated name at line 1
          {"a":"\\udc00\\ud800"}  | it: a string of the JSON holds half of a surrogate pair
          """)
  void read_notStrictJson_isRefused(String json, String message) {
    assertThatThrownBy(() -> read(json)).hasMessageStartingWith(message);
  }

  @Test
  void read_tooLongOrNoUtf8_isRefused() {
    String json = "{\"a\":\"" + "é".repeat(100) + "\"}";
    assertThat(read(json).text("a")).hasSize(100);
    assertThatThrownBy(() -> read(json + " ".repeat(93)))
        .hasMessage("it has more than 200 characters");
    assertThatThrownBy(() -> JSON.read(json.getBytes(StandardCharsets.UTF_8), "it"))
        .hasMessage("it has more than 200 bytes");
    assertThatThrownBy(() -> JSON.read("{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1), "it"))
        .hasMessage("it is not UTF-8");
  }

  @Test
  void members_ofEachType_areGiven() {
    JsonMembers<TaperException> all =
        read(
            """
            {"t":"\\ud83d\\ude00","f":true,"n":12,"b":"AQ","o":{"i":"x"},"a":["p","q"],
             "l":[{"m":"y"}],"j":{"k":[1.50,-0,null,false,"\\""]}}
            """);

    assertThat(all.text("t")).isEqualTo("😀");
    assertThat(all.flag("f")).isTrue();
    assertThat(all.numberOrNull("n")).isEqualTo(12);
    assertThat(all.integerOrNull("n")).isEqualTo(12);
    assertThat(all.bytesOrNull("b")).containsExactly(1);
    assertThat(all.object("o").allTexts()).containsExactly(Map.entry("i", "x"));
    assertThat(all.texts("a")).containsExactly("p", "q");
    assertThat(all.textOrTexts("a")).containsExactly("p", "q");
    assertThat(all.textOrTexts("b")).containsExactly("AQ");
    assertThat(all.objects("l").get(0).text("m")).isEqualTo("y");
    assertThat(all.json("j")).isEqualTo("{\"k\":[1.50,-0,null,false,\"\\\"\"]}");
    assertThat(all.names()).containsExactly("t", "f", "n", "b", "o", "a", "l", "j");
    all.end();
  }

  @Test
  void members_thatAreMissing_areNullOrEmptyOrRefused() {
    JsonMembers<TaperException> none = read("{\"o\":{}}");

    assertThat(none.textOrNull("t")).isNull();
    assertThat(none.flag("t")).isFalse();
    assertThat(none.numberOrNull("t")).isNull();
    assertThat(none.bytesOrNull("t")).isNull();
    assertThat(none.objectOrNull("t")).isNull();
    assertThat(none.texts("t")).isEmpty();
    assertThat(none.objects("t")).isEmpty();
    assertThatThrownBy(() -> none.text("t")).hasMessage("it has no member t");
    assertThatThrownBy(() -> none.object("t")).hasMessage("it has no member t");
    assertThatThrownBy(() -> none.json("t")).hasMessage("it has no member t");
    assertThatThrownBy(() -> none.object("o").text("t")).hasMessage("it.o has no member t");
  }

  /** A type is the one that is asked for; null is of none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null  | text number flag object objects texts bytes
          1     | text flag object objects texts bytes
          "é"   | number flag object objects texts bytes
          true  | text number object objects texts bytes
          {}    | text number flag objects texts bytes
          [1]   | text number flag object objects texts bytes
          [{}]  | text number flag object texts bytes
          [""]  | text number flag object objects bytes
          -1    | number
          01e1  |
          1.0   | number
          1e1   | number
          """)
  void members_ofAnotherType_areRefused(String value, @Nullable String as) {
    if (as == null) {
      assertThatThrownBy(() -> read("{\"m\":" + value + "}")).hasMessageContaining("not JSON");
      return;
    }
    JsonMembers<TaperException> all = read("{\"m\":" + value + "}");
    for (String type : as.split(" ", -1)) {
      assertThatThrownBy(
              () -> {
                Object unused =
                    switch (type) {
                      case "text" -> all.textOrNull("m");
                      case "number" -> all.numberOrNull("m");
                      case "flag" -> all.flag("m");
                      case "object" -> all.objectOrNull("m");
                      case "objects" -> all.objects("m");
                      case "texts" -> all.texts("m");
                      default -> all.bytesOrNull("m");
                    };
              })
          .as(type)
          .hasMessageStartingWith("it.m");
    }
  }

  @Test
  void number_overTheMost_isRefused() {
    String most = "{\"n\":[0,2147483647],\"m\":2147483647}";
    JsonReader<TaperException> longer = JsonReader.of(2, 99, 20, JsonReaderTest::refused);
    assertThat(longer.read(most, "it").integers("n")).containsExactly(0, Integer.MAX_VALUE);
    assertThat(longer.read(most, "it").integerOrNull("m")).isEqualTo(Integer.MAX_VALUE);
    JsonMembers<TaperException> more =
        longer.read("{\"m\":2147483648,\"n\":[2147483648],\"l\":1000000000000000000}", "it");
    for (String name : List.of("m", "n", "l")) {
      assertThatThrownBy(
              () -> {
                Object unused =
                    switch (name) {
                      case "m" -> more.integerOrNull(name);
                      case "n" -> more.integers(name);
                      default -> more.numberOrNull(name);
                    };
              })
          .hasMessage("it." + name + " is not a whole number from 0 on, or is too large");
    }
  }

  @Test
  void end_membersThatNobodyAskedFor_areRefusedWithPlaceAndHint() {
    JsonMembers<TaperException> all = read("{\"name\":\"x\",\"o\":{\"a\\u202eb\":1}}");
    String unused = all.text("name");
    assertThatThrownBy(all::end).hasMessage("it has the member o, which it cannot have");
    assertThatThrownBy(() -> all.object("o").end())
        .hasMessage("it.o has the member a\\u{202e}b, which it cannot have");
    assertThatThrownBy(() -> read("{\"nam\":\"x\"}").only("name", "other"))
        .hasMessage("it has the member nam, which it cannot have; did you mean name?");
    assertThat(read("{\"name\":\"x\"}").only("name").text("name")).isEqualTo("x");
  }

  @Test
  void ofOthers_whatIsOfAnotherType_isLeftOut() {
    JsonMembers<TaperException> all = read("{\"a\":[\"x\",1,\"\"],\"b\":\"y\",\"c\":{\"d\":1}}");

    assertThat(all.textsIfAny("a")).containsExactly("x");
    assertThat(all.textsIfAny("b")).containsExactly("y");
    assertThat(all.textsIfAny("none")).isEqualTo(List.of());
    assertThat(all.textIfAny("a")).isNull();
    assertThat(all.textIfAny("b")).isEqualTo("y");
    assertThat(all.objectIfAny("b")).isNull();
    assertThat(all.objectIfAny("c")).isNotNull();
  }

  @Test
  void withNumbers_map_hasThem() {
    JsonReader<TaperException> reader =
        JsonReader.of(3, 200, 20, JsonReaderTest::refused).withNumbers(JsonParser::getDecimalValue);
    JsonMembers<TaperException> members =
        reader.read("{\"o\":{\"a\":1.50,\"b\":[1,null,true,\"x\"]},\"n\":7,\"d\":1.5}", "it");

    assertThat(members.json("o")).isEqualTo("{\"a\":1.50,\"b\":[1,null,true,\"x\"]}");
    assertThat(members.map("o"))
        .isEqualTo(
            Map.of(
                "a",
                new BigDecimal("1.50"),
                "b",
                Arrays.<@Nullable Object>asList(BigDecimal.ONE, null, true, "x")));
    members.map("o").clear();
    assertThat(members.map("o")).hasSize(2);
    assertThat(members.map("missing")).isEmpty();
    assertThat(members.integerOrNull("n")).isEqualTo(7);
    assertThatThrownBy(() -> members.integerOrNull("d")).hasMessageContaining("whole number");
    assertThatThrownBy(() -> members.map("n")).isInstanceOf(TaperException.class);
    assertThatThrownBy(() -> reader.read("{\"n\":1e99999999999}", "it"))
        .hasMessage("it has a number with too large an exponent");
  }

  @Test
  void refusing_another_throwsThat() {
    JsonReader<IOException> other = JSON.refusing(IOException::new);
    assertThatThrownBy(() -> other.read("[]", "it"))
        .isInstanceOf(IOException.class)
        .hasMessage("it is not a JSON object");
  }
}
