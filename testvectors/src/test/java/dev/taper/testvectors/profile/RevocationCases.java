package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.RevocationLists.FOREVER;
import static dev.taper.testvectors.profile.RevocationLists.ascending;
import static dev.taper.testvectors.profile.RevocationLists.bytes;
import static dev.taper.testvectors.profile.RevocationLists.entry;
import static dev.taper.testvectors.profile.RevocationLists.fingerprint;
import static dev.taper.testvectors.profile.RevocationLists.lifted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.testvectors.profile.RevocationLists.Entry;
import dev.taper.testvectors.profile.RevocationLists.Lifted;
import dev.taper.testvectors.profile.RevocationLists.Listed;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fingerprints, lists of revocations, and calls on what was revoked. */
final class RevocationCases {
  private static final byte[] TASK = fingerprint(2, bytes(Cast.TASK));
  private static final byte[] OTHER_TASK = fingerprint(2, bytes("T-1"));
  private static final long YEAR_10000 = 253_402_300_800_000L;

  private RevocationCases() {}

  static JsonNode fingerprints() {
    Cases cases =
        new Cases(
            "fingerprints",
            "What can be revoked, and by which fingerprint (section 13). value is hashed.");
    PublicKey planner = Cast.PLANNER.publicKey();
    byte[] signature = Story.planner().step(0).block().signature();
    addFingerprint(cases, "block", 1, signature);
    addFingerprint(cases, "task", 2, bytes(Cast.TASK));
    addFingerprint(cases, "task beyond ASCII", 2, bytes("T\u00e4sk"));
    addFingerprint(cases, "holder's key", 3, bytes(planner));
    addFingerprint(cases, "holder's key of P-256", 3, bytes(Cast.SCRAPER.publicKey()));
    addFingerprint(cases, "delegator", 4, bytes(Cast.DELEGATOR));
    addFingerprint(cases, "root key", 5, bytes(Cast.ROOT.publicKey()));
    addFingerprint(cases, "key as last holder", 7, bytes(planner));
    addFingerprint(cases, "approval", 6, approval(Cast.AUDITOR.publicKey()));
    addFingerprint(cases, "approval by a P-256 key", 6, approval(Cast.BOSS.publicKey()));
    return cases.file();
  }

  /** The approval of this key that has the first id. */
  private static byte[] approval(PublicKey approver) {
    return Messages.join(bytes(approver), HexFormat.of().parseHex(Said.ID));
  }

  private static void addFingerprint(Cases cases, String name, int kind, byte[] value) {
    cases.add(
        name,
        null,
        "type",
        kind,
        "value",
        value,
        "expect",
        Cases.ok(Json.hex(fingerprint(kind, value))));
  }

  /** What is done with a list, step by step. */
  private static final class Steps {
    private final List<ObjectNode> steps = new ArrayList<>();
    private long now = Cast.NOON.toEpochMilli();

    Steps after(long millis) {
      now += millis;
      return this;
    }

    Steps apply(byte[] lists, ObjectNode expect) {
      steps.add(Json.object("now", now, "apply", lists, "expect", expect));
      return this;
    }

    Steps apply(Listed listed) {
      return apply(listed.signed(), sequence(listed.sequence()));
    }

    Steps look(byte[] fingerprint, ObjectNode expect) {
      steps.add(Json.object("now", now, "look", fingerprint, "expect", expect));
      return this;
    }

    void addTo(Cases cases, String name, @Nullable String attack) {
      addTo(cases, name, attack, Cast.REVOKER);
    }

    void addTo(Cases cases, String name, @Nullable String attack, PrivateKey... issuers) {
      List<String> keys = new ArrayList<>();
      for (PrivateKey issuer : issuers) {
        keys.add(issuer.publicKey().toString());
      }
      cases.add(name, attack, "issuers", keys, "steps", steps);
    }
  }

  private static ObjectNode sequence(long sequence) {
    return Cases.ok(sequence);
  }

  private static ObjectNode clear() {
    return Cases.ok("clear");
  }

  static JsonNode lists() {
    Cases cases =
        new Cases(
            "revocations",
            "Lists that a verifier applies in turn, and fingerprints that it looks up (section 13)."
                + " now counts milliseconds since 1970. A list that is taken gives the sequence"
                + " that the verifier is at.");
    addGood(cases);
    addForged(cases);
    addOrder(cases);
    addLifted(cases);
    addIssuers(cases);
    addClock(cases);
    return cases.file();
  }

  private static void addGood(Cases cases) {
    Entry task = entry(TASK, 2);
    new Steps()
        .look(TASK, Cases.code("revocation_unavailable"))
        .apply(Listed.snapshot(1))
        .look(TASK, clear())
        .apply(Listed.snapshot(2, task))
        .look(TASK, Cases.code("revoked"))
        .look(OTHER_TASK, clear())
        .addTo(cases, "snapshots", null);
    new Steps()
        .apply(Listed.snapshot(5, ascending(task, entry(OTHER_TASK, 2))).by(Cast.REVOKER_P256))
        .look(OTHER_TASK, Cases.code("revoked"))
        .addTo(cases, "an issuer with P-256", null, Cast.REVOKER_P256);
    new Steps()
        .apply(Listed.snapshot(3))
        .apply(Listed.delta(3, 4, task))
        .look(TASK, Cases.code("revoked"))
        .apply(Listed.delta(2, 9))
        .look(TASK, Cases.code("revoked"))
        .look(OTHER_TASK, clear())
        .addTo(cases, "deltas", null);
    byte[] file = Messages.join(Listed.snapshot(3).signed(), Listed.delta(3, 4, task).signed());
    new Steps()
        .apply(file, sequence(4))
        .look(TASK, Cases.code("revoked"))
        .apply(file, sequence(4))
        .addTo(cases, "a snapshot and its delta in one file", null);
    int noon = (int) Cast.NOON.getEpochSecond();
    new Steps()
        .apply(Listed.snapshot(1, new Entry(TASK, 2, noon + 10)))
        .after(10_999)
        .look(TASK, Cases.code("revoked"))
        .after(1)
        .look(TASK, clear())
        .addTo(cases, "an entry that ends", null);
    byte[] lastHolder = fingerprint(7, bytes(Cast.PLANNER.publicKey()));
    new Steps()
        .apply(Listed.snapshot(1, entry(lastHolder, 7)))
        .look(lastHolder, Cases.code("revoked"))
        .addTo(cases, "a key as last holder", null);
    new Steps()
        .apply(Listed.snapshot(1, new Entry(TASK, 2, noon + 5)))
        .apply(Listed.delta(1, 2, new Entry(TASK, 2, noon + 10)))
        .apply(Listed.delta(2, 3, new Entry(TASK, 2, noon + 1)))
        .after(10_999)
        .look(TASK, Cases.code("revoked"))
        .after(1)
        .look(TASK, clear())
        .addTo(cases, "of two ends the later one counts", null);
    new Steps()
        .apply(Listed.snapshot(1, task))
        .apply(Listed.delta(1, 2, new Entry(TASK, 2, noon + 1)))
        .after(2_000)
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "for ever is later than any end", null);
    new Steps()
        .apply(Listed.snapshot(1).times(0, YEAR_10000 - 1 - Cast.NOON.toEpochMilli(), 600))
        .look(TASK, clear())
        .addTo(cases, "the last possible next update", null);
    Listed longest = longest();
    byte[] signed = Messages.join(longest.header(), new byte[] {72}, twin(longest), longest.body());
    new Steps()
        .apply(signed, sequence(longest.sequence()))
        .look(TASK, clear())
        .addTo(cases, "a signature of 72 bytes", null, Cast.REVOKER_P256);
    new Steps()
        .apply(Listed.snapshot(1, task))
        .after(300_000)
        .look(OTHER_TASK, clear())
        .after(1)
        .look(OTHER_TASK, Cases.code("revocation_stale"))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "past its next update", "list_withheld");
    new Steps()
        .apply(Listed.snapshot(1).times(0, 300_000, 60))
        .after(60_000)
        .look(TASK, clear())
        .after(1)
        .look(TASK, Cases.code("revocation_stale"))
        .addTo(cases, "past its maximum age", "list_withheld");
  }

  /** A list whose r and s both have their highest bit set, so that its signature is the longest. */
  private static Listed longest() {
    for (long sequence = 1; ; sequence++) {
      Listed list = Listed.snapshot(sequence).by(Cast.REVOKER_P256);
      if (twin(list).length == 72) {
        return list;
      }
    }
  }

  private static byte[] twin(Listed list) {
    return KeyCases.twin(list.issuer().sign(list.header()));
  }

  private static void refused(Cases cases, String name, String attack, byte[] list, String code) {
    new Steps()
        .apply(Listed.snapshot(1))
        .apply(list, Cases.code(code))
        .look(TASK, clear())
        .addTo(cases, name, attack);
  }

  private static void forged(Cases cases, String name, byte[] list) {
    refused(cases, name, "list_forged", list, "malformed_revocations");
  }

  private static void addForged(Cases cases) {
    Entry task = entry(TASK, 2);
    Listed good = Listed.snapshot(2, task);
    byte[] bytes = good.signed();
    refused(
        cases,
        "another issuer",
        "list_forged",
        good.by(Cast.MALLORY).signed(),
        "unknown_revocation_key");
    byte[] header = good.header();
    byte[] signature = Cast.MALLORY.sign(header);
    byte[] lie = Messages.join(header, new byte[] {64}, signature, good.body());
    refused(cases, "another's signature", "list_forged", lie, "invalid_signature");
    refused(
        cases,
        "another number",
        "list_forged",
        with(bytes, header.length - 61, 9),
        "invalid_signature");
    forged(cases, "another entry", with(bytes, bytes.length - 20, bytes[bytes.length - 20] ^ 1));
    for (int length : new int[] {0, 63, 72}) {
      byte[] bytesOfNone = {(byte) length};
      refused(
          cases,
          "a signature of " + length + " bytes that is none",
          "list_forged",
          Messages.join(header, bytesOfNone, new byte[length], good.body()),
          "invalid_signature");
    }
    forged(
        cases,
        "a signature of 73 bytes",
        Messages.join(header, new byte[] {73}, new byte[73], good.body()));
    forged(
        cases,
        "next update in the year 10000",
        good.times(0, YEAR_10000 - Cast.NOON.toEpochMilli(), 600).signed());
    forged(cases, "cut in the header", Arrays.copyOf(bytes, 40));
    forged(cases, "cut in the entries", Arrays.copyOf(bytes, bytes.length - 1));
    forged(cases, "a byte behind", Messages.join(bytes, new byte[1]));
    forged(cases, "nothing", new byte[0]);
    forged(cases, "another tag", with(bytes, 3, 'X'));
    forged(cases, "version 1", good.version(1).signed());
    forged(cases, "type 2", good.type(2).signed());
    forged(cases, "sequence 0", Listed.snapshot(0).signed());
    forged(
        cases,
        "snapshot with a base",
        new Listed(
                Cast.REVOKER,
                1,
                0,
                1,
                2,
                good.issued(),
                good.nextUpdate(),
                600,
                List.of(),
                List.of())
            .signed());
    forged(cases, "delta to its own base", Listed.delta(2, 2).signed());
    forged(cases, "next update not after its issue", good.times(0, 0, 600).signed());
    forged(cases, "maximum age of 0", good.times(0, 300_000, 0).signed());
    forged(
        cases,
        "maximum age of more than 31 days",
        good.times(0, 300_000, 31 * 86_400 + 1).signed());
    Entry[] sorted = ascending(task, entry(OTHER_TASK, 2));
    forged(cases, "entries out of order", Listed.snapshot(2, sorted[1], sorted[0]).signed());
    forged(cases, "an entry twice", Listed.snapshot(2, task, task).signed());
    forged(cases, "entry of kind 0", Listed.snapshot(2, entry(TASK, 0)).signed());
    forged(cases, "entry of kind 8", Listed.snapshot(2, entry(TASK, 8)).signed());
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    other[at] = (byte) value;
    return other;
  }

  private static void addOrder(Cases cases) {
    Entry task = entry(TASK, 2);
    new Steps()
        .apply(Listed.snapshot(5, task))
        .apply(Listed.snapshot(4).signed(), Cases.code("revocations_rolled_back"))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "an older list", "list_rolled_back");
    new Steps()
        .apply(Listed.snapshot(5, task))
        .apply(Listed.snapshot(5).signed(), Cases.code("revocations_rolled_back"))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "another list of the same number", "list_rolled_back");
    byte[] twice = Messages.join(Listed.snapshot(6).signed(), Listed.snapshot(6, task).signed());
    new Steps()
        .apply(Listed.snapshot(5))
        .apply(twice, Cases.code("revocations_rolled_back"))
        .look(TASK, clear())
        .addTo(cases, "two lists of one number in one file", "list_rolled_back");
    byte[] backwards =
        Messages.join(Listed.snapshot(6, task).signed(), Listed.snapshot(5).signed());
    new Steps()
        .apply(backwards, Cases.code("revocations_rolled_back"))
        .look(TASK, Cases.code("revocation_unavailable"))
        .addTo(cases, "an older list behind a newer one in one file", "list_rolled_back");
    new Steps()
        .apply(Listed.snapshot(5))
        .apply(Listed.delta(6, 7, task).signed(), Cases.code("revocations_incomplete"))
        .apply(Listed.delta(5, 6, task))
        .apply(Listed.delta(6, 7))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "a delta that came too early", "delta_withheld");
    new Steps()
        .apply(Listed.delta(1, 2, task).signed(), Cases.code("revocations_incomplete"))
        .look(TASK, Cases.code("revocation_unavailable"))
        .addTo(cases, "a delta without a list", "delta_withheld");
    new Steps()
        .apply(Listed.snapshot(1))
        .apply(
            Listed.snapshot(2, task).times(60_001, 300_000, 600).signed(),
            Cases.code("revocations_not_yet_valid"))
        .apply(Listed.snapshot(2, task).times(60_000, 300_000, 600))
        .addTo(cases, "a list of the future", "list_of_the_future");
    byte[] half = Messages.join(Listed.snapshot(2, task).signed(), Listed.delta(3, 4).signed());
    new Steps()
        .apply(Listed.snapshot(1))
        .apply(half, Cases.code("revocations_incomplete"))
        .look(TASK, clear())
        .addTo(cases, "nothing is taken of a file that is refused in part", "delta_withheld");
  }

  private static void addLifted(Cases cases) {
    Entry task = entry(TASK, 2);
    Lifted lifted = lifted(TASK, "revoked by mistake");
    new Steps()
        .apply(Listed.snapshot(1, task))
        .apply(Listed.delta(1, 2).lifting(lifted))
        .look(TASK, clear())
        .apply(Listed.snapshot(3))
        .apply(Listed.delta(3, 4, task))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "lifted by a delta, and revoked again", null);
    new Steps()
        .apply(Listed.snapshot(1, ascending(task, entry(OTHER_TASK, 2))))
        .apply(Listed.snapshot(2, entry(OTHER_TASK, 2)).lifting(lifted))
        .look(TASK, clear())
        .look(OTHER_TASK, Cases.code("revoked"))
        .addTo(cases, "lifted by a snapshot", null);
    int noon = (int) Cast.NOON.getEpochSecond();
    new Steps()
        .apply(Listed.snapshot(1, task))
        .apply(Listed.delta(1, 2, new Entry(TASK, 2, noon + 10)).lifting(lifted))
        .after(10_999)
        .look(TASK, Cases.code("revoked"))
        .after(1)
        .look(TASK, clear())
        .addTo(cases, "lifted, with an earlier end in the same list", null);
    new Steps()
        .apply(Listed.snapshot(1).lifting(lifted))
        .look(TASK, clear())
        .addTo(cases, "lifted without an entry", null);
    new Steps()
        .apply(Listed.snapshot(1, task))
        .apply(Listed.snapshot(2).signed(), Cases.code("revocations_dropped"))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "a snapshot without an entry that has not ended", "entry_dropped");
    new Steps()
        .apply(Listed.snapshot(1))
        .apply(Listed.delta(1, 2, task))
        .apply(Listed.snapshot(3).signed(), Cases.code("revocations_dropped"))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "a snapshot without what a delta revoked", "entry_dropped");
    new Steps()
        .apply(Listed.snapshot(1, new Entry(TASK, 2, noon + 10)))
        .apply(
            Listed.snapshot(2, new Entry(TASK, 2, noon + 9)).signed(),
            Cases.code("revocations_dropped"))
        .after(10_999)
        .apply(Listed.snapshot(2).signed(), Cases.code("revocations_dropped"))
        .look(TASK, Cases.code("revoked"))
        .after(1)
        .apply(Listed.snapshot(2))
        .addTo(cases, "a snapshot with an earlier end", "entry_dropped");
    Listed good = Listed.snapshot(2);
    for (String reason : new String[] {"", " ", "two\nlines", "left \u202e right", "\u00e9"}) {
      String decomposed = Normalizer.normalize(reason, Normalizer.Form.NFD);
      forged(
          cases,
          "a reason that is no label: " + HexFormat.of().formatHex(bytes(decomposed)),
          good.lifting(lifted(TASK, decomposed)).signed());
    }
    forged(cases, "a reason of 1,025 bytes", good.lifting(lifted(TASK, "x".repeat(1025))).signed());
    forged(
        cases,
        "a reason that is not UTF-8",
        good.lifting(new Lifted(TASK, 2, FOREVER, new byte[] {(byte) 0xff})).signed());
    forged(
        cases,
        "a lifted entry of kind 0",
        good.lifting(new Lifted(TASK, 0, FOREVER, bytes("x"))).signed());
    forged(cases, "a lifted entry twice", good.lifting(lifted, lifted).signed());
    byte[] whole = good.lifting(lifted).signed();
    forged(cases, "cut in a reason", Arrays.copyOf(whole, whole.length - 1));
    forged(cases, "another reason", with(whole, whole.length - 1, 'x'));
  }

  private static void addIssuers(Cases cases) {
    Entry task = entry(TASK, 2);
    PrivateKey[] both = {Cast.REVOKER, Cast.REVOKER_P256};
    Listed others = Listed.snapshot(1).by(Cast.REVOKER_P256);
    new Steps()
        .apply(Listed.snapshot(5, task))
        .look(TASK, Cases.code("revoked"))
        .look(OTHER_TASK, Cases.code("revocation_unavailable"))
        .apply(others)
        .look(TASK, Cases.code("revoked"))
        .look(OTHER_TASK, clear())
        .addTo(cases, "two issuers, of which one has no list", "list_withheld", both);
    new Steps()
        .apply(Listed.snapshot(5, task))
        .apply(others)
        .apply(Listed.snapshot(9).by(Cast.REVOKER_P256))
        .look(TASK, Cases.code("revoked"))
        .apply(Listed.delta(9, 10).by(Cast.REVOKER_P256).lifting(lifted(TASK, "mine")))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "an issuer undoes what another revoked", "lifted_by_another", both);
    new Steps()
        .apply(Listed.snapshot(5))
        .apply(others)
        .apply(
            Listed.delta(5, 6, task).by(Cast.REVOKER_P256).signed(),
            Cases.code("revocations_incomplete"))
        .apply(Listed.delta(1, 2, task).by(Cast.REVOKER_P256))
        .apply(Listed.snapshot(5))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "two issuers number by themselves", null, both);
    byte[] file =
        Messages.join(
            Listed.snapshot(5, task).signed(), others.signed(), Listed.delta(5, 6).signed());
    new Steps()
        .apply(file, sequence(6))
        .look(TASK, Cases.code("revoked"))
        .look(OTHER_TASK, clear())
        .addTo(cases, "two issuers in one file", null, both);
    new Steps()
        .apply(Listed.snapshot(5).times(0, 300_000, 60))
        .apply(others)
        .after(60_001)
        .look(TASK, Cases.code("revocation_stale"))
        .apply(Listed.snapshot(2).by(Cast.REVOKER_P256))
        .look(TASK, Cases.code("revocation_stale"))
        .addTo(cases, "two issuers, of which one is late", "list_withheld", both);
  }

  private static void addClock(Cases cases) {
    new Steps()
        .apply(Listed.snapshot(1, entry(TASK, 2)))
        .after(-60_000)
        .look(OTHER_TASK, clear())
        .after(-1)
        .look(OTHER_TASK, Cases.code("revocation_stale"))
        .look(TASK, Cases.code("revoked"))
        .addTo(cases, "a clock before the list's issue", "clock_set_back");
    new Steps()
        .apply(Listed.snapshot(1))
        .after(302_000)
        .look(TASK, Cases.code("revocation_stale"))
        .after(-302_000)
        .look(TASK, Cases.code("revocation_stale"))
        .addTo(cases, "a clock set back after the list was stale", "clock_set_back");
  }

  static JsonNode decisions() {
    Cases cases =
        new Cases(
            "decisions",
            "Calls on tokens of which something is revoked, or perhaps (docs/profile.md, section"
                + " 13).");
    Chain token = Story.third(Story.planner(), Cast.AUDITOR, "note(1);", null);
    Chain chain =
        Story.own(token, "check if true;")
            .then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    revoked(cases, chain, "the root key", 5, bytes(Cast.ROOT.publicKey()), 0, PLANNER);
    revoked(cases, chain, "the delegator", 4, bytes(Cast.DELEGATOR), 0, PLANNER);
    revoked(cases, chain, "the task", 2, bytes(Cast.TASK), 0, PLANNER);
    revoked(cases, chain, "a middle holder's key", 3, bytes(Cast.PLANNER.publicKey()), 0, PLANNER);
    revoked(cases, chain, "the holder's key", 3, bytes(Cast.RESEARCHER.publicKey()), 3, RESEARCHER);
    revoked(cases, chain, "a third party's key", 3, bytes(Cast.AUDITOR.publicKey()), 1, PLANNER);
    for (int i = 0; i < chain.size(); i++) {
      String holder = i == 3 ? RESEARCHER : PLANNER;
      revoked(cases, chain, "block " + i, 1, chain.step(i).block().signature(), i, holder);
    }
    Chain last = Story.scraper().then("check if true;", Cast.SCRAPER, Cast.SCRAPER.publicKey());
    byte[] signed = Signatures.revocationKey(Algorithm.SECP256R1, last.step(3).block().signature());
    byte[] revokes = Listed.snapshot(1, entry(fingerprint(1, signed), 1)).signed();
    with("a block of P-256, with either s", "revoked_part", revokes)
        .call(last, Cast.SCRAPER, Story.SEARCH, denied("revoked", 3, "agent:scraper"))
        .call(last.withTwin(), Cast.SCRAPER, Story.SEARCH, denied("revoked", 3, "agent:scraper"))
        .addTo(cases);
    RotationCases.addRevoked(cases);
    with("nothing of the chain", null, Listed.snapshot(1, entry(OTHER_TASK, 2)).signed())
        .call(chain, Cast.RESEARCHER, Story.SEARCH, allowed())
        .call(chain.held(), null, Story.SEARCH, denied("proof_required"))
        .addTo(cases);
    addWithdrawn(cases);
    with("an old list", "list_withheld", Listed.snapshot(1).signed())
        .after(Duration.ofMinutes(6))
        .call(chain, Cast.RESEARCHER, Story.SEARCH, denied("revocation_stale"))
        .addTo(cases);
    with("no list", "list_withheld", new byte[0])
        .call(chain, Cast.RESEARCHER, Story.SEARCH, denied("revocation_unavailable"))
        .addTo(cases);
    return cases.file();
  }

  /** Approvals that were taken back; the token lives. */
  private static void addWithdrawn(Cases cases) {
    Chain asking = ActivationCases.ifBoss();
    String yes = Said.of(asking, Statements.CALL).by(Cast.BOSS);
    String another = Said.of(asking, Statements.CALL).other().by(Cast.BOSS);
    PublicKey boss = Cast.BOSS.publicKey();
    byte[] itself = fingerprint(6, approval(boss));
    ObjectNode withdrawn = denied("approval_withdrawn", 0, PLANNER);
    with("an approval", "approval_withdrawn", Listed.snapshot(1, entry(itself, 6)).signed())
        .call(asking, List.of(yes), Cast.PLANNER, Statements.CALL, withdrawn)
        .call(asking, List.of(another), Cast.PLANNER, Statements.CALL, allowed())
        .call(asking, List.of(yes, another), Cast.PLANNER, Statements.CALL, allowed())
        .call(asking, List.of(yes), Cast.PLANNER, Story.SEARCH, allowed())
        .addTo(cases);
    byte[] others = fingerprint(6, approval(Cast.AUDITOR.publicKey()));
    with(
            "an approval of the same id by another key",
            null,
            Listed.snapshot(1, entry(others, 6)).signed())
        .call(asking, List.of(yes), Cast.PLANNER, Statements.CALL, allowed())
        .addTo(cases);
    byte[] key = fingerprint(3, bytes(boss));
    with("an approver's key", "approval_withdrawn", Listed.snapshot(1, entry(key, 3)).signed())
        .call(asking, List.of(yes), Cast.PLANNER, Statements.CALL, withdrawn)
        .call(asking, List.of(yes), Cast.PLANNER, Story.SEARCH, allowed())
        .addTo(cases);
  }

  static Decision with(String name, @Nullable String attack, byte[] lists) {
    return new Decision(name, attack)
        .with(
            "revocations",
            Json.object("issuers", List.of(Cast.REVOKER.publicKey().toString()), "lists", lists));
  }

  private static void revoked(
      Cases cases, Chain chain, String what, int kind, byte[] value, int hop, String holder) {
    byte[] list = Listed.snapshot(1, entry(fingerprint(kind, value), kind)).signed();
    with(what, "revoked_part", list)
        .call(chain, Cast.RESEARCHER, Story.SEARCH, denied("revoked", hop, holder))
        .call(chain.held(), null, Story.SEARCH, denied("revoked", hop, holder))
        .addTo(cases);
  }
}
