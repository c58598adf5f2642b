package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentHttpTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final SentHttp GET = SentHttp.of("GET", ORIGIN, "/issues?limit=5");

  @Test
  void toSameOrigin_isTheRequestThatWasCheckedAsAWhole() {
    byte[] content = "x".getBytes(StandardCharsets.UTF_8);
    SentHttp before = GET.content("text/plain", content).contentEncoding("gzip").field("A", "b");
    SentHttp same = before.toSameOrigin("POST", "/issues");
    SentHttp whole = SentHttp.of("POST", ORIGIN, "/issues");

    assertThat(same).hasToString(whole.toString());
    assertThat(same.fields()).isEmpty();
    for (int i = 0; i < whole.parts().size(); i++) {
      assertThat(same.parts().get(i).name()).isEqualTo(whole.parts().get(i).name());
      assertThat(same.parts().get(i).digest()).isEqualTo(whole.parts().get(i).digest());
    }
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.toSameOrigin("get", "/"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.toSameOrigin("GET", "issues"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://jira.example.com",
        "http://jira.example.com",
        "http://jira.example.com:8080",
        "https://jira.example.com:80",
        "https://127.0.0.1:8443",
        "https://[2001:db8::1]",
        "http://localhost:3000",
      })
  void of_originInItsOneSpelling_isTaken(String origin) {
    SentHttp sent = SentHttp.of("GET", origin, "/");

    assertThat(sent.origin()).isEqualTo(origin);
    assertThat(sent).hasToString("GET " + origin + "/");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://jira.example.com, AMBIGUOUS_URL",
    "https://Jira.example.com, AMBIGUOUS_URL",
    "https://jira.example.com:443, AMBIGUOUS_URL",
    "http://jira.example.com:80, AMBIGUOUS_URL",
    "https://jira.example.com:, AMBIGUOUS_URL",
    "https://jira.example.com:0443, AMBIGUOUS_URL",
    "https://jira.example.com., AMBIGUOUS_URL",
    "https://jira.example.com/, AMBIGUOUS_URL",
    "https://jira.example.com/path, AMBIGUOUS_URL",
    "https://jira.example.com?x, AMBIGUOUS_URL",
    "https://jira.example.com#x, AMBIGUOUS_URL",
    "https://a@jira.example.com, AMBIGUOUS_URL",
    "https://jira.example.com\\, AMBIGUOUS_URL",
    "https://2130706433, AMBIGUOUS_URL",
    "https://[2001:DB8::1], AMBIGUOUS_URL",
    "https://, AMBIGUOUS_URL",
    "jira.example.com, AMBIGUOUS_URL",
    "https:jira.example.com, AMBIGUOUS_URL",
    "ftp://jira.example.com, INVALID_REQUEST",
    "wss://jira.example.com, INVALID_REQUEST",
    "file://, INVALID_REQUEST",
    "file://jira.example.com, INVALID_REQUEST",
  })
  void of_otherOrigin_isRefused(String origin, ErrorCode code) {
    Refused.with(code, () -> SentHttp.of("GET", origin, "/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/issues",
        "/a/b?x=1&y=%20+%2F",
        "/a?",
        "/a?x={1}|[2]^`~!$'()*,;:@",
        "//twice",
        "/../up", // whether it means something is for the catalog to say
        "/%2e%2E/%zz"
      })
  void of_rawTarget_isKeptAsSent(String target) {
    assertThat(SentHttp.of("GET", ORIGIN, target).target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "issues",
        "?x=1",
        "https://jira.example.com/issues", // absolute form
        "jira.example.com:443", // authority form
        "/a b",
        "/a\tb",
        "/a\r\nX: y",
        "/a#b",
        "/a\\b",
        "/a\"b",
        "/a<b>",
        "/\u00e9",
        "/\u0000",
        "/\u007f"
      })
  void of_otherTarget_isRefused(String target) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentHttp.of("GET", ORIGIN, target));
  }

  @Test
  void of_targetOfManyBytes_isRefused() {
    String longest = "/" + "x".repeat(8191);
    assertThat(SentHttp.of("GET", ORIGIN, longest).target()).hasSize(8192);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentHttp.of("GET", ORIGIN, longest + "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "get", "Get", "GET ", "GET /", "G\u0415T", "A1", "GET\r\n"})
  void of_otherMethod_isRefused(String method) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentHttp.of(method, ORIGIN, "/"));
  }

  /** Character by character: a request holds what may stand there, and nothing else. */
  @Test
  void of_everyCharacter_isTakenWhereItMayStand() {
    for (char c = 0; c < 0x180; c++) {
      String text = "A" + c + "Z";
      boolean capital = c >= 'A' && c <= 'Z';
      boolean nameChar = capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean visible = c > ' ' && c < 0x7f;
      assertTaken(capital || c == '-', () -> SentHttp.of(text, ORIGIN, "/"));
      assertTaken(nameChar || c == '-' || c == '_', () -> GET.field(text, "x"));
      assertTaken(visible || c == ' ', () -> GET.field("x", text));
      assertTaken(
          visible && "#\\\"<>".indexOf(c) < 0, () -> SentHttp.of("GET", ORIGIN, "/" + text));
    }
  }

  private static void assertTaken(boolean taken, ThrowingCallable call) {
    if (taken) {
      assertThatCode(call).doesNotThrowAnyException();
    } else {
      Refused.with(ErrorCode.INVALID_REQUEST, call);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://jira.example.com/a?x=1#top, https://jira.example.com, /a?x=1",
    "HTTPS://Jira.Example.com:443/a, https://jira.example.com, /a",
    "http://jira.example.com:8080, http://jira.example.com:8080, /",
    "https://jira.example.com?x=1, https://jira.example.com, /?x=1",
    "https://jira.example.com/a%2Fb/%C3%A9, https://jira.example.com, /a%2Fb/%C3%A9",
  })
  void of_url_isTakenApartAsClientsDialIt(String url, String origin, String target) {
    SentHttp sent = SentHttp.of("GET", URI.create(url));

    assertThat(sent.origin()).isEqualTo(origin);
    assertThat(sent.target()).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "/a, INVALID_REQUEST",
    "mailto:a@example.com, INVALID_REQUEST",
    "https:///a, INVALID_REQUEST",
    "https://a:b@jira.example.com/, AMBIGUOUS_URL",
    "https://jira_x.example.com/, AMBIGUOUS_URL",
    "ftp://jira.example.com/, INVALID_REQUEST",
  })
  void of_otherUrl_isRefused(String url, ErrorCode code) {
    Refused.with(code, () -> SentHttp.of("GET", URI.create(url)));
  }

  @Test
  void field_anyCase_isOneField() {
    SentHttp sent = GET.field("X-Tenant", "acme").field("a", "1, 2");

    assertThat(sent.fields()).isEqualTo(Map.of("x-tenant", "acme", "a", "1, 2"));
    assertThat(GET.fields()).isEmpty();
    Refused.with(ErrorCode.INVALID_REQUEST, () -> sent.field("x-TENANT", "evil"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> sent.field("x-tenant", "acme"));
  }

  @Test
  void parts_fieldsInAnyOrder_areOne() {
    SentHttp one = GET.field("a", "1").field("b", "2");
    SentHttp other = GET.field("B", "2").field("A", "1");

    for (int i = 0; i < one.parts().size(); i++) {
      assertThat(other.parts().get(i).digest()).isEqualTo(one.parts().get(i).digest());
    }
  }

  /** Two fields must not be signed like one whose value looks like both. */
  @Test
  void parts_valueThatLooksLikeAnotherField_isAnother() {
    byte[] two = GET.field("a", "1").field("b", "2").parts().get(6).digest();
    byte[] one = GET.field("a", "1\",\"b\":\"2").parts().get(6).digest();

    assertThat(one).isNotEqualTo(two);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "\u00e9", "\u212aelvin", "a/b", "(a)"})
  void field_otherName_isRefused(String name) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.field(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " a", "a ", "a\tb", "a\r\nb", "\u00e9", "a\u0000b", "a\u007f"})
  void field_otherValue_isRefused(String value) {
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.field("a", value));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.content(value, new byte[0]));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.contentEncoding(value));
  }

  @Test
  void field_tooManyOrTooLong_isRefused() {
    SentHttp full = GET;
    for (int i = 0; i < 32; i++) {
      full = full.field("f" + i, "x".repeat(4096));
    }
    SentHttp filled = full;
    Refused.with(ErrorCode.INVALID_REQUEST, () -> filled.field("more", "x"));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.field("a", "x".repeat(4097)));
    assertThat(GET.field("a".repeat(128), "x").fields()).hasSize(1);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> GET.field("a".repeat(129), "x"));
    assertThat(SentHttp.of("A".repeat(32), ORIGIN, "/").method()).hasSize(32);
    Refused.with(ErrorCode.INVALID_REQUEST, () -> SentHttp.of("A".repeat(33), ORIGIN, "/"));
  }

  @Test
  void content_bytesChangedOutside_staysAsItWas() {
    byte[] bytes = "abc".getBytes(StandardCharsets.UTF_8);
    SentHttp sent = GET.content("text/plain", bytes);
    bytes[0] = 'x';
    sent.content()[1] = 'x';

    assertThat(sent.content()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
    assertThat(sent.contentLength()).isEqualTo(3);
    assertThat(sent.contentType()).isEqualTo("text/plain");
    assertThat(sent.contentEncoding()).isNull();
    assertThat(sent.contentEncoding("gzip").contentType()).isEqualTo("text/plain");
    assertThat(sent.contentEncoding("gzip").contentEncoding()).isEqualTo("gzip");
    assertThat(GET.contentLength()).isZero();
  }

  @Test
  void toString_request_showsNoValues() {
    SentHttp sent = GET.field("X-Secret", "s3cret").content("text/plain", new byte[] {65});

    assertThat(sent).hasToString("GET https://jira.example.com/issues?\u2026");
    assertThat(SentHttp.of("GET", ORIGIN, "/issues?"))
        .hasToString("GET " + ORIGIN + "/issues?\u2026");
  }

  @Test
  void unseenContent_hasTheSamePartsAsTheContent() {
    SentHttp head = SentHttp.of("PUT", "https://a.example", "/x");
    byte[] bytes = {1, 2, 3};
    SentHttp seen = head.content("a/b", bytes);
    SentHttp unseen = head.unseenContent("a/b", Digests.sha256(bytes));
    for (int i = 0; i < seen.parts().size(); i++) {
      assertThat(unseen.parts().get(i).digest()).isEqualTo(seen.parts().get(i).digest());
    }
    assertThat(seen.isContentSeen()).isTrue();
    assertThat(unseen.isContentSeen()).isFalse();
    assertThat(unseen.contentEncoding("gzip").field("x-a", "b").isContentSeen()).isFalse();
    assertThatThrownBy(unseen::content)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_NOT_SEEN));
    assertThatThrownBy(unseen::contentLength).isInstanceOf(TaperException.class);
  }

  /** The digest of nothing is no content, so that there is one spelling of that. */
  @Test
  void unseenContent_ofNothing_isNone() {
    SentHttp head = SentHttp.of("PUT", "https://a.example", "/x");
    SentHttp none = head.unseenContent(null, Digests.sha256(new byte[0]));
    assertThat(none.isContentSeen()).isTrue();
    assertThat(none.contentLength()).isZero();
    assertThatThrownBy(() -> head.unseenContent(null, new byte[31]))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
  }
}
