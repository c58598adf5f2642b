package dev.taper.assurance;

import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.Pem;
import dev.taper.policies.Policies;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Text that people write, and keys. */
final class TextSeeds {
  private TextSeeds() {}

  static void write(Seeds seeds) throws IOException {
    datalog(seeds);
    grants(seeds);
    budgets(seeds);
    calls(seeds);
    policies(seeds);
    keys(seeds);
    names(seeds);
    ConfigSeeds.write(seeds);
  }

  private static void datalog(Seeds seeds) throws IOException {
    String block =
        """
        // facts of every type
        user(-9223372036854775808); text("a\\"\\\\\\n é"); when(2030-01-01T00:00:00Z);
        bytes(hex:00ff); yes(true); none(null); set({1, 2}); list([1, [2]]); map({"a": 1, 2: {,}});
        right($r, $o) <- owner($u, $r), operation($o), $u == "a" || $u.starts_with("b") trusting authority;
        check if time($t), $t <= 2030-01-01T00:00:00Z || !($t > 2029-01-01T00:00:00+01:00);
        check all $x in_no_language($x) ;
        """;
    seeds.add(Harness.DATALOG_BLOCK, "wrong-end", block);
    seeds.add(Harness.DATALOG_BLOCK, "types", block.substring(0, block.indexOf("check all")));
    seeds.add(
        Harness.DATALOG_BLOCK,
        "operators",
        """
        check if a($x), b($y), 1 + 2 * $x - 3 / 4 & 5 | 6 ^ 7 >= $y.length(), $x === $y, $x !== 1;
        check if a($x), $x.matches("^a+$") && $x.contains("b") || $x.ends_with("c") &&& true ||| false;
        check all a($s), $s.all($e -> $e > 1 && $s.any($f -> $f == $e)), $s.type() == "set";
        reject if a($m), $m.get("k") != null, $m.try_or(1) == 2, $m.intersection({1}).union({2}).length() == 0;
        check if a($x), $x.extern::f(1), $x.extern::g();
        """);
    seeds.add(
        Harness.DATALOG_BLOCK,
        "scopes",
        "trusting authority, previous, "
            + Keys.ROOT.publicKey()
            + ", "
            + Keys.RESEARCHER.publicKey()
            + ";\n"
            + "check if a(1) trusting previous or b(2) trusting "
            + Keys.APPROVER.publicKey()
            + ";\n");
    seeds.add(Harness.DATALOG_BLOCK, "parameter", "user({user});");
    seeds.add(
        Harness.DATALOG_AUTHORIZER,
        "policies",
        "resource(\"notes\"); allow if resource($r), right($r, $o), operation($o); deny if true;");
    seeds.add(Harness.DATALOG_AUTHORIZER, "library", Policies.source("spend-limit"));
    seeds.add(Harness.DATALOG_AUTHORIZER, "unbound", "allow if $x > 1;");
    seeds.add(Harness.REGEX, "classes", "^(?i)[a-z\\p{L}\\d]{2,3}(?:x|y)*?\\b\\x{1F600}.$");
    seeds.add(Harness.REGEX, "nested", "((a*)+b{0,1000})?|[^\\n]");
    seeds.add(Harness.REGEX, "open", "(a");
  }

  private static void grants(Seeds seeds) throws IOException {
    String[] grants = {
      "jira.* list, read on jira:project/ACME/*",
      "jira.search read or crm.contacts.read on crm:contact/4711, crm:contact/4712",
      "http.get where url scheme in https and url host class in public and url host in *.acme.com",
      "pay.now where amount > 0.0 and amount <= 1500.5 and currency in CHF, \"EUR\"",
      "db.query where limit >= 1 and dry_run = true and state not in closed, null and only limit",
      "files.read where file under /data/reports and labels length <= 3 and labels each in bug",
      "mail.send where to matches \"[a-z.]+@acme\\\\.com\" and branch starts with feature/",
      "* read if justified within 15m",
      "db.drop if approved by 1 of " + Keys.APPROVER.publicKey() + ", " + Keys.ROOT.publicKey(),
      "jira.search where",
      "http.batch where urls each host in *.acme.com, a.b and urls each starts with https:// and f"
          + " each ends with .md and t each matches \"[a-z]+\"",
      "http.get where url ip in 10.0.0.0/8, 2001:db8::/32 and url port in 443, 8443 and u port in"
          + " 1-1023",
    };
    for (int i = 0; i < grants.length; i++) {
      seeds.add(Harness.GRANT, "grant-" + i, grants[i]);
    }
  }

  private static void budgets(Seeds seeds) throws IOException {
    String[] budgets = {
      "at most 100 calls",
      "at most 1 call from acme as trip",
      "at most 500 EUR of amount for pay.* in 24h from acme as trip",
      "at most 0.000001 \"a b\" of \"the amount\" for * in 1s",
      "at most 9223372036854775807 calls for jira.*, mail.send in 366d from \"a store\" as \"x y\"",
      "at most 9223372036854.775807 EUR of calls",
      "at most 5 \"calls\" of amount as \"for\"",
      "at most -1 calls",
      "at most 1 calls in soon",
    };
    for (int i = 0; i < budgets.length; i++) {
      seeds.add(Harness.BUDGET, "budget-" + i, budgets[i]);
    }
  }

  private static void calls(Seeds seeds) throws IOException {
    seeds.add(
        Harness.TOOL_CALL,
        "all",
        """
        {"tool": "jira.search", "operation": "read", "resource": "jira:project/ACME/Q3/12",
         "args": {"limit": 50, "amount": 10.25, "big": 1e3, "deep": [1, {"a": [null, true]}], "é": "\\u00e9\\ud83d\\ude00",
                  "url": "https://api.acme.com:8443/v1/x?y=1", "path": "/srv/data/a.txt", "note": ""}}
        """);
    seeds.add(Harness.TOOL_CALL, "least", "{\"tool\":\"t\"}");
    seeds.add(Harness.TOOL_CALL, "twice", "{\"tool\":\"t\",\"tool\":\"u\"}");
    String[] names = {
      "https://api.acme.com/v1/x?y=1#z",
      "https://[2001:db8::1]:8443/",
      "http://127.0.0.1/",
      "https://xn--bcher-kva.example/",
      "/srv/data/a.txt",
      "jira:project/ACME/Q3/12",
      "file:///etc/passwd",
      "C:\\Users\\a",
      "https://a@b.example/",
      "../../etc/passwd",
    };
    for (int i = 0; i < names.length; i++) {
      seeds.add(Harness.RESOURCE, "name-" + i, names[i]);
    }
  }

  private static void policies(Seeds seeds) throws IOException {
    seeds.add(Harness.POLICY_FORMAT, "library", Policies.source("mcp-server"));
    seeds.add(
        Harness.POLICY_FORMAT,
        "comments",
        "// head\n\nallow if   a(1) , b( $x ),$x>1; // tail\n/* between */ check if c(1)or d(2);\n");
    seeds.add(Harness.POLICY_FORMAT, "wrong", "allow if;");
    seeds.add(
        Harness.POLICY_CASES,
        "cases",
        """
        facts: |
          allowed_tool("jira.get");
        time: 2030-01-01T12:00:00Z
        cases:
          - name: a read is allowed
            request: &call {tool: jira.get, operation: read}
            expect: allow
          - name: with a token
            request: *call
            token:
              delegator: user:alice@acme.com
              task: T-1
              hops:
                - holder: agent:planner
                  grants: ["jira.* read"]
                  expires: 1h
            expect: deny
            code: out_of_scope
        """);
    seeds.add(
        Harness.POLICY_CASES,
        "failing",
        """
        cases:
          - name: a wrong expectation
            request: {tool: jira.get, operation: write}
            expect: allow
          - name: a right one
            policies: [fuzz]
            request: {tool: jira.get, operation: read}
            expect: allow
        """);
    seeds.add(Harness.POLICY_CASES, "none", "cases: []\n");
    seeds.add(Harness.POLICY_CASES, "tabs", "cases:\n\t- name: x\n");
  }

  private static void keys(Seeds seeds) throws IOException {
    seeds.add(Harness.KEY_TEXT, "ed25519", Keys.ROOT.publicKey().toString());
    seeds.add(Harness.KEY_TEXT, "p256", Keys.RESEARCHER.publicKey().toString());
    seeds.add(Harness.KEY_TEXT, "secret", Keys.RESEARCHER.exposeText());
    seeds.add(Harness.KEY_TEXT, "short", "ed25519/00");
    seeds.add(Harness.PEM, "ed25519", Pem.write(Keys.ROOT.publicKey()));
    seeds.add(Harness.PEM, "p256", Pem.write(Keys.RESEARCHER.publicKey()));
    seeds.add(Harness.PEM, "secret", Pem.writeUnencrypted(Keys.ROOT));
    seeds.add(Harness.PEM, "secret-p256", Pem.writeUnencrypted(Keys.RESEARCHER));
    seeds.add(Harness.PEM, "text", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    RootKeySet set =
        RootKeySet.of(
            Keys.CLOCK,
            List.of(
                RootKey.of(1, Keys.ROOT.publicKey()),
                new RootKey(
                    Keys.RESEARCHER.publicKey(),
                    2,
                    "acme",
                    Instant.parse("2031-01-01T00:00:00Z"))));
    seeds.add(Harness.KEY_SET, "two", set.write());
    seeds.add(Harness.KEY_SET, "none", "[]");
    seeds.add(Harness.KEY_SET, "words", "{\"keys\": 1}");
  }

  private static void names(Seeds seeds) throws IOException {
    String root = "\"" + Keys.ROOT.publicKey() + "\"";
    String researcher = "\"" + Keys.RESEARCHER.publicKey() + "\"";
    String start = "{\"format\": \"taper/1 names\"";
    seeds.add(Harness.NAMES_FILE, "none", start + "}");
    seeds.add(
        Harness.NAMES_FILE,
        "all",
        start
            + ",\n  \"number\": 7, \"agents\": {\"agent:größer\": ["
            + researcher
            + "]},\n  \"approvers\": {\"user:boss@acme.com\": "
            + root
            + "}, \"groups\": {\"finance\": [\"user:boss@acme.com\"], \"nobody\": []},\n"
            + "  \"issuers\": {}}\n");
    NamesFile signed =
        NamesFile.builder().number(3).issuer("issuer:acme", Keys.ROOT.publicKey()).build();
    seeds.add(Harness.NAMES_FILE, "signed", signed.sign(Keys.ROOT));
    seeds.add(
        Harness.NAMES_FILE,
        "twice",
        start + ", \"agents\": {\"a\": " + root + "}, \"approvers\": {\"b\": " + root + "}}");
    seeds.add(Harness.NAMES_FILE, "deep", start + ", \"agents\": {\"a\": [[" + root + "]]}}");
    seeds.add(Harness.NAMES_FILE, "no-key", start + ", \"agents\": {\"a\": \"ed25519/00\"}}");
  }
}
