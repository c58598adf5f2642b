package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls at the edges of what a grant covers. */
final class ScopeCases {
  private final Cases cases =
      new Cases(
          "decisions",
          "Calls at the edges of grants (docs/profile.md, section 9): just covered, or just not.");

  private ScopeCases() {}

  static JsonNode file() {
    ScopeCases all = new ScopeCases();
    all.addPrefixes();
    all.addArguments();
    all.addHosts();
    return all.cases.file();
  }

  private void scope(
      String name, @Nullable String attack, String grants, String request, boolean ok) {
    new Decision(name + ": " + grants, attack)
        .call(
            Story.granted(grants),
            Cast.PLANNER,
            request,
            ok ? allowed() : denied("out_of_scope", 0, DecisionCases.PLANNER))
        .addTo(cases);
  }

  private void addPrefixes() {
    String attack = "prefix_confusion";
    for (String tool : List.of("crmx.read", "crm", "crm-x.read", "CRM.read", "x.crm.read")) {
      scope("tool " + tool, attack, "crm.*", "{\"tool\":\"" + tool + "\"}", false);
    }
    scope("tool crm.read", null, "crm.*", "{\"tool\":\"crm.read\"}", true);
    scope("tool crm.a.b", null, "ping, crm.*", "{\"tool\":\"crm.a.b\"}", true);
    scope("tool ping", null, "ping, crm.*", "{\"tool\":\"ping\"}", true);
    scope("any tool", null, "*", "{\"tool\":\"x\"}", true);
    String grant = "files.get on jira:project/ACME/*";
    for (String resource :
        List.of("jira:project/ACME2/1", "jira:project/ACME", "jira:project/acme/1")) {
      scope(
          "resource " + resource,
          attack,
          grant,
          "{\"tool\":\"files.get\",\"resource\":\"" + resource + "\"}",
          false);
    }
    scope(
        "resource below",
        null,
        grant,
        "{\"tool\":\"files.get\",\"resource\":\"jira:project/ACME/1\"}",
        true);
    for (String missing : List.of("t read", "t on x:*", "t where n = 1", "t where n != 1")) {
      scope("a part left out", "argument_confusion", missing, "{\"tool\":\"t\"}", false);
    }
    String two = "crm.read on a/* or crm.write on b/*";
    scope(
        "parts of two grants", attack, two, "{\"tool\":\"crm.read\",\"resource\":\"b/1\"}", false);
    scope("the second grant", null, two, "{\"tool\":\"crm.write\",\"resource\":\"b/1\"}", true);
  }

  private void addArguments() {
    String[][] edges = {
      {"n <= 50", "50", "yes"},
      {"n <= 50", "50.0", "yes"},
      {"n <= 50", "51", "no"},
      {"n <= 50", "50.5", "no"},
      {"n < 50", "50", "no"},
      {"n >= 50", "49", "no"},
      {"n > 50", "51", "yes"},
      {"n <= 1.50", "1.5", "yes"},
      {"n <= 1.50", "1.500001", "no"},
      {"n < 1.50", "1", "yes"},
      {"n <= 50", "\"50\"", "no"},
      {"n <= 50", "[50]", "no"},
      {"n <= 50", "null", "no"},
      {"n = 50", "50", "yes"},
      {"n = 50", "\"50\"", "no"},
      {"n = true", "true", "yes"},
      {"n = true", "1", "no"},
      {"n in a, b", "\"a\"", "yes"},
      {"n in a, b", "\"A\"", "no"},
      {"n in a, b", "[\"a\"]", "no"},
      {"n != a", "\"a\"", "no"},
      {"n != a", "\"b\"", "yes"},
      {"n starts with ab", "\"abc\"", "yes"},
      {"n starts with ab", "[\"abc\"]", "no"},
      {"n matches \"a|b\"", "\"a\"", "yes"},
      {"n matches \"a|b\"", "\"ax\"", "no"},
      {"n matches \"[a-z]+\"", "\"abc\\n\"", "no"},
      {"n length <= 2", "\"ab\"", "yes"},
      {"n length <= 2", "\"a\u20ac\"", "no"},
      {"n length <= 2", "[1,2,3]", "no"},
      {"n length <= 2", "1", "no"},
      {"n each in a, b", "[\"a\",\"b\"]", "yes"},
      {"n each in a, b", "[]", "yes"},
      {"n each in a, b", "[\"a\",\"c\"]", "no"},
      {"n each in a, b", "\"a\"", "no"},
      {"n each starts with ab", "[\"ab\",\"abc\"]", "yes"},
      {"n each starts with ab", "[]", "yes"},
      {"n each starts with ab", "[\"abc\",\"xab\"]", "no"},
      {"n each starts with ab", "[\"abc\",5]", "no"},
      {"n each starts with ab", "[\"abc\",1.5]", "no"},
      {"n each starts with ab", "[[\"abc\"]]", "no"},
      {"n each starts with ab", "{\"ab\":\"ab\"}", "no"},
      {"n each starts with ab", "\"ab\"", "no"},
      {"n each ends with .md", "[\"a.md\"]", "yes"},
      {"n each ends with .md", "[\"a.md\",\"a.md.exe\"]", "no"},
      {"n each matches \"a|b\"", "[\"a\",\"b\"]", "yes"},
      {"n each matches \"a|b\"", "[\"a\",\"bx\"]", "no"},
      {"n each matches \"a|b\"", "\"a\"", "no"},
      {"n each host in a.b, *.a.b", "[]", "yes"},
      {"n each host in a.b, *.a.b", "[\"https://a.b/\",\"http://C.a.B\"]", "yes"},
      {"n each host in a.b", "[\"https://a.b/\",\"https://a.b/\"]", "yes"},
      {"n each host in a.b", "[\"https://a.b/\",\"https://c.d/\"]", "no"},
      {"n each host in a.b", "[\"https://a.b/\",\"a.b\"]", "no"},
      {"n each host in a.b", "[\"https://a.b/\",null]", "no"},
      {"n each host in a.b", "[[\"https://a.b/\"]]", "no"},
      {"n each host in a.b", "\"https://a.b/\"", "no"},
      {"n <= 50 and only n", "50", "yes"},
      {"n <= 50 and only n", "50,\"m\":1", "no"},
      {"no arguments", "50", "no"},
      {"n under /data", "\"/data\"", "yes"},
      {"n under /data", "\"/data/x\"", "yes"},
      {"n under /data", "\"/database\"", "no"},
      {"n under /data", "\"data/x\"", "no"},
      {"n under /data", "[\"/data/x\"]", "no"}
    };
    for (String[] edge : edges) {
      boolean fits = edge[2].equals("yes");
      scope(
          edge[1] + " for",
          fits ? null : "argument_confusion",
          "t where " + edge[0],
          "{\"tool\":\"t\",\"args\":{\"n\":" + edge[1] + "}}",
          fits);
    }
  }

  private void addHosts() {
    String[][] hosts = {
      {"host in acme.com, *.acme.com", "https://acme.com/", "yes"},
      {"host in acme.com, *.acme.com", "https://a.b.ACME.com/x", "yes"},
      {"host in *.acme.com", "https://acme.com/", "no"},
      {"host in acme.com", "https://evil.com/acme.com", "no"},
      {"host in acme.com", "https://acme.com.evil.com/", "no"},
      {"host in *.acme.com", "https://evilacme.com/", "no"},
      {"host in acme.com", "acme.com", "no"},
      {"scheme in https", "HTTPS://acme.com/", "yes"},
      {"scheme in https", "http://acme.com/", "no"},
      {"host class in public", "https://8.8.8.8/", "yes"},
      {"host class in public", "http://[::ffff:8.8.8.8]/", "no"},
      {"host class in public", "http://[64:ff9b::a9fe:a9fe]/", "no"},
      {"host class in public", "http://localhost/", "no"},
      {"host class in public", "http://metadata.google.internal/", "no"},
      {"host class in link-local", "http://169.254.169.254/", "yes"},
      {"host class in public, private", "http://10.0.0.1/", "yes"},
      {"port in 443", "https://acme.com/", "yes"},
      {"port in 443", "http://acme.com:443/", "yes"},
      {"port in 443", "http://acme.com/", "no"},
      {"port in 443", "jira://acme.com/", "no"},
      {"port in 22, 80", "http://acme.com/", "yes"},
      {"port in 22, 80", "https://acme.com/", "no"},
      {"port in 1-65535", "http://acme.com:1/", "yes"},
      {"port in 1-65535", "http://acme.com:65535/", "yes"},
      {"port in 1-65535", "jira://acme.com/", "no"},
      {"port in 8000-8999", "http://acme.com:8999/", "yes"},
      {"port in 8000-8999", "http://acme.com:9000/", "no"},
      {"ip in 0.0.0.0/0", "http://255.255.255.255/", "yes"},
      {"ip in 0.0.0.0/0", "http://[::1]/", "no"},
      {"ip in 0.0.0.0/0", "http://acme.com/", "no"},
      {"ip in ::/0", "http://[ffff::1]/", "yes"},
      {"ip in ::/0", "http://[::ffff:1.2.3.4]/", "no"},
      {"ip in 10.0.0.0/8", "http://10.255.255.255/", "yes"},
      {"ip in 10.0.0.0/8", "http://[::ffff:10.0.0.1]/", "yes"},
      {"ip in 10.0.0.0/8", "http://[64:ff9b::10.0.0.1]/", "no"},
      {"ip in 10.0.0.0/8", "http://11.0.0.0/", "no"},
      {"ip in 192.0.2.4/31, 2001:db8::1/128", "http://192.0.2.5/", "yes"},
      {"ip in 192.0.2.4/31, 2001:db8::1/128", "http://192.0.2.6/", "no"},
      {"ip in 192.0.2.4/31, 2001:db8::1/128", "http://[2001:db8::1]/", "yes"},
      {"ip in 192.0.2.4/31, 2001:db8::1/128", "http://[2001:db8::2]/", "no"}
    };
    for (String[] host : hosts) {
      boolean fits = host[2].equals("yes");
      boolean disguised = host[0].startsWith("host class") || host[0].startsWith("ip");
      String attack = disguised ? "host_disguise" : "prefix_confusion";
      scope(
          host[1] + " for",
          fits ? null : attack,
          "t where u " + host[0],
          "{\"tool\":\"t\",\"args\":{\"u\":\"" + host[1] + "\"}}",
          fits);
    }
  }
}
