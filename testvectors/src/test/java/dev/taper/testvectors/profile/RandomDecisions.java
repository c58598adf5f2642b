package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.testvectors.profile.RevocationLists.Entry;
import dev.taper.testvectors.profile.RevocationLists.Listed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** A verifier, and calls that it decides in turn. */
final class RandomDecisions {
  private static final int DRAWS = 16;

  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {
       "jira.search": {"operation": "read", "resource": "jira:project/{project}", "arguments": {
         "project": {"type": "string", "required": true}, "limit": {"type": "integer"}}},
       "jira.delete": {"operation": "delete", "arguments": {"limit": {"type": "integer"}}},
       "pay.transfer": {"operation": "write", "arguments": {
         "amount": {"type": "number", "unit": "EUR"}, "currency": {"type": "string"}}}}}
      """;

  private final Luck luck;
  private final RandomChain made;
  private final RandomRequests requests;
  private final Chain chain;
  private final byte[] state;
  private final boolean cataloged;

  /** The age of a list may be counted in whole seconds, so all times are then. */
  private final boolean withLists;

  private Instant now = Cast.NOON;
  private Instant latest = Cast.NOON;

  /** Until when every verifier remembers the nonce that several proofs may have; some longer. */
  private Instant remembered = Instant.MAX;

  private final List<ObjectNode> calls = new ArrayList<>();

  private RandomDecisions(Luck luck) {
    this.luck = luck;
    this.made = new RandomChain(luck, 1, 7);
    this.requests = new RandomRequests(luck);
    this.chain = made.chain();
    this.state = Objects.requireNonNull(chain.state());
    this.cataloged = luck.percent(20);
    this.withLists = luck.percent(22);
  }

  /**
   * Decisions: in half of all cases such that the engine allows a call, if a few draws find them.
   */
  static ObjectNode next(Luck luck) {
    ObjectNode drawn = any(luck);
    if (luck.percent(50)) {
      for (int i = 1; i < DRAWS && !allowsAny(drawn); i++) {
        drawn = any(luck);
      }
    }
    return drawn;
  }

  private static boolean allowsAny(ObjectNode drawn) {
    for (JsonNode result : new Answers(Planted.NOTHING).of("decisions", drawn)) {
      if (result.path("expect").has("ok")) {
        return true;
      }
    }
    return false;
  }

  private static ObjectNode any(Luck luck) {
    RandomDecisions all = new RandomDecisions(luck);
    for (int count = luck.between(1, 6); count > 0; count--) {
      all.call();
    }
    return Json.object("verifier", all.verifier(), "calls", all.calls);
  }

  private ObjectNode verifier() {
    ObjectNode verifier =
        Json.object(
            "audience",
            cataloged || luck.percent(98) ? Cast.JIRA : "svc:wiki",
            "roots",
            roots(),
            "bearer",
            luck.percent(80),
            "sealed",
            luck.percent(80));
    if (luck.percent(25)) {
      verifier.put("policies", policies());
      if (luck.percent(30)) {
        verifier.withArray("shared").add("member");
      }
    }
    if (luck.percent(80)) {
      verifier.withArray("stores").add(RandomBlocks.STORE);
      if (luck.percent(50)) {
        verifier.withObject("issuers").put(Cast.ROOT.publicKey().toString(), "acme");
      }
    }
    if (luck.percent(60)) {
      ObjectNode directory = verifier.withObject("directory");
      made.names().forEach((name, key) -> directory.putArray(name).add(key.publicKey().toString()));
    }
    verifier.put("countsApprovals", luck.percent(80)).put("publishesApprovers", luck.percent(30));
    if (luck.percent(60)) {
      verifier.set("names", ActivationCases.names());
    }
    if (cataloged) {
      verifier.put("catalog", CATALOG);
    }
    if (withLists) {
      verifier.set(
          "revocations",
          Json.object(
              "issuers",
              List.of(Cast.REVOKER.publicKey().toString()),
              "lists",
              luck.percent(95) ? list().signed() : new byte[0]));
    }
    return verifier;
  }

  private List<ObjectNode> roots() {
    String ed = Cast.ROOT.publicKey().toString();
    String p256 = Cast.ROOT_P256.publicKey().toString();
    return luck.percent(5)
        ? List.of(Decision.root(Cast.MALLORY.publicKey().toString(), null))
        : List.of(Decision.root(ed, 0), Decision.root(p256, 1));
  }

  private String policies() {
    String boss =
        "approvers($a), {\"" + Cast.BOSS.publicKey() + "\"}.intersection($a).length() >= 1";
    return luck.of(
        "allow if tool(\"jira.search\");",
        "deny if operation(\"write\"); allow if true;",
        "deny if arg_decimal(\"amount\", $a); allow if true;",
        "deny if arg(\"note\", $a); allow if true;",
        "check if operation(\"read\"); allow if true;",
        "check if " + boss + "; allow if true;",
        "allow if tool(\"jira.search\"); allow if " + boss + ";",
        "allow if approved_by(\"finance\", $a), $a.length() >= 1; allow if operation(\"read\");",
        "member(\"jira.search\"); may($t) <- member($t), tool($t); allow if may($t);",
        "member(\"jira.search\"); allow if member($t), tool($t);",
        "allow if right(\"jira.search\", $n);",
        "allow if right($t, $n) trusting previous, " + Cast.AUDITOR.publicKey() + ";",
        "reject if operation(\"list\"); allow if true;",
        "check all arg($n, $v), tool($t); allow if true;",
        "deny if true;");
  }

  /** A list that may have to do with the chain, and may be too old. */
  private Listed list() {
    List<Entry> entries = new ArrayList<>();
    for (int i = luck.of(0, 0, 1, 2); i > 0; i--) {
      entries.add(entry());
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.fingerprint(), b.fingerprint()));
    boolean twice =
        entries.size() == 2
            && Arrays.equals(entries.get(0).fingerprint(), entries.get(1).fingerprint());
    Entry[] ascending = (twice ? entries.subList(0, 1) : entries).toArray(new Entry[0]);
    return Listed.snapshot(luck.between(1, 3), ascending)
        .times(
            luck.of(-300_000, 0, 0, 30_000, 60_000),
            luck.of(900_000, 900_000, 900_000, 61_000),
            luck.of(600, 600, 600, 600, 60, 1));
  }

  private Entry entry() {
    int until =
        luck.percent(70)
            ? RevocationLists.FOREVER
            : (int) Cast.NOON.getEpochSecond() + luck.of(-1, 0, 1, 60);
    PublicKey key = luck.of(made.holder(), Cast.PLANNER, Cast.AUDITOR, Cast.BOSS).publicKey();
    int kind = luck.of(1, 2, 3, 4, 5, 7);
    byte[] value =
        switch (kind) {
          case 1 -> chain.step(luck.below(chain.size())).block().signature();
          case 2 -> RandomText.utf8(luck.of(Cast.TASK, "T-1"));
          case 4 -> RandomText.utf8(luck.of(Cast.DELEGATOR, "user:bob"));
          case 5 -> RevocationLists.bytes(luck.of(Cast.ROOT, Cast.ROOT_P256).publicKey());
          default -> RevocationLists.bytes(key);
        };
    return new Entry(RevocationLists.fingerprint(kind, value), kind, until);
  }

  private void call() {
    now =
        now.plusMillis(
            luck.of(0, 0, 1000, 1000, 30_000, 60_000, luck.percent(30) ? 600_000 : 2000, -1000)
                + (withLists ? 0 : luck.of(0, 0, 1, 999)));
    if (!calls.isEmpty() && luck.percent(12)) {
      again();
      return;
    }
    String request = cataloged ? meant() : luck.percent(4) ? requests.any() : requests.plain();
    List<String> approvals = approvals(request);
    ObjectNode call =
        Json.object(
            "now",
            now.toEpochMilli(),
            "token",
            made.encoded(luck.percent(8)),
            "request",
            request,
            "approvals",
            approvals.isEmpty() ? null : approvals,
            "counters",
            true);
    if (luck.percent(97)) {
      call.put("proof", proof(request, approvals));
    }
    if (luck.percent(5)) {
      call.put("preview", true);
    }
    calls.add(call);
  }

  /** A call once more: as it was, with its proof for another call, or later. */
  private void again() {
    ObjectNode call = luck.of(calls).deepCopy();
    call.put("now", now.toEpochMilli());
    if (luck.percent(20)) {
      call.put("request", cataloged ? meant() : requests.plain());
    }
    calls.add(call);
  }

  private String meant() {
    return luck.percent(4)
        ? "{\"tool\":\"pay.other\",\"args\":{}}"
        : luck.of(
            "{\"tool\":\"jira.search\",\"args\":{\"project\":\""
                + (luck.percent(92) ? "ACME" : luck.of("a/b", ""))
                + "\",\"limit\":"
                + (luck.percent(90) ? luck.of("5", "50") : luck.of("0.5", "\"5\""))
                + "}}",
            "{\"tool\":\"jira.delete\",\"args\":{"
                + (luck.percent(92) ? luck.of("", "\"limit\":1") : "\"other\":1")
                + "}}",
            "{\"tool\":\"pay.transfer\",\"args\":{\"amount\":"
                + luck.of("1", "99.5", "100", "10", luck.of("100.0000001", "-1", "null", "1e300"))
                + ",\"currency\":\"CHF\"}}");
  }

  private String proof(String request, List<String> approvals) {
    PrivateKey by =
        luck.percent(96) ? made.holder() : luck.of(Cast.MALLORY, Cast.PLANNER, Cast.SCRAPER);
    byte[] over = luck.percent(97) ? state : chain.step(0).block().signature();
    String audience = luck.percent(96) ? Cast.JIRA : luck.of("svc:wiki", "svc:jira ");
    Instant at =
        luck.percent(85)
            ? now
            : now.plusMillis(luck.of(-60_001, -60_000, -59_000, 30_000, 30_001, 31_000));
    byte[] nonce = nonce(at);
    String proved =
        luck.percent(97) ? request : request.replace("50", "51").replace("read", "list");
    List<String> beside = luck.percent(98) ? approvals : List.of();
    String proof;
    try {
      proof = ProofCases.proof(by, over, audience, beside, proved, at, nonce);
    } catch (RuntimeException e) { // the request is none, or an approval no base64url
      proof = ProofCases.proof(by, over, audience, List.of(), Story.SEARCH, at, nonce);
    }
    return luck.percent(98)
        ? proof
        : Messages.base64(new RandomText(luck).changed(Base64.getUrlDecoder().decode(proof)));
  }

  private byte[] nonce(Instant at) {
    latest = now.isAfter(latest) ? now : latest;
    if (luck.percent(95) || latest.isAfter(remembered)) {
      return luck.bytes(16);
    }
    Instant end = at.plusSeconds(60);
    remembered = end.isBefore(remembered) ? end : remembered;
    return ProofCases.NONCE;
  }

  private List<String> approvals(String request) {
    List<String> approvals = new ArrayList<>();
    if (luck.percent(55) || made.isBearer()) {
      return approvals;
    }
    for (int i = luck.between(1, 3); i > 0; i--) {
      Said said;
      try {
        said = Said.of(chain, luck.percent(95) ? request : Statements.CALL);
      } catch (RuntimeException e) { // the request is none
        said = Said.of(chain, Statements.CALL);
      }
      approvals.add(
          RandomApprovals.vary(luck, said)
              .by(luck.of(Cast.BOSS, Cast.BOSS, Cast.AUDITOR, Cast.LAWYER, Cast.MALLORY)));
    }
    return luck.percent(97) ? approvals : List.of(approvals.get(0), approvals.get(0));
  }
}
