package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports, networks and arrays at the edges of what a grant says of them, with real tokens. */
class UrlAndArrayAttackTest {
  private final Story story = new Story();

  /** Has the usual steps, and all the time that a slow machine needs for them. */
  private final Verifier verifier =
      story
          .verifier()
          .deadline(Duration.ofMinutes(10))
          .limits(RunLimits.defaults().withMaxTime(Duration.ofMinutes(10)))
          .build();

  private AgentToken granted(String grant) {
    return story.issuer.mint(Bare.of(story.delegation()).grant(grant).withoutExpiry());
  }

  private CallDecision decide(String constraint, String json) {
    return decide(constraint, ToolCall.of("get").argJson("n", json));
  }

  private CallDecision decide(String constraint, ToolCall call) {
    AgentToken token = granted("get where " + constraint);
    return story.decide(verifier, token, story.plannerKey, call);
  }

  private void assertFits(String constraint, String json, boolean fits) {
    if (fits) {
      assertAllowed(decide(constraint, json));
    } else {
      assertDenied(decide(constraint, json), DenialCode.OUT_OF_SCOPE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          n port in 443 | https://a.b/ | true
          n port in 443 | HTTPS://A.B | true
          n port in 443 | https://a.b:443/ | true
          n port in 443 | wss://a.b/ | true
          n port in 443 | http://a.b:443/ | true
          n port in 443 | http://a.b/ | false
          n port in 443 | https://a.b:4443/ | false
          n port in 443 | https://a.b:80/443 | false
          n port in 443 | jira://a.b/ | false
          n port in 443 | jira://a.b:443/ | true
          n port in 443 | a.b:443 | false
          n port in 443 | file:///443 | false
          n port in 22, 80 | ssh://a.b | true
          n port in 22, 80 | http://a.b | true
          n port in 22, 80 | https://a.b | false
          n port in 22, 80 | jira://a.b | false
          n port in 1-65535 | jira://a.b:1 | true
          n port in 1-65535 | jira://a.b:65535 | true
          n port in 1-65535 | jira://a.b | false
          n port in 8000-8999 | http://a.b:7999 | false
          n port in 8000-8999 | http://a.b:8000 | true
          n port in 8000-8999 | http://a.b:8999 | true
          n port in 8000-8999 | http://a.b:9000 | false
          n port in 65535 | http://a.b:65535 | true
          n port in 65535 | http://a.b:65534 | false
          n port in 1 | http://a.b:1 | true
          n ip in 0.0.0.0/0 | http://255.255.255.255/ | true
          n ip in 0.0.0.0/0 | http://0.0.0.0/ | true
          n ip in 0.0.0.0/0 | http://[::ffff:1.2.3.4]/ | true
          n ip in 0.0.0.0/0 | http://[::1.2.3.4]/ | false
          n ip in 0.0.0.0/0 | http://[64:ff9b::1.2.3.4]/ | false
          n ip in 0.0.0.0/0 | http://[2002:102:304::]/ | false
          n ip in 0.0.0.0/0 | http://1.2.3.4.nip.io/ | false
          n ip in 0.0.0.0/0 | http://localhost/ | false
          n ip in 0.0.0.0/0 | 1.2.3.4 | false
          n ip in ::/0 | http://[::]/ | true
          n ip in ::/0 | http://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]/ | true
          n ip in ::/0 | http://[::ffff:1.2.3.4]/ | false
          n ip in ::/0 | http://1.2.3.4/ | false
          n ip in ::/0 | http://a.b/ | false
          n ip in 10.0.0.0/8 | http://10.255.255.255/ | true
          n ip in 10.0.0.0/8 | http://[::ffff:10.0.0.1]/ | true
          n ip in 10.0.0.0/8 | http://[::FFFF:A00:1]/ | true
          n ip in 10.0.0.0/8 | http://9.255.255.255/ | false
          n ip in 10.0.0.0/8 | http://11.0.0.0/ | false
          n ip in 192.0.2.4/31 | http://192.0.2.3/ | false
          n ip in 192.0.2.4/31 | http://192.0.2.4/ | true
          n ip in 192.0.2.4/31 | http://192.0.2.5/ | true
          n ip in 192.0.2.4/31 | http://192.0.2.6/ | false
          n ip in 192.0.2.7/32 | http://192.0.2.7:8080/x | true
          n ip in 192.0.2.7/32 | http://192.0.2.8/ | false
          n ip in 128.0.0.0/1 | http://128.0.0.0/ | true
          n ip in 128.0.0.0/1 | http://127.255.255.255/ | false
          n ip in 2001:db8::/32 | http://[2001:db8:ffff::1]/ | true
          n ip in 2001:db8::/32 | http://[2001:0DB8::1]/ | true
          n ip in 2001:db8::/32 | http://[2001:db9::]/ | false
          n ip in 2001:db8::1/128 | http://[2001:db8::1]/ | true
          n ip in 2001:db8::1/128 | http://[2001:db8::2]/ | false
          n ip in fe80::/10, 10.0.0.0/8 | http://10.1.1.1/ | true
          n ip in fe80::/10, 10.0.0.0/8 | http://[febf::1]/ | true
          n ip in fe80::/10, 10.0.0.0/8 | http://[fec0::1]/ | false
          n ip in 0.0.0.0/0 and n host class in public | http://[::ffff:8.8.8.8]/ | false
          """)
  void decide_urlAtTheEdgesOfAConstraint_fitsExactlyIfItShould(
      String constraint, String url, boolean fits) {
    assertFits(constraint, '"' + url + '"', fits);
    assertFits(constraint, "[\"" + url + "\"]", false);
  }

  /** Port 0 and others that no URL has are refused before any grant is asked. */
  @ParameterizedTest
  @ValueSource(strings = {"http://a.b:0/", "http://a.b:65536/", "http://a.b:080/", "http://a.b:/"})
  void decide_portThatIsNone_throws(String url) {
    assertThrows(() -> decide("n port in 80", '"' + url + '"'), ErrorCode.AMBIGUOUS_URL);
    assertThrows(() -> decide("n each host in a.b", "[\"" + url + "\"]"), ErrorCode.AMBIGUOUS_URL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          n each starts with ab ; [] ; true
          n each starts with ab ; ["ab"] ; true
          n each starts with ab ; ["ab", "abc", "ab"] ; true
          n each starts with ab ; ["abc", "aBc"] ; false
          n each starts with ab ; ["abc", "xab"] ; false
          n each starts with ab ; ["abc", 5] ; false
          n each starts with ab ; ["abc", 1.5] ; false
          n each starts with ab ; ["abc", null] ; false
          n each starts with ab ; ["abc", true] ; false
          n each starts with ab ; ["abc", ["abc"]] ; false
          n each starts with ab ; [["abc"]] ; false
          n each starts with ab ; ["abc", {"ab": "ab"}] ; false
          n each starts with ab ; {"ab": "ab"} ; false
          n each starts with ab ; "ab" ; false
          n each starts with ab ; "[\\"ab\\"]" ; false
          n each starts with ab ; null ; false
          n each starts with ab ; 1.5 ; false
          n each ends with .md ; [] ; true
          n each ends with .md ; ["a.md", ".md"] ; true
          n each ends with .md ; ["a.md", "a.md "] ; false
          n each ends with .md ; ["a.md", "a.MD"] ; false
          n each ends with .md ; ["a.md\\n"] ; false
          n each ends with .md ; "a.md" ; false
          n each matches "[a-z]|[0-9]+" ; [] ; true
          n each matches "[a-z]|[0-9]+" ; ["a", "12"] ; true
          n each matches "[a-z]|[0-9]+" ; ["a", "b1"] ; false
          n each matches "[a-z]|[0-9]+" ; ["a", "1\\n"] ; false
          n each matches "[a-z]|[0-9]+" ; ["a\\n1"] ; false
          n each matches "[a-z]|[0-9]+" ; ["a", 12] ; false
          n each matches "[a-z]|[0-9]+" ; "a" ; false
          n each host in a.b, *.a.b ; [] ; true
          n each host in a.b, *.a.b ; ["https://a.b/x", "HTTP://C.A.B"] ; true
          n each host in a.b, *.a.b ; ["https://a.b/x", "https://a.b/x"] ; true
          n each host in a.b, *.a.b ; ["https://a.b/x", "https://evil-a.b"] ; false
          n each host in a.b, *.a.b ; ["https://a.b.evil.c/"] ; false
          n each host in a.b, *.a.b ; ["https://evil.c/?https://a.b/"] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", "a.b"] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", "/x"] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", ""] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", 5] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", null] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", ["https://a.b/"]] ; false
          n each host in a.b, *.a.b ; [["https://evil.c/"]] ; false
          n each host in a.b, *.a.b ; ["https://a.b/", {"a.b": "https://a.b/"}] ; false
          n each host in a.b, *.a.b ; "https://a.b/" ; false
          n each host in a.b, *.a.b ; ["file:///etc/passwd"] ; false
          n each host in 10.0.0.1, [::1] ; ["http://10.0.0.1", "http://[0::1]"] ; true
          n each host in 10.0.0.1 ; ["http://[::ffff:10.0.0.1]"] ; false
          """)
  void decide_arrayAtTheEdgesOfAConstraint_fitsExactlyIfItShould(
      String constraint, String json, boolean fits) {
    assertFits(constraint, json, fits);
  }

  /** What a forgiving reader takes for a URL or another path is so in an array as well. */
  @ParameterizedTest
  @CsvSource({
    "' https://evil.c/', AMBIGUOUS_URL",
    "'ht\\ttps://evil.c/', AMBIGUOUS_URL",
    "https:/evil.c/, AMBIGUOUS_URL",
    "https:evil.c, AMBIGUOUS_URL",
    "https://a.b@evil.c/, AMBIGUOUS_URL",
    "https://a.b\\\\@evil.c/, AMBIGUOUS_URL",
    "https://127.1/, AMBIGUOUS_URL",
    "//evil.c/x, AMBIGUOUS_PATH",
    "/data/../etc/passwd, AMBIGUOUS_PATH",
    "/data/%2e%2e/etc, AMBIGUOUS_PATH",
  })
  void decide_ambiguousElement_throws(String element, ErrorCode code) {
    String json = "[\"https://a.b/\", \"" + element + "\"]";
    assertThrows(() -> decide("n each host in a.b", json), code);
    assertThrows(() -> decide("n each starts with /data/", json), code);
    ToolCall text = ToolCall.parse("{\"tool\":\"get\",\"args\":{\"n\":" + json + "}}", Set.of("n"));
    assertDenied(decide("n each host in a.b", text), DenialCode.OUT_OF_SCOPE);
    assertAllowed(decide("n length <= 2", text));
  }

  /** 64 KiB hold this many elements: one fact for all, and work that a verifier does. */
  @Test
  void decide_tenThousandElements_areDecidedWithinTheLimits() {
    String good = "[" + String.join(",", Collections.nCopies(10_000, "\"ab\"")) + "]";
    String bad = good.replace("\"ab\"]", "\"b\"]");
    for (String constraint :
        new String[] {
          "n each starts with a", "n each ends with b", "n each matches [a-z]+", "n each in a, ab"
        }) {
      assertAllowed(decide(constraint, good));
      boolean fits = constraint.contains("ends") || constraint.contains("matches");
      assertFits(constraint, bad, fits);
    }
    assertDenied(decide("n each host in a.b", good), DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void decide_asManyUrlsAsARequestHolds_areDecidedWithinTheLimits() {
    StringBuilder same = new StringBuilder("[\"x://a.b\"");
    StringBuilder different = new StringBuilder("[\"x://a.b\"");
    for (int i = 0; i < 4_000; i++) {
      same.append(",\"x://a.b\"");
      different.append(",\"x://").append(Integer.toString(i, 36)).append("x.b\"");
    }
    same.append(']');
    different.append(']');
    assertFits("n each host in a.b", same.toString(), true);
    assertFits("n each host in a.b", different.toString(), false);
    assertFits("n each host in a.b, *.a.b, *.b", different.toString(), true);
    assertFits("n each host in a.b", different.toString().replace("x.b\"", ".a.b\""), false);
    assertThat(ToolCall.of("get").argJson("n", different.toString()).facts().list()).hasSize(4);
  }

  /** Each argument gives four facts at most. */
  @Test
  void facts_fullestCall_areFarFromTheLimit() {
    ToolCall urls = ToolCall.of("get").operation("read").on("r");
    ToolCall arrays = urls;
    for (int i = 0; i < ToolCall.MAX_ARGUMENTS; i++) {
      urls = urls.arg("n" + i, "http://10.0.0.1:" + (i + 1));
      arrays = arrays.argJson("n" + i, "[\"http://10.0.0.1\",\"http://10.0.0.2\"]");
    }
    assertThat(urls.facts().list()).hasSize(4 + 4 * ToolCall.MAX_ARGUMENTS);
    assertThat(arrays.facts().list()).hasSize(4 + 2 * ToolCall.MAX_ARGUMENTS);
  }

  /** A service that forbids a host can see it wherever it is in an array. */
  @Test
  void decide_serviceForbidsAHost_findsItInArraysOfOtherThings() {
    Verifier strict =
        story
            .verifier()
            .policies(
                PolicySet.of(
                    Datalog.authorizer(
                        """
                        deny if arg_each_host("n", $every, $hosts), $hosts.contains("evil.c");
                        deny if arg_ip("n", $bits), $bits.starts_with("4:01111111");
                        allow if true;
                        """)))
            .build();
    AgentToken token = granted("get");
    for (String json : new String[] {"[5,\"http://evil.c/\"]", "\"http://[::ffff:7f00:1]\""}) {
      ToolCall call = ToolCall.of("get").argJson("n", json);
      assertDenied(story.decide(strict, token, story.plannerKey, call), DenialCode.POLICY_DENIED);
    }
    ToolCall call = ToolCall.of("get").argJson("n", "[5,\"http://a.b/\"]");
    assertAllowed(story.decide(strict, token, story.plannerKey, call));
  }

  /** Where a catalog says what the strings of an array are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          url  | ["a.b/x", "a.b:8080", "https://a.b"] | true
          url  | ["a.b/x", "evil.c/a.b"] | false
          url  | ["a.b/x", 5] | false
          host | ["a.b", "A.B"] | true
          host | ["a.b", "c.d"] | false
          text | ["https://a.b"] | false
          plain | ["https://a.b"] | true
          plain | ["a.b"] | false
          """)
  void decide_arrayThatACatalogDeclares_isReadAsItSays(String is, String json, boolean fits) {
    CallDecision decision = decideDeclared("ARRAY", is, json, "n each host in a.b");
    if (fits) {
      assertAllowed(decision);
    } else {
      assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          url  | ["a.b@evil.c"]
          url  | ["/x"]
          url  | [""]
          host | ["a.b:80"]
          host | ["https://a.b"]
          """)
  void call_declaredElementThatIsNone_isRefused(String is, String json) {
    assertThrows(
        () -> decideDeclared("ARRAY", is, json, "n each host in a.b"), ErrorCode.AMBIGUOUS_URL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          url  | n ip in 10.0.0.0/8 | 10.0.0.1/x | true
          url  | n ip in 10.0.0.0/8 | 10.evil.c | false
          url  | n port in 8080 | a.b:8080 | true
          url  | n port in 80, 443 | a.b | false
          url  | n port in 443 | https://a.b | true
          host | n ip in 10.0.0.0/8, ::/0 | [::1] | true
          host | n ip in 10.0.0.0/8 | [::ffff:10.0.0.1] | true
          host | n port in 1-65535 | a.b | false
          text | n ip in 0.0.0.0/0 | http://10.0.0.1/ | false
          text | n port in 80 | http://10.0.0.1/ | false
          """)
  void decide_urlThatACatalogDeclares_isReadAsItSays(
      String is, String constraint, String text, boolean fits) {
    CallDecision decision = decideDeclared("STRING", is, '"' + text + '"', constraint);
    if (fits) {
      assertAllowed(decision);
    } else {
      assertDenied(decision, DenialCode.OUT_OF_SCOPE);
    }
  }

  private CallDecision decideDeclared(String kind, String is, String json, String constraint) {
    ArgumentType type =
        new ArgumentType(
            ArgumentType.Kind.valueOf(kind),
            ArgumentType.Reading.valueOf(is.toUpperCase(Locale.ROOT)),
            false,
            false,
            null);
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA)
            .tool(CatalogTool.of("get").argument("n", CatalogTool.Argument.optional(type)))
            .build();
    ToolCall call = catalog.call("get", "{\"n\":" + json + "}");
    Verifier cataloged =
        Verifier.trusting(RootKeys.of(story.root.publicKey()))
            .catalog(catalog)
            .audience(Story.JIRA)
            .clock(story.clock)
            .withoutRevocation()
            .build();
    AgentToken token = granted("get where " + constraint);
    return story.decide(cataloged, token, story.plannerKey, call);
  }

  /** An array that is opaque because of one element must not hide a URL in another. */
  @Test
  void argJson_opaqueArrayWithAUrl_isRefused() {
    ArgumentType opaque = ArgumentType.of(ArgumentType.Kind.ARRAY).orOpaque();
    ToolCatalog catalog =
        ToolCatalog.of(Story.JIRA)
            .tool(CatalogTool.of("get").argument("n", CatalogTool.Argument.optional(opaque)))
            .build();
    ToolCall call = catalog.call("get", "{\"n\":[\"e\\u0301\",5]}");
    assertThat(call.arguments().opaqueNames()).containsExactly("n");
    assertThat(call.facts().named("arg_each_host")).isEmpty();
    for (String element : new String[] {"https://a.b/", "/etc"}) {
      String json = "{\"n\":[\"e\\u0301\",\"" + element + "\"]}";
      assertThrows(() -> catalog.call("get", json), ErrorCode.INVALID_ARGUMENT_VALUE);
    }
  }
}
