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
    return AskBody.read(IncomingRequest.of("POST", "/v1/asks", true, fields, content), content);
  }

  private static AskBody read(String json) throws RefusedException {
    return read(JSON, AskWorld.bytes(json));
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).hasToString("400 invalid_request"));
  }

  @Test
  void sent_withAllItCanHave_isTheCall() throws RefusedException {
    AskBody body =
        read(
            "{\"method\":\"POST\",\"target\":\"/issues/7\",\"content\":\"AAE\","
                + "\"content_type\":\"a/b\",\"content_encoding\":\"gzip\",\"reason\":\"why\","
                + "\"fields\":{\"X-Tenant\":\"acme\"}}");
    SentHttp sent = body.sent(ORIGIN);
    assertThat(sent.method() + " " + sent.origin() + sent.target())
        .isEqualTo("POST " + ORIGIN + "/issues/7");
    assertThat(sent.content()).containsExactly(0, 1);
    assertThat(sent.contentType()).isEqualTo("a/b");
    assertThat(sent.contentEncoding()).isEqualTo("gzip");
    assertThat(body.reason()).isEqualTo("why");
    assertRefused(body::requireNothingElse);
    assertThat(body.fields()).containsExactly(Map.entry("x-tenant", "acme"));
    body.requireNothingElse();
  }

  @Test
  void sent_withTheLeast_hasNoContent() throws RefusedException {
    AskBody body = read("{\"method\":\"GET\",\"target\":\"/issues/7\"}");
    SentHttp sent = body.sent(ORIGIN);
    assertThat(sent.content()).isEmpty();
    assertThat(sent.contentType()).isNull();
    assertThat(sent.contentEncoding()).isNull();
    assertThat(body.fields()).isEmpty();
    body.requireNothingElse();
    assertRefused(body::reason);
  }

  @Test
  void requireNothingElse_besideAnUnknownMember_isRefused() throws RefusedException {
    AskBody body = read("{\"other\":\"x\"}");
    assertRefused(body::requireNothingElse);
    assertThat(body.take("other")).isEqualTo("x");
    body.requireNothingElse();
    assertThat(body.take("other")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"method\":\"GET\"}", "{\"target\":\"/\"}"})
  void sent_withoutMethodOrTarget_isRefused(String json) throws RefusedException {
    AskBody body = read(json);
    assertRefused(() -> body.sent(ORIGIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "AA==", "A", "AB", "A A", "+A"})
  void sent_withAContentThatIsNoBase64url_isRefused(String content) throws RefusedException {
    AskBody body = read("{\"method\":\"PUT\",\"target\":\"/\",\"content\":\"" + content + "\"}");
    assertRefused(() -> body.sent(ORIGIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "[]",
        "\"text\"",
        "{",
        "{}{}",
        "{} 7",
        "{\"a\":7}",
        "{\"a\":null}",
        "{\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}",
        "{\"a\":\"b\",\"a\":\"b\"}",
        "{\"fields\":[]}",
        "{\"fields\":7}",
        "{\"fields\":{\"a\":7}}",
        "{\"fields\":{\"a\":{}}}",
        "{\"fields\":{\"a\":\"b\",\"A\":\"b\"}}"
      })
  void read_ofAnotherForm_isRefused(String json) {
    assertRefused(() -> read(json));
  }

  @Test
  void read_ofWhatIsNoUtf8_isRefused() {
    assertRefused(() -> read(JSON, new byte[] {'{', '"', (byte) 0xff, '"', ':', '"', '"', '}'}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON", "application/json ; charset=x"})
  void read_ofJson_isDone(String type) throws RefusedException {
    read(Map.of("Content-Type", type), AskWorld.bytes("{}")).requireNothingElse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/jsonp", "text/plain;application/json"})
  void read_ofAnotherType_isRefused(String type) {
    assertRefused(() -> read(Map.of("Content-Type", type), AskWorld.bytes("{}")));
  }

  @Test
  void read_withoutATypeOrCompressed_isRefused() {
    assertRefused(() -> read(Map.of(), AskWorld.bytes("{}")));
    assertRefused(
        () ->
            read(
                Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
                AskWorld.bytes("{}")));
  }
}
