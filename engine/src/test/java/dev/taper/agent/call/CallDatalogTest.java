package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.Fact;
import dev.taper.datalog.parser.Datalog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Datalog makes of a request's facts. */
class CallDatalogTest {
  private static final String SUFFIX =
      "arg_url(\"u\", $s, $h, $p, $q), $h === \"acme.com\" || $h.ends_with(\".acme.com\")";
  private static final String ROOT =
      "arg_path(\"p\", $v), $v === \"/data\" || $v.starts_with(\"/data/\")";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = ';',
      textBlock =
          """
          # argument; its JSON; condition; whether it holds
          u; "https://acme.com/"; SUFFIX; true
          u; "https://api.acme.com/"; SUFFIX; true
          u; "HTTPS://API.ACME.COM:443/"; SUFFIX; true
          u; "https://evil-acme.com/"; SUFFIX; false
          u; "https://acme.com.evil.org/"; SUFFIX; false
          u; "https://evil.org/?u=https://acme.com/"; SUFFIX; false
          u; "https://evil.org/#.acme.com"; SUFFIX; false
          u; "acme.com"; SUFFIX; false
          u; ["https://acme.com/"]; SUFFIX; false
          v; "https://acme.com/"; SUFFIX; false
          u; "http://169.254.169.254/"; arg_host_class("u", "public"); false
          u; "http://[::ffff:169.254.169.254]/"; arg_host_class("u", "public"); false
          u; "http://[64:ff9b::8.8.8.8]/"; arg_host_class("u", "public"); false
          u; "http://localhost/"; arg_host_class("u", "public"); false
          u; "http://8.8.8.8/"; arg_host_class("u", "public"); true
          p; "/data"; ROOT; true
          p; "/data/x"; ROOT; true
          p; "/database"; ROOT; false
          p; "data/x"; ROOT; false
          p; "../data/x"; ROOT; false
          p; ["/data/x"]; ROOT; false
          n; 50; arg("n", 50); true
          n; 50.0; arg("n", 50); true
          n; "50"; arg("n", 50); false
          n; [50]; arg("n", 50); false
          n; 50; arg("n", $v), $v.type() === "integer" && $v <= 50; true
          n; 51; arg("n", $v), $v.type() === "integer" && $v <= 50; false
          n; "5"; arg("n", $v), $v.type() === "integer" && $v <= 50; false
          n; 50; arg("n", $v), $v.type() === "integer" && $v < 50; false
          n; 1.5; arg_decimal("n", $v), $v <= 1500000; true
          n; 1.500001; arg_decimal("n", $v), $v <= 1500000; false
          n; 1; arg_decimal("n", $v), $v <= 1500000; true
          n; "1"; arg_decimal("n", $v), $v <= 1500000; false
          n; 1.5; arg("n", $v); false
          n; null; arg("n", null); true
          n; 1; arg_names($n), {"n", "m"}.contains($n); true
          o; 1; arg_names($n), {"n", "m"}.contains($n); false
          n; 1; operation($o); false
          n; 1; resource($r); false
          """)
  void facts_underACheck_decideAsMeant(
      String name, String json, String condition, boolean expected) {
    String body = condition.replace("SUFFIX", SUFFIX).replace("ROOT", ROOT);
    PolicySet policies = PolicySet.of(Datalog.authorizer("check if " + body + "; allow if true;"));
    CallFacts facts = ToolCall.of("t").argJson(name, json).facts();

    boolean allowed = policies.authorizer().facts(facts.list()).run().decide().allowed();

    assertThat(allowed).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "crm.contacts.read, crm:x/y, true",
    "crm.read, crm:x/y, true",
    "crmx.read, crm:x/y, false",
    "crm, crm:x/y, false",
    "Crm.read, crm:x/y, false",
    "crm.read, crm:x, false",
    "crm.read, crm:xy/z, false",
    "crm.read, crm:x/, true"
  })
  void facts_underPrefixes_stopAtBoundaries(String tool, String resource, boolean expected) {
    PolicySet policies =
        PolicySet.of(
            Datalog.authorizer(
                """
                check if tool($t), $t.starts_with("crm.");
                check if resource($r), $r.starts_with("crm:x/");
                allow if true;
                """));
    CallFacts facts = ToolCall.of(tool).on(resource).facts();
    assertThat(policies.authorizer().facts(facts.list()).run().decide().allowed())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void facts_asText_parseBack(int row) {
    ToolCall call =
        new ToolCall[] {
              ToolCall.of("t"),
              ToolCall.of("t").operation("o").on("a:b/\u00e9").arg("q\"\\", "a\"\\\n\t\u0001"),
              ToolCall.of("t")
                  .argJson("m", "{\"a\":[1,null,true,{\"b\":\"\\u20ac\"}],\"c\":{},\"d\":[]}")
                  .arg("u", "https://[2001:db8::1]:8443/a%20b")
            }
            [row];
    for (Fact fact : call.facts().list()) {
      assertThat(Datalog.fact(fact.toString())).isEqualTo(fact);
    }
  }
}
