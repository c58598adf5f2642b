package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.SentHttp;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskBodyTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private static AskBody read(Map<String, String> fields, byte[] content) throws RefusedException {
    IncomingRequest request = IncomingRequest.of("POST", "/v1/asks", true, fields, content);
    return AskBody.read(request, content, ORIGIN);
  }

  private static AskBody read(String json) throws RefusedException {
    return read(JSON, AskWorld.bytes(json));
  }

  /** What is asked with the least there is, and other members. */
  private static String with(String members) {
    return "{\"method\":\"GET\",\"target\":\"/issues/7\",\"reason\":\"why\"" + members + "}";
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).hasToString("400 invalid_request"));
  }

  @Test
  void read_withAllItCanHave_isTheCall() throws RefusedException {
    AskBody body =
        read(
            "{\"method\":\"POST\",\"target\":\"/issues/7\",\"content\":\"AAE\","
                + "\"content_type\":\"a/b\",\"content_encoding\":\"gzip\",\"reason\":\"why\","
                + "\"fields\":{\"X-Tenant\":\"acme\"}}");
    SentHttp sent = body.sent();
    assertThat(sent.method() + " " + sent.origin() + sent.target())
        .isEqualTo("POST " + ORIGIN + "/issues/7");
    assertThat(sent.content()).containsExactly(0, 1);
    assertThat(sent.contentType()).isEqualTo("a/b");
    assertThat(sent.contentEncoding()).isEqualTo("gzip");
    assertThat(body.reason()).isEqualTo("why");
    assertThat(body.fields()).containsExactly(Map.entry("x-tenant", "acme"));
  }

  @Test
  void read_withTheLeast_hasNoContent() throws RefusedException {
    AskBody body = read(with(""));
    assertThat(body.sent().content()).isEmpty();
    assertThat(body.sent().contentType()).isNull();
    assertThat(body.sent().contentEncoding()).isNull();
    assertThat(body.fields()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"method", "target", "reason"})
  void read_withoutWhatItNeeds_isRefused(String name) {
    String without = with("").replaceFirst(",?\"" + name + "\":\"[^\"]*\"", "").replace("{,", "{");
    assertRefused(() -> read(without));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "AA==", "A", "AB", "A A", "+A"})
  void read_withAContentThatIsNoBase64url_isRefused(String content) {
    assertRefused(() -> read(with(",\"content\":\"" + content + "\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a\":\"b\"",
        "\"a\":7",
        "\"a\":null",
        "\"a\":[\"b\"]",
        "\"a\":{\"b\":\"c\"}",
        "\"reason\":\"why\"",
        "\"content\":7",
        "\"content_type\":null",
        "\"content_encoding\":[\"gzip\"]",
        "\"fields\":[]",
        "\"fields\":7",
        "\"fields\":null",
        "\"fields\":{\"a\":7}",
        "\"fields\":{\"a\":{}}",
        "\"fields\":{\"a\":\"b\",\"A\":\"b\"}"
      })
  void read_besideAnotherMember_isRefused(String member) {
    assertRefused(() -> read(with("," + member)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "[]", "\"text\"", "{", "{}{}", "{} 7", "{}"})
  void read_ofAnotherForm_isRefused(String json) {
    assertRefused(() -> read(json));
  }

  @Test
  void read_ofWhatIsNoUtf8_isRefused() {
    byte[] bytes = AskWorld.bytes(with(""));
    bytes[bytes.length - 3] = (byte) 0xff;
    assertRefused(() -> read(JSON, bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON", "application/json ; charset=x"})
  void read_ofJson_isDone(String type) throws RefusedException {
    assertThat(read(Map.of("Content-Type", type), AskWorld.bytes(with(""))).reason())
        .isEqualTo("why");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/jsonp", "text/plain;application/json"})
  void read_ofAnotherType_isRefused(String type) {
    assertRefused(() -> read(Map.of("Content-Type", type), AskWorld.bytes(with(""))));
  }

  @Test
  void read_withoutATypeOrCompressed_isRefused() {
    assertRefused(() -> read(Map.of(), AskWorld.bytes(with(""))));
    assertRefused(
        () ->
            read(
                Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
                AskWorld.bytes(with(""))));
  }
}
