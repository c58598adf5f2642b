package dev.taper.integrations.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose tokens are found before anything is read. */
class TokenOutlineTest {
  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static TokenOutline message(String json) {
    return TokenOutline.ofMessage(bytes(json));
  }

  private static TokenOutline question(String json) {
    return TokenOutline.ofQuestion(bytes(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'token':'a'} | a",
        "{'token':['a','b','a']} | a b",
        "{'token':1} |",
        "{'token':{'token':'a'}} |",
        "{'other':'a'} |",
        "{'http':{'fields':{'Taper-Token':'a','TAPER-TOKEN':['b']}}} | a b",
        "{'http':{'fields':{'Authorization':'Taper a','authorization':'Bearer b'}}} | a",
        "{'http':{'Taper-Token':'a'}} |",
        "{'mcp':{'params':{'_meta':{'dev.taper/token':'a'}}}} | a",
        "{'subject':{'properties':{'token':'a'}}} | a",
        "{'subject':'a'} |",
        "{'context':{'http':{'fields':{'taper-token':'a'}},'mcp':{'params':{}}}} | a",
        "{'evaluations':[{'token':'a'},{'subject':{'properties':{'token':'b'}}},1]} | a b",
        "{'evaluations':{'token':'a'}} |",
        "{'context':[{'token':'a'}]} |",
        "{} |",
      })
  void tokens_ofAQuestion_areThoseThatCount(String json, String tokens) {
    assertThat(String.join(" ", question(json).tokens())).isEqualTo(tokens == null ? "" : tokens);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'method':'m','params':{'_meta':{'dev.taper/token':'a'}}} | a",
        "{'params':{'token':'a'}} |",
        "{'token':'a'} |",
        "{'params':{'_meta':'a'}} |",
      })
  void tokens_ofAMessage_areThoseThatCount(String json, String tokens) {
    assertThat(String.join(" ", message(json).tokens())).isEqualTo(tokens == null ? "" : tokens);
  }

  @Test
  void tokens_many_areSixtyFour() {
    String many =
        IntStream.range(0, 70).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(","));

    assertThat(question("{'token':[" + many + "]}").tokens()).hasSize(64).contains("63");
  }

  /** One that is too long is refused later as one of too many characters. */
  @Test
  void tokens_longOne_isOneThatIsTooLong() {
    String most = "x".repeat(CredentialFields.MAX_FIELD + 64);

    assertThat(question("{'token':'" + most + "'}").tokens()).containsExactly(most);
    assertThat(question("{'token':'" + most + "x'}").tokens().get(0))
        .hasSize(CredentialFields.MAX_FIELD + 1);
  }

  @Test
  void isSmall_fewValuesAndBytes_isSoAtTheLimits() {
    String values = "0,".repeat(253) + "0";
    assertThat(question("{'a':[" + values + "]}").isSmall()).as("256 values").isTrue();
    assertThat(question("{'a':[" + values + ",0]}").isSmall()).isFalse();
    String text = "x".repeat(32 * 1024 - "{'a':''}".length());
    assertThat(question("{'a':'" + text + "'}").isSmall()).as("32 KiB").isTrue();
    assertThat(question("{'a':'" + text + "x'}").isSmall()).isFalse();
    // An answer has no method, and may be long.
    assertThat(message("{'a':'" + text + "x'}").isSmall()).isTrue();
    assertThat(message("{'a':'" + text + "x','method':'m'}").isSmall()).isFalse();
    assertThat(message("{'a':[" + values + ",0]}").isSmall()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "'a'", "{'a':1", "{'a':1}}", "{'a':1} x", "{'a':x}"})
  void of_noObject_isRefused(String json) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> message(json).isSmall());
    Refused.with(ErrorCode.INVALID_REQUEST, () -> question(json).isSmall());
  }
}
