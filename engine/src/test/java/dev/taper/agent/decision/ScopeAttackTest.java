package dev.taper.agent.decision;

import static dev.taper.agent.decision.Attack.assertAllowed;
import static dev.taper.agent.decision.Attack.assertDenied;
import static dev.taper.agent.decision.Attack.assertThrows;
import static dev.taper.agent.decision.Attack.present;
import static dev.taper.testing.Denials.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Bare;
import dev.taper.agent.grant.Grant;
import dev.taper.token.UnverifiedToken;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls that are spelled so that a grant and a tool could read them differently. A call comes as
 * JSON, the way a service gets it, and goes through the whole verifier.
 */
@ParameterizedClass
@EnumSource(Caching.class)
class ScopeAttackTest {
  private final Story story;
  private final Verifier verifier;

  ScopeAttackTest(Caching caching) {
    this.story = new Story(caching);
    this.verifier = story.verifier().build();
  }

  private AgentToken granted(String grant) {
    return story.issuer.mint(Bare.of(story.delegation()).grant(grant).withoutExpiry());
  }

  private CallDecision decide(AgentToken token, ToolCall call) {
    return story.decide(verifier, token, story.plannerKey, call);
  }

  private CallDecision decide(String grant, String json) {
    return decide(granted(grant), ToolCall.parse(json));
  }

  private static String tool(String tool) {
    return "{\"tool\": \"" + tool + "\"}";
  }

  private static String resource(String resource) {
    return "{\"tool\": \"files.get\", \"resource\": \"" + resource + "\"}";
  }

  private static String argument(String json) {
    return "{\"tool\": \"http.get\", \"args\": {\"url\": " + json + "}}";
  }

  // Tools

  @ParameterizedTest
  @CsvSource({"crmx.read", "crm", "crm-x.read", "CRM.read", "Crm.read", "x.crm.read", "crm_read"})
  void decide_toolThatOnlyResemblesAPrefix_isOutOfScope(String tool) {
    assertDenied(decide("crm.*", tool(tool)), DenialCode.OUT_OF_SCOPE);
  }

  @ParameterizedTest
  @CsvSource({"crm.read", "crm.contacts.read"})
  void decide_toolBelowAPrefix_isAllowed(String tool) {
    assertAllowed(decide("crm.*", tool(tool)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          crm.read\\u0000
          crm.read\\u0000.delete
          \\u0000
          \\u0441rm.read
          crm.re\\u0430d
          crm\\uff0eread
          crm\\u2024read
          crm.read\\u200b
          \\ufeffcrm.read
          crm.\\u212aey
          crm..read
          .crm.read
          crm.
          crm.*
          *
          ' crm.read'
          crm/read
          crm.read\\n
          ''
          """)
  void decide_toolThatLooksLikeAnother_throws(String tool) {
    assertThrows(() -> decide("crm.*", tool(tool)), ErrorCode.INVALID_REQUEST);
    assertThrows(
        () -> decide("* read", "{\"tool\":\"crm.read\",\"operation\":\"" + tool + "\"}"),
        ErrorCode.INVALID_REQUEST);
  }

  @Test
  void decide_bareStar_isNoPatternButMeantInWords() {
    assertThrows(() -> Grant.tools("*"), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> Grant.tools("crm*"), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> Grant.tools("*.read"), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> Grant.parse("crm.read on *"), ErrorCode.SYNTAX);
    assertThrows(() -> Grant.tools("crm.read").resources("*"), ErrorCode.INVALID_ARGUMENT);
    assertAllowed(decide("*", tool("crmx.read")));
  }

  @Test
  void decide_missingPartOfACall_doesNotFitARestriction() {
    assertDenied(decide("crm.* read", tool("crm.read")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide("crm.* on x/*", tool("crm.read")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide("crm.* where n = 1", tool("crm.read")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide("crm.* where n != 1", tool("crm.read")), DenialCode.OUT_OF_SCOPE);
  }

  // Resources

  @ParameterizedTest
  @CsvSource({
    "jira:project/ACME2/1",
    "jira:project/ACME",
    "jira:project/acme/1",
    "jira:project/AC"
  })
  void decide_resourceWithoutASegmentBoundary_isOutOfScope(String name) {
    assertDenied(
        decide("files.get on jira:project/ACME/*", resource(name)), DenialCode.OUT_OF_SCOPE);
    assertAllowed(decide("files.get on jira:project/ACME/*", resource("jira:project/ACME/1")));
  }

  @Test
  void grant_resourcePrefixWithoutABoundary_isRefused() {
    assertThrows(
        () -> Grant.tools("t").resources("jira:project/ACME*"), ErrorCode.INVALID_ARGUMENT);
    assertThrows(() -> Grant.tools("t").resources("jira:*/ACME/"), ErrorCode.INVALID_ARGUMENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          f:a/../b
          f:a/..
          f:a/./b
          f:..
          f:a/...
          f:a/.. /b
          f:a/..;v=1/b
          f:a/..?x
          f:a//b
          f:a/%2e%2e/b
          f:a/%2E%2E/b
          f:a/.%2E/b
          f:a/b%2fc
          f:a/b%2Fc
          f:a/%252e%252e/b
          f:a/%252Fb
          f:a/%5C..
          f:a/%5c..
          f:a\\\\..\\\\b
          f:a/%00
          f:a/\\u0000b
          f:a/%zz
          f:a/%
          f:a/%C0%AF
          f:a/%61
          F:a/b
          File:///a/b
          HTTP://x.com/a
          f:a/cafe\\u0301
          f:a/\\u2215b
          f:a/\\uff0fb
          f:a/\\uff0e\\uff0e/b
          f:a/\\u2024\\u2024/b
          f:a/b\\u202ec
          f:a/b\\n
          ' f:a/b'
          'f:a/b '
          https://X.com/a
          https://x.com:443/a
          https://x.com./a
          https://u@x.com/a
          https:x.com/a
          https://127.1/a
          https://[::ffff:127.0.0.1]/a
          """)
  void decide_resourceWithMoreThanOneReading_throws(String name) {
    assertThrows(() -> decide("files.get", resource(name)), ErrorCode.AMBIGUOUS_RESOURCE);
  }

  // Paths as arguments

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /data/../etc/passwd
          /data/%2e%2e/etc
          /data/%2F..
          /data/%252e%252e/etc
          /data\\\\..\\\\etc
          /data//etc
          /data/.
          /data/\\uff0e\\uff0e/etc
          """)
  void decide_pathWithMoreThanOneReading_throws(String path) {
    assertThrows(
        () -> decide("http.get where url under /data", argument('"' + path + '"')),
        ErrorCode.AMBIGUOUS_PATH);
  }

  @ParameterizedTest
  @CsvSource({"/database/x", "/dat", "/", "/etc/passwd", "/Data/x", "data/x", "./data/x"})
  void decide_pathOutsideTheRoot_isOutOfScope(String path) {
    assertDenied(
        decide("http.get where url under /data", argument('"' + path + '"')),
        DenialCode.OUT_OF_SCOPE);
    assertAllowed(decide("http.get where url under /data", argument("\"/data/x\"")));
    assertAllowed(decide("http.get where url under /data", argument("\"/data\"")));
  }

  // URLs as arguments

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://acme.com.
          https://localhost./
          https://user@acme.com/
          https://acme.com@evil.com/
          https://acme.com:443@evil.com/
          https://acme.com%40evil.com/
          https://evil.com\\\\@acme.com/
          https:\\\\\\\\acme.com
          https://acme.com\\\\.evil.com/
          https://acme.com%00.evil.com/
          https://acme.com%2Eevil.com/
          https://acme\\u3002com/
          https://\\u0430cme.com/
          https://acme.com\\uff0fevil.com/
          https://2130706433/
          https://0x7f000001/
          https://017700000001/
          https://0177.0.0.1/
          https://127.1/
          https://127.0.0.01/
          https://0x7f.0.0.1/
          https://1.1.1.1.1/
          https://256.1.1.1/
          https://[::1%25eth0]/
          https://[::1
          https://[127.0.0.1]/
          https:// acme.com/
          https://acme.com:0/
          https://acme.com:65536/
          https://acme.com:/
          https://-acme.com/
          https://acme..com/
          https:///x
          https://?acme.com
          https://acme.com/a/../b
          https://acme.com/%2e%2e/
          ' https://acme.com/'
          """)
  void decide_urlWithMoreThanOneReading_throws(String url) {
    assertThrows(() -> decide("http.get", argument('"' + url + '"')), ErrorCode.AMBIGUOUS_URL);
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil-acme.com/",
    "https://evilacme.com/",
    "https://acme.com.evil.com/",
    "https://evil.com/acme.com",
    "https://evil.com/?x=.acme.com",
    "https://evil.com/#.acme.com",
    "https://acme.comx/",
    "https://acme.co/",
    "https://acme-com/"
  })
  void decide_hostThatOnlyResemblesTheAllowListed_isOutOfScope(String url) {
    assertDenied(
        decide("http.get where url host in acme.com, *.acme.com", argument('"' + url + '"')),
        DenialCode.OUT_OF_SCOPE);
  }

  @ParameterizedTest
  @CsvSource({
    "https://acme.com/",
    "https://ACME.com/x",
    "https://api.acme.com/?q=1",
    "https://a.b.acme.com"
  })
  void decide_hostThatIsAllowListed_isAllowed(String url) {
    assertAllowed(
        decide("http.get where url host in acme.com, *.acme.com", argument('"' + url + '"')));
  }

  @Test
  void decide_suffixOfHosts_doesNotCoverTheDomainItself() {
    assertDenied(
        decide("http.get where url host in *.acme.com", argument("\"https://acme.com/\"")),
        DenialCode.OUT_OF_SCOPE);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/",
    "http://a.localhost/",
    "http://127.0.0.1/",
    "http://127.255.255.254/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:1::80ff:fffe]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://[ff02::1]/",
    "http://metadata.google.internal/",
    "http://printer.local/",
    "http://intranet/",
    "file:///etc/passwd",
    "file://localhost/etc/passwd"
  })
  void decide_hostThatIsNotPublic_isOutOfScope(String url) {
    assertDenied(
        decide("http.get where url host class in public", argument('"' + url + '"')),
        DenialCode.OUT_OF_SCOPE);
  }

  @ParameterizedTest
  @CsvSource({
    "http://[::ffff:127.0.0.1]/, loopback",
    "http://[::ffff:10.0.0.1]/, private",
    "http://[::ffff:8.8.8.8]/, reserved",
    "http://[64:ff9b::7f00:1]/, loopback",
    "http://[64:ff9b::a9fe:a9fe]/, link-local",
    "http://[64:ff9b::8.8.8.8]/, reserved",
    "http://[2002:7f00:1::]/, loopback",
    "http://[2001:0:1::80ff:fffe]/, loopback"
  })
  void decide_addressWithAnotherInside_hasTheClassOfTheInnerAndIsNeverPublic(
      String url, String hostClass) {
    assertAllowed(
        decide("http.get where url host class in " + hostClass, argument('"' + url + '"')));
  }

  @ParameterizedTest
  @CsvSource({"http://8.8.8.8/", "http://[2606:4700::1111]/", "http://acme.com/"})
  void decide_hostThatIsPublic_isAllowed(String url) {
    assertAllowed(decide("http.get where url host class in public", argument('"' + url + '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "acme.com"
          "//acme.com/"
          "https:acme.com"
          "https:/acme.com"
          "mailto:x@acme.com"
          ["https://acme.com/"]
          {"href": "https://acme.com/"}
          null
          5
          """)
  void decide_valueThatIsNoUrl_neverFitsAHostConstraint(String json) {
    for (String grant :
        new String[] {
          "http.get where url host in acme.com", "http.get where url host class in public"
        }) {
      Denial denial = Denial.of(() -> decide(grant, argument(json)));
      denial.assertOneOf(
          DenialCode.OUT_OF_SCOPE, ErrorCode.AMBIGUOUS_URL, ErrorCode.AMBIGUOUS_PATH);
    }
  }

  @Test
  void decide_schemeInMixedCase_isReadInLowerCase() {
    String grant = "http.get where url scheme in https";

    assertAllowed(decide(grant, argument("\"HTTPS://acme.com/\"")));
    assertDenied(decide(grant, argument("\"hTTp://acme.com/\"")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, argument("\"httpsx://acme.com/\"")), DenialCode.OUT_OF_SCOPE);
    assertDenied(decide(grant, argument("\"javascript://acme.com/\"")), DenialCode.OUT_OF_SCOPE);
  }

  @Test
  void decide_handWrittenPrefixWithoutABoundary_isTakenForItsText() {
    UnverifiedToken token =
        ForgedChain.of(granted("*"))
            .then(
                "holder(\"agent:researcher\"); check if tool($t), $t.starts_with(\"crm\");",
                story.plannerKey,
                story.researcher.key())
            .held();

    CallDecision decision =
        present(story, token, story.researcherKey, ToolCall.parse(tool("jira.read")));

    assertDenied(decision, DenialCode.CHECK_FAILED);
    assertAllowed(present(story, token, story.researcherKey, ToolCall.parse(tool("crmx.read"))));
  }

  /** A refusal as a value or as an exception, for inputs of which either is right. */
  private record Denial(Object code) {
    static Denial of(Supplier<CallDecision> decide) {
      try {
        Object code = codeOf(decide.get());
        return new Denial(code == null ? "allowed" : code);
      } catch (TaperException e) {
        return new Denial(e.code());
      }
    }

    void assertOneOf(Object... codes) {
      assertThat(code).isIn(codes);
    }
  }
}
