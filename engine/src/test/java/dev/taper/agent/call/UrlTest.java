package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.testing.Refused;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # URL; scheme; host; port; path; class
          https://acme.com; https; acme.com; 443; /; public
          https://acme.com/; https; acme.com; 443; /; public
          HTTPS://ACME.com/A; https; acme.com; 443; /A; public
          hTTp://acme.com; http; acme.com; 80; /; public
          http://acme.com:8080/a/b; http; acme.com; 8080; /a/b; public
          https://acme.com:443/a; https; acme.com; 443; /a; public
          https://acme.com:1/a; https; acme.com; 1; /a; public
          https://acme.com:65535/a; https; acme.com; 65535; /a; public
          ws://acme.com/s; ws; acme.com; 80; /s; public
          wss://acme.com/s; wss; acme.com; 443; /s; public
          ftp://acme.com/f; ftp; acme.com; 21; /f; public
          ssh://acme.com; ssh; acme.com; 22; /; public
          jira://acme.com/x; jira; acme.com; 0; /x; public
          jira://acme.com:99/x; jira; acme.com; 99; /x; public
          git+ssh://acme.com/x; git+ssh; acme.com; 0; /x; public
          https://acme.com?q=1; https; acme.com; 443; /; public
          https://acme.com#top; https; acme.com; 443; /; public
          https://acme.com/a?next=/../b//c@d:e; https; acme.com; 443; /a; public
          https://acme.com/a?next=%2Fb%00; https; acme.com; 443; /a; public
          https://acme.com/a?q=café; https; acme.com; 443; /a; public
          https://acme.com/a#/b/../c; https; acme.com; 443; /a; public
          https://acme.com/a%20b; https; acme.com; 443; /a%20b; public
          https://acme.com/caf%C3%A9; https; acme.com; 443; /caf%C3%A9; public
          https://acme.com/a@b; https; acme.com; 443; /a@b; public
          https://evil-acme.com/; https; evil-acme.com; 443; /; public
          https://acme.com.evil.org/; https; acme.com.evil.org; 443; /; public
          http://localhost:3000/; http; localhost; 3000; /; loopback
          http://127.0.0.1/; http; 127.0.0.1; 80; /; loopback
          http://169.254.169.254/latest; http; 169.254.169.254; 80; /latest; link-local
          http://10.1.2.3/; http; 10.1.2.3; 80; /; private
          http://[::]/; http; [::]; 80; /; reserved
          http://[::1]:8080/; http; [::1]; 8080; /; loopback
          http://[::ffff:10.0.0.1]/; http; [::ffff:a00:1]; 80; /; private
          http://[64:ff9b::a9fe:a9fe]/; http; [64:ff9b::a9fe:a9fe]; 80; /; link-local
          aaaaaaaaaabbbbbbbbbbccccccccccdd://acme.com; aaaaaaaaaabbbbbbbbbbccccccccccdd; acme.com; 0; /; public
          file:///etc/passwd; file; ''; 0; /etc/passwd; loopback
          file://LOCALHOST/x; file; ''; 0; /x; loopback
          file://server/share; file; server; 0; /share; reserved
          """,
      delimiter = ';')
  void arg_url_givesItsFacts(
      String url, String scheme, String host, long port, String path, String hostClass) {
    CallFacts facts = ToolCall.of("t").arg("u", url).facts();

    assertThat(facts.named("arg_url"))
        .containsExactly(
            Fact.of(
                "arg_url",
                new Term.Str("u"),
                new Term.Str(scheme),
                new Term.Str(host),
                new Term.Int(port),
                new Term.Str(path)));
    assertThat(facts.named("arg_host_class"))
        .containsExactly(Fact.of("arg_host_class", new Term.Str("u"), new Term.Str(hostClass)));
    assertThat(facts.named("arg"))
        .containsExactly(Fact.of("arg", new Term.Str("u"), new Term.Str(url)));
  }

  @Test
  void parse_everyCharacter_isRefusedUnlessItMayStandInAScheme() {
    String inner = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    for (char c = 0; c < 0x180; c++) {
      assertScheme("a" + c + "b", inner.indexOf(c) >= 0);
      assertScheme(c + "b", Character.isLetter(c) && c < 0x80);
    }
  }

  private static void assertScheme(String scheme, boolean taken) {
    String url = scheme + "://acme.com/";
    if (taken) {
      assertThat(Url.parse(url, ErrorCode.AMBIGUOUS_URL, "it").scheme())
          .isEqualTo(scheme.toLowerCase(Locale.ROOT));
      assertThat(Scheme.end(url, 0)).isEqualTo(scheme.length());
    } else {
      Refused.with(
          ErrorCode.AMBIGUOUS_URL,
          () -> {
            var unused = Url.parse(url, ErrorCode.AMBIGUOUS_URL, "it");
          });
    }
    assertThat(Scheme.end(scheme.replace(":", ""), 0)).isEqualTo(-1); // there is no colon
  }

  static String[] refused() {
    return new String[] {
      "https://",
      "https:///",
      "https:///acme.com",
      "https://?q",
      "https://:443/",
      "https://acme.com:/",
      "https://acme.com:0/",
      "https://acme.com:080/",
      "https://acme.com:65536/",
      "https://acme.com:4294967739/",
      "https://acme.com:-1/",
      "https://acme.com:8a/",
      "https://acme.com:8:/",
      "https://acme.com:8//",
      "https://acme.com:80:80/",
      "https://acme.com:\u0668\u0660/", // Arabic digits
      "https://user@acme.com/",
      "https://user:secret@acme.com/",
      "https://acme.com@evil.org/",
      "https://acme.com:443@evil.org/",
      "https://acme.com%40evil.org/",
      "https://@acme.com/",
      "https://acme.com\\@evil.org/",
      "https://evil.org\\.acme.com/",
      "https:\\\\acme.com/",
      "https:/\\acme.com/",
      "https://acme.com\\a",
      "https://acme.com/a\\..\\b",
      "https://acme.com/a?q=\\b",
      "https:/acme.com/",
      "https:acme.com/",
      "http:127.0.0.1",
      "HTTP:/127.0.0.1",
      "file:/etc/passwd",
      "file:etc/passwd",
      " https://acme.com/",
      "\thttps://acme.com/",
      "\u0001https://acme.com/",
      "\u00a0https://acme.com/",
      "\ufeffhttps://acme.com/",
      "\u0085https://acme.com/",
      "\u200bhttps://acme.com/",
      "\u3000https://acme.com/",
      " \t\n https://acme.com/",
      " jira://acme.com/",
      "ji\rra://acme.com/",
      "ht\ntps://acme.com/",
      "https\t://acme.com/",
      "https:\n//acme.com/",
      "https:/\r/acme.com/",
      "https://acme.com/ ",
      "https://acme.com/a b",
      "https://acme.com/\n",
      "https://ac\tme.com/",
      "https://acme.com/a?q=\u0001",
      "https://acme.com/a#\n",
      "https://acme.com/\u202e",
      "https://localhost./",
      "https://acme.com./",
      "https://.acme.com/",
      "https://acme..com/",
      "https://\u0430cme.com/",
      "https://acme\u3002com/",
      "https://ac\u00adme.com/",
      "https://acme.com\uff0fevil.org/",
      "http://2130706433/",
      "http://017700000001/",
      "http://0x7f000001/",
      "http://127.1/",
      "http://0177.0.0.1/",
      "http://127.0.0.1./",
      "http://[::1/",
      "http://::1/",
      "http://[::1]evil.org/",
      "http://[fe80::1%25eth0]/",
      "https://acme.com/..",
      "https://acme.com/a/../b",
      "https://acme.com/./a",
      "https://acme.com/a//b",
      "https://acme.com//",
      "https://acme.com/%2e%2e/a",
      "https://acme.com/a%2Fb",
      "https://acme.com/a%5Cb",
      "https://acme.com/a%252Fb",
      "https://acme.com/a%00",
      "https://acme.com/%61dmin",
      "https://acme.com/a%",
      "https://acme.com/caf%c3%a9",
      "https://acme.com/caf\u00e9",
      "https://acme.com/%C0%AF",
      "https://acme.com/..;/a",
      "a".repeat(33) + "://acme.com/",
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void arg_ambiguousUrl_isRefused(String url) {
    Refused.with(ErrorCode.AMBIGUOUS_URL, () -> ToolCall.of("t").arg("u", url));
  }

  static String[] plain() {
    return new String[] {
      "",
      "acme.com",
      "see https://acme.com",
      "mailto:user@acme.com",
      "jira:project/ACME",
      "javascript:alert(1)",
      "C:\\Users\\x",
      "c:/x",
      "12:30",
      "a: b",
      "note:\nmore",
      "://acme.com",
      "1http://acme.com",
      "h\u0442tp://acme.com", // Cyrillic te: no scheme
      "../x",
      "\\\\server\\share",
      "httpsx:acme",
    };
  }

  @ParameterizedTest
  @MethodSource("plain")
  void arg_neitherUrlNorPath_givesNoFactOfThem(String text) {
    CallFacts facts = ToolCall.of("t").arg("u", text).facts();
    assertThat(facts.named("arg_url")).isEmpty();
    assertThat(facts.named("arg_host_class")).isEmpty();
    assertThat(facts.named("arg_path")).isEmpty();
    assertThat(facts.named("arg")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void text_ambiguousUrl_isNoUrl(String url) {
    CallFacts facts = ToolCall.of("t").text("u", url).facts();
    assertThat(facts.named("arg_url")).isEmpty();
    assertThat(facts.named("arg_host_class")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "acme.com, acme.com, 0, /",
    "acme.com/a:b, acme.com, 0, /a:b",
    "acme.com:80/a, acme.com, 80, /a",
    "acme.com:8090, acme.com, 8090, /",
    "[::1]:80, [::1], 80, /",
  })
  void parseDeclared_withoutScheme_startsWithTheHost(
      String text, String host, int port, String path) {
    Url url = Url.parseDeclared(text, ArgumentType.Reading.URL, "it");

    assertThat(url.scheme()).isEmpty();
    assertThat(url.host().text()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "mailto:a@acme.com", "jira:", "jira:/a", "acme.com:80a"})
  void parseDeclared_schemeWithoutAuthority_isRefusedAsThat(String text) {
    Refused.with(
        ErrorCode.AMBIGUOUS_URL,
        "it has a scheme without '//' after it",
        () -> {
          var unused = Url.parseDeclared(text, ArgumentType.Reading.URL, "it");
        });
  }
}
