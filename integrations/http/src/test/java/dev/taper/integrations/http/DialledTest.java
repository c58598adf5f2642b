package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialledTest {
  private final Dialled dialled = Dialled.directly();

  private static IncomingRequest request(String host, boolean secure) {
    return IncomingRequest.of("GET", "/issues?n=1", secure, Map.of("Host", host), new byte[0]);
  }

  private static void assertRefused(Dialled dialled, IncomingRequest request) {
    assertThatThrownBy(() -> dialled.head(request))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).hasToString("400 invalid_request"));
  }

  @ParameterizedTest
  @CsvSource({
    "jira.example.com,      true,  https://jira.example.com",
    "jira.example.com,      false, http://jira.example.com",
    "JIRA.example.COM,      true,  https://jira.example.com",
    "a-z.09.example,        true,  https://a-z.09.example",
    "jira.example.com:443,  true,  https://jira.example.com",
    "jira.example.com:443,  false, http://jira.example.com:443",
    "jira.example.com:80,   false, http://jira.example.com",
    "jira.example.com:80,   true,  https://jira.example.com:80",
    "jira.example.com:8090, true,  https://jira.example.com:8090",
    "[::1]:8080,            false, http://[::1]:8080"
  })
  void host_inAnySpelling_isTheOriginInItsOne(String host, boolean secure, String origin)
      throws RefusedException {
    assertThat(dialled.head(request(host, secure)).origin()).isEqualTo(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a b",
        "a..b",
        "a~b",
        "a{b",
        "\u00e4.example",
        "user@jira.example.com",
        "jira.example.com:",
        "jira.example.com:x",
        "jira.example.com:0443",
        "jira.example.com:65536",
        "jira.example.com::80",
        "jira.example.com/",
        "jira.example.com/x",
        "jira.example.com?x",
        "jira.example.com#x",
        "x://jira.example.com",
        "jira.example.com/://jira.example.com",
        "jira.example.com?://jira.example.com",
        "jira.example.com#://jira.example.com"
      })
  void host_thatIsNoAuthority_isRefused(String host) {
    assertRefused(dialled, request(host, true));
    assertRefused(dialled, request(host, false));
  }

  /** What was dialled before is remembered, and taken for nothing else. */
  @Test
  void host_dialledAfterAnother_isTheOneOfItsRequest() throws RefusedException {
    for (String host : List.of("a.example", "a.example", "b.example", "B.example", "a.example")) {
      assertThat(dialled.head(request(host, true)).origin())
          .isEqualToIgnoringCase("https://" + host);
    }
    assertThat(dialled.head(request("a.example", false)).origin()).isEqualTo("http://a.example");
  }

  @Test
  void head_ofARequest_isItsMethodAndTarget() throws RefusedException {
    assertThat(dialled.head(request("a.example", true)).method()).isEqualTo("GET");
    assertThat(dialled.head(request("a.example", true)).target()).isEqualTo("/issues?n=1");
  }

  @Test
  void host_missing_isRefusedUnlessTheOriginIsStated() throws RefusedException {
    IncomingRequest without = IncomingRequest.of("GET", "/", true, Map.of(), new byte[0]);
    assertRefused(dialled, without);
    assertThat(dialled.as("http://b.example").head(without).origin()).isEqualTo("http://b.example");
    assertRefused(dialled.as("http://b.example").targetFrom("x-target"), without);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X-HTTP-Method-Override", "x_http_method", "X-Method_Override", "X_HTTP-Method"})
  void field_thatNamesAnotherMethod_isRefused(String field) {
    assertRefused(
        dialled,
        IncomingRequest.of(
            "GET", "/", true, Map.of("Host", "a.example", field, "GET"), new byte[0]));
  }
}
