package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Approvals by themselves: what is signed, and what is no approval at all. */
final class ApprovalCases {
  private final Cases cases =
      new Cases(
          "approvals",
          "Approvals (docs/profile.md, section 12), as text: who signed what, and the names of them"
              + " in records and of their uses. message is what the signature covers.");

  private final Said said = Said.of(ActivationCases.ifBoss(), CALL);
  private final Said patterns = said.calls(3, "crm.read", "jira.*");

  private ApprovalCases() {}

  static JsonNode file() {
    ApprovalCases all = new ApprovalCases();
    all.addGood();
    all.addForged();
    all.addBytes();
    all.addStatements();
    all.addPatterns();
    return all.cases.file();
  }

  private void good(String name, PrivateKey approver, Said what) {
    String json = what.json();
    String id = json.replaceFirst(".*\"id\":\"([0-9a-f]{32})\".*", "$1");
    String known = approver.publicKey() + " " + id;
    byte[] claim = Messages.sha256(known.getBytes(StandardCharsets.US_ASCII));
    cases.add(
        name,
        null,
        "text",
        what.by(approver),
        "message",
        Messages.approval(approver.publicKey(), json.getBytes(StandardCharsets.UTF_8)),
        "expect",
        Cases.ok(
            Json.object(
                "approver",
                approver.publicKey(),
                "statement",
                json,
                "name",
                known,
                "claim",
                claim)));
  }

  private void addGood() {
    good("by an Ed25519 key", Cast.AUDITOR, said);
    good("by a P-256 key", Cast.BOSS, said);
    good("for one call", Cast.AUDITOR, said.times(1));
    good("for 10,000 calls", Cast.AUDITOR, said.times(10_000));
    good("at two services", Cast.AUDITOR, said.at("svc:jira", "svc:wiki"));
    good("at a service beyond ASCII", Cast.AUDITOR, said.at("svc:\u00fc"));
    good("with a reason", Cast.AUDITOR, said.with("reason", "\"fine\", \u4f60"));
    good(
        "from 1970 to the year 9999",
        Cast.AUDITOR,
        said.with("from", 0).with("until", 253_402_300_799L));
    good("of patterns", Cast.AUDITOR, patterns);
    good("of patterns, onward", Cast.AUDITOR, patterns.with("onward", true));
    Map<String, Object> whole =
        Map.of(
            "tools",
            List.of("jira.close"),
            "operations",
            List.of("read", "write"),
            "resources",
            List.of("jira:*", "jira:project/ACME", "jira:project/ACME/*"));
    good(
        "of patterns with all parts",
        Cast.AUDITOR,
        patterns.with("calls", List.of(whole, Map.of("tools", List.of("a")))));
    good("of patterns for an hour", Cast.AUDITOR, patterns.between(0, 3600));
  }

  private void wrong(String name, String text, String code) {
    String attack = code.equals("invalid_signature") ? "approval_forged" : null;
    cases.add(name, attack, "text", text, "expect", Cases.code(code));
  }

  private void addForged() {
    byte[] bytes = Said.bytes(Cast.AUDITOR, said.json());
    byte[] named = bytes.clone();
    System.arraycopy(Cast.LAWYER.publicKey().bytes(), 0, named, 2, 32);
    wrong("under another key's name", Messages.base64(named), "invalid_signature");
    byte[] changed = bytes.clone();
    changed[bytes.length - 2] ^= 1; // the last digit of the end
    wrong("another end under the same signature", Messages.base64(changed), "invalid_signature");
    byte[] other = bytes.clone();
    other[40] ^= 1;
    wrong("another signature", Messages.base64(other), "invalid_signature");
    byte[] notSigned = bytes.clone();
    Arrays.fill(notSigned, 35, 99, (byte) 0);
    wrong("zeros for a signature", Messages.base64(notSigned), "invalid_signature");
    byte[] proof = Cast.AUDITOR.sign(Messages.join("proof".getBytes(StandardCharsets.US_ASCII)));
    byte[] moved = bytes.clone();
    System.arraycopy(proof, 0, moved, 35, 64);
    wrong("a signature of something else", Messages.base64(moved), "invalid_signature");
  }

  private void malformed(String name, String text) {
    wrong(name, text, "malformed_approval");
  }

  private void addBytes() {
    byte[] bytes = Said.bytes(Cast.AUDITOR, said.json());
    String good = Messages.base64(bytes);
    malformed("nothing", "");
    malformed("padding", good + "=");
    malformed("space at the end", good + " ");
    malformed("a line feed", good.substring(0, 40) + "\n" + good.substring(40));
    malformed("version 0", Messages.base64(with(bytes, 0, 0)));
    malformed("version 2", Messages.base64(with(bytes, 0, 2)));
    malformed("algorithm 2", Messages.base64(with(bytes, 1, 2)));
    malformed("a key of another length", Messages.base64(with(bytes, 1, 1)));
    byte[] weak = bytes.clone();
    Arrays.fill(weak, 2, 34, (byte) 0);
    malformed("a key of small order", Messages.base64(weak));
    malformed("signature of 63 bytes", Messages.base64(with(bytes, 34, 63)));
    malformed("signature that is longer than all", Messages.base64(with(bytes, 34, 255)));
    for (int length : new int[] {1, 2, 33, 34, 35, 98, 99}) {
      malformed(length + " bytes", Messages.base64(Arrays.copyOf(bytes, length)));
    }
    malformed("one byte less", Messages.base64(Arrays.copyOf(bytes, bytes.length - 1)));
    malformed("one byte more", Messages.base64(Arrays.copyOf(bytes, bytes.length + 1)));
    malformed("not UTF-8", Messages.base64(with(bytes, bytes.length - 20, 0xff)));
    malformed("a byte order mark", signed("\ufeff" + said.json()));
    List<String> services = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      services.add("svc:" + i + "x".repeat(1000));
    }
    malformed("4,097 bytes and more", said.at(services.toArray(new String[0])).by(Cast.AUDITOR));
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    other[at] = (byte) value;
    return other;
  }

  private static String signed(String statement) {
    return Messages.base64(Said.bytes(Cast.AUDITOR, statement));
  }

  private void statements(Map<String, Said> all) {
    all.forEach((name, what) -> malformed(name, what.by(Cast.AUDITOR)));
  }

  private void addStatements() {
    String json = said.json();
    malformed("a statement that is an array", signed("[]"));
    malformed("a statement that is no JSON", signed("x"));
    malformed("something behind the statement", signed(json + "{}"));
    malformed("white space", signed(json.replace(",", ", ")));
    malformed("members in another order", signed(moved(json)));
    malformed("a member twice", signed(json.replaceFirst("\\{", "{\"id\":\"x\",")));
    malformed("an escape that is not needed", signed(json.replace("svc", "\\u0073vc")));
    malformed("a number in another spelling", signed(json.replaceFirst("(\"from\":\\d+)", "$1.0")));
    Map<String, Said> all = new LinkedHashMap<>();
    for (String member : List.of("id", "state", "audiences", "meaning", "from", "until")) {
      all.put("no " + member, said.without(member));
    }
    all.put("another member", said.with("tool", "jira.delete"));
    all.put("id of 15 bytes", said.with("id", "00".repeat(15)));
    all.put("id in capital letters", said.with("id", "AB".repeat(16)));
    all.put("state of 31 bytes", said.with("state", "00".repeat(31)));
    all.put("meaning that is null", said.with("meaning", "null"));
    all.put("no audience", said.at());
    all.put("audience that is a text", said.with("audiences", "svc:jira"));
    all.put("audience that is no label", said.at(" svc:jira"));
    all.put("audience twice", said.at("svc:jira", "svc:jira"));
    all.put("audiences in another order", said.at("svc:wiki", "svc:jira"));
    all.put("counted at two services", said.at("svc:jira", "svc:wiki").times(1));
    all.put("no use", said.times(0));
    all.put("10,001 uses", said.times(10_001));
    all.put("uses that are a text", said.with("uses", "1"));
    all.put("an end before the beginning", said.between(900, 0));
    all.put("an end at the beginning", said.between(0, 0));
    all.put("a beginning before 1970", said.with("from", -1));
    all.put("an end in the year 10000", said.with("until", 253_402_300_800L));
    all.put("reason of two lines", said.with("reason", "two\nlines"));
    all.put("reason of nothing", said.with("reason", ""));
    all.put("one call, onward", said.with("onward", true));
    all.put("onward that is false", patterns.with("onward", false));
    all.put("a call and patterns", patterns.with("meaning", "00".repeat(32)));
    statements(all);
  }

  /** The first member moved to the end. */
  private static String moved(String json) {
    int end = json.indexOf("],") + 2;
    return "{" + json.substring(end, json.length() - 1) + "," + json.substring(1, end - 1) + "}";
  }

  private void addPatterns() {
    Map<String, Said> all = new LinkedHashMap<>();
    all.put("patterns without a count", patterns.without("uses"));
    all.put("patterns for more than an hour", patterns.between(0, 3601));
    all.put("no pattern", patterns.with("calls", List.of()));
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      many.add(Map.of("tools", List.of("a")));
    }
    all.put("17 patterns", patterns.with("calls", many));
    Map<String, Map<String, Object>> bad = new LinkedHashMap<>();
    bad.put("without tools", Map.of("operations", List.of("read")));
    bad.put("of no tool", Map.of("tools", List.of()));
    bad.put("of any tool", Map.of("tools", List.of("*")));
    bad.put("of a tool that is no name", Map.of("tools", List.of("jira..x")));
    bad.put("of tools in another order", Map.of("tools", List.of("b", "a")));
    bad.put("of a tool twice", Map.of("tools", List.of("a", "a")));
    bad.put("of no operation", Map.of("tools", List.of("a"), "operations", List.of()));
    bad.put(
        "of a prefix of operations", Map.of("tools", List.of("a"), "operations", List.of("x.*")));
    bad.put(
        "of resources without a boundary",
        Map.of("tools", List.of("a"), "resources", List.of("jira:project*")));
    bad.put(
        "of a resource that is a prefix without its star",
        Map.of("tools", List.of("a"), "resources", List.of("jira:project/")));
    bad.put(
        "of an ambiguous resource",
        Map.of("tools", List.of("a"), "resources", List.of("jira:project/../x")));
    bad.put("with arguments", Map.of("tools", List.of("a"), "args", List.of("x")));
    bad.forEach((name, one) -> all.put("a pattern " + name, patterns.with("calls", List.of(one))));
    all.put("a pattern that is a text", patterns.with("calls", List.of("jira.*")));
    statements(all);
  }
}
