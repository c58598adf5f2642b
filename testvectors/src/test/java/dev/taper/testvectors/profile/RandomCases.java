package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Cases of all kinds whose result nobody has written down. The same seed gives the same cases. */
final class RandomCases {
  /**
   * A case.
   *
   * @param group what it is about, as it is counted
   * @param kind the kind of vectors that it is of
   */
  record Case(String group, String kind, ObjectNode inputs) {
    boolean isOfficial() {
      return kind.equals(OFFICIAL);
    }

    /** As the other implementation takes it. */
    ObjectNode line() {
      ObjectNode line = Json.object("kind", kind);
      line.setAll(inputs);
      return line;
    }
  }

  /** The group of those that the official implementation decides. */
  static final String OFFICIAL = "official";

  private final Luck luck;
  private final RandomText text;
  private final RandomRequests requests;

  private RandomCases(long seed) {
    this.luck = new Luck(seed);
    this.text = new RandomText(luck);
    this.requests = new RandomRequests(luck);
  }

  /** The case of a seed. */
  static Case of(long seed) {
    return new RandomCases(seed).next();
  }

  /** The decisions of a seed. */
  static Case decisions(long seed) {
    return new Case("decisions", "decisions", RandomDecisions.next(new Luck(seed)));
  }

  private Case next() {
    int which = luck.below(100);
    if (which < 22) {
      return new Case("requests", "requests", request());
    } else if (which < 34) {
      return meanings();
    } else if (which < 37) {
      return new Case(
          "catalogs",
          "catalogs",
          Json.object("catalog", changed(luck.of(CatalogTexts.HTTP, CatalogTexts.MCP))));
    } else if (which < 40) {
      return new Case("names", "names", names());
    } else if (which < 64) {
      return tokens();
    } else if (which < 69) {
      return new Case("proofs", "proofs", proof());
    } else if (which < 75) {
      return new Case("approvals", "approvals", RandomApprovals.next(luck));
    } else if (which < 78) {
      return new Case("revocations", "revocations", RandomLists.next(luck));
    } else if (which < 82) {
      return new Case(OFFICIAL, OFFICIAL, official());
    }
    return new Case("decisions", "decisions", RandomDecisions.next(luck));
  }

  private String changed(String good) {
    return luck.percent(35) ? good : text.changed(good);
  }

  private ObjectNode request() {
    List<String> free = luck.percent(15) ? List.of("a", "b", "url") : List.of();
    return Json.object("request", requests.any(), "freeText", free);
  }

  private Case meanings() {
    boolean http = luck.percent(65);
    List<ObjectNode> calls = new ArrayList<>();
    for (int count = luck.between(1, 4); count > 0; count--) {
      Sent sent = http ? requests.http() : requests.message();
      calls.add(Json.object("sent", sent.json(), "expect", Json.object()));
    }
    String catalog = http ? CatalogTexts.HTTP : CatalogTexts.MCP;
    return new Case("meanings", "meanings", Json.object("catalog", catalog, "calls", calls));
  }

  private ObjectNode names() {
    String boss = Cast.BOSS.publicKey().toString();
    String file =
        "{\"format\":\"taper/1 names\",\"number\":"
            + (luck.percent(80) ? "3" : text.number())
            + ",\"agents\":{\"agent:planner\":\""
            + Cast.PLANNER.publicKey()
            + "\"},\"approvers\":{\"user:boss\":[\""
            + boss
            + "\""
            + luck.of("", "", "", ",\"" + boss + "\"", ",\"" + Cast.LAWYER.publicKey() + "\"")
            + "]},\"groups\":{\"finance\":"
            + (luck.percent(70)
                ? luck.of("\"user:boss\"", "[]")
                : luck.of("[\"user:boss\",\"user:x\"]", text.quoted(text.string())))
            + "}}";
    ObjectNode names = Json.object("text", luck.percent(60) ? file : text.changed(file));
    if (luck.percent(20)) {
      names.put("earlier", luck.of("2", "3", "4", "9223372036854775807"));
    }
    return names;
  }

  /** A sealed chain, good or not, and a call that its last holder cannot prove. */
  private ObjectNode official() {
    RandomChain made = new RandomChain(luck, 1, 15);
    byte[] sealed = luck.percent(80) ? made.encoded(true) : made.changed();
    String root = (luck.percent(96) ? made.root() : Cast.MALLORY).publicKey().toString();
    ObjectNode verifier =
        Json.object(
            "audience",
            Cast.JIRA,
            "roots",
            List.of(Decision.root(root, null)),
            "sealed",
            true,
            "bearer",
            true,
            "stores",
            luck.percent(80) ? List.of(RandomBlocks.STORE) : null);
    return Json.object(
        "token",
        sealed,
        "root",
        root,
        "request",
        requests.plain(),
        "verifier",
        verifier,
        "now",
        Cast.NOON.plusSeconds(luck.of(-1, 0, 1, 60, 600)).toEpochMilli());
  }

  private Case tokens() {
    RandomChain made = new RandomChain(luck, 6, 15);
    boolean good = luck.percent(40);
    byte[] token = good ? made.encoded(luck.percent(20)) : made.changed();
    List<String> roots =
        luck.percent(93)
            ? List.of(Cast.ROOT.publicKey().toString(), Cast.ROOT_P256.publicKey().toString())
            : List.of(luck.of(Cast.ROOT, Cast.MALLORY).publicKey().toString());
    ObjectNode inputs = Json.object("roots", roots);
    if (luck.percent(90)) {
      inputs.setAll(Json.object("token", token));
    } else {
      String spelled =
          luck.of("", "", "biscuit:")
              + (luck.percent(50)
                  ? Messages.base64(token)
                  : Base64.getUrlEncoder().encodeToString(token));
      inputs.put("text", luck.percent(60) ? spelled : text.changed(spelled));
    }
    return new Case(good ? "chains" : "chains, changed", "tokens", inputs);
  }

  private ObjectNode proof() {
    PrivateKey key = luck.of(Cast.PLANNER, Cast.SCRAPER);
    Instant at =
        Cast.NOON.plusMillis(luck.percent(60) ? 0 : luck.of(-60_001, -60_000, 30_000, 30_001));
    String request =
        luck.of(Story.SEARCH, Story.SEARCH, Story.DELETE.replace("}", ",\"args\":{}}"));
    String proof =
        ProofCases.proof(
            luck.percent(92) ? key : Cast.RESEARCHER,
            ProofCases.STATE,
            luck.percent(95) ? Cast.JIRA : "svc:wiki",
            request,
            at,
            luck.bytes(16));
    String sent =
        luck.percent(35)
            ? Messages.base64(text.changed(Base64.getUrlDecoder().decode(proof)))
            : proof;
    return Json.object(
        "key",
        key.publicKey().toString(),
        "state",
        ProofCases.STATE,
        "audience",
        Cast.JIRA,
        "request",
        luck.percent(93) ? request : Story.SEARCH.replace("50", "51"),
        "proof",
        luck.percent(95) ? sent : text.changed(sent),
        "now",
        Cast.NOON.toEpochMilli());
  }
}
