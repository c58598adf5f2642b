package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.DecisionCases.RESEARCHER;
import static dev.taper.testvectors.profile.RevocationLists.ascending;
import static dev.taper.testvectors.profile.RevocationLists.bytes;
import static dev.taper.testvectors.profile.RevocationLists.entry;
import static dev.taper.testvectors.profile.RevocationLists.fingerprint;
import static dev.taper.testvectors.profile.Story.SEARCH;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testvectors.profile.RevocationLists.Entry;
import dev.taper.testvectors.profile.RevocationLists.Listed;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A holder that goes on with a new key, and those who pretend to. */
final class RotationCases {
  private static final String PLANNERS = "holder(\"agent:planner\");";
  private static final String RESEARCHERS = "holder(\"agent:researcher\");";
  private static final PublicKey OLD = Cast.PLANNER.publicKey();
  private static final PublicKey NEW = Cast.PLANNER_2.publicKey();
  private static final PublicKey NEWEST = Cast.PLANNER_3.publicKey();
  private static final PublicKey RESEARCHER_KEY = Cast.RESEARCHER.publicKey();

  private RotationCases() {}

  private static Chain rotated() {
    return rotated(Story.planner());
  }

  private static Chain rotated(Chain planners) {
    return planners.then(PLANNERS, Cast.PLANNER, NEW);
  }

  private static Chain rotatedTwice() {
    return rotated().then(PLANNERS, Cast.PLANNER_2, NEWEST);
  }

  private static Chain handedBack() {
    return Story.researcher().then(PLANNERS, Cast.RESEARCHER, OLD);
  }

  /** Tokens that are right, by name. */
  static Map<String, Chain> good() {
    Map<String, Chain> good = new LinkedHashMap<>();
    good.put("a rotation", rotated());
    good.put("two rotations, the last to P-256", rotatedTwice());
    good.put(
        "a rotation behind the holder's own block and a third party's",
        rotated(
            Story.third(
                Story.own(Story.planner(), "check if true;"), Cast.AUDITOR, "note(1);", null)));
    good.put(
        "handed back to a holder under its new key",
        rotated()
            .then(RESEARCHERS, Cast.PLANNER_2, RESEARCHER_KEY)
            .then(PLANNERS, Cast.RESEARCHER, NEW));
    good.put("a rotation of an earlier holder that has the token again", rotated(handedBack()));
    good.put(
        "the holder's own name and key, which is no rotation",
        Story.planner().then(PLANNERS, Cast.PLANNER, OLD));
    return good;
  }

  /** Adds tokens that are refused. */
  static void addRefused(Cases cases) {
    Chain mallorys = Story.researcher().then(PLANNERS, Cast.RESEARCHER, Cast.MALLORY.publicKey());
    refused(
        cases, "an earlier holder's name with a stranger's key", "name_stolen", mallorys.held());
    refused(
        cases,
        "an earlier holder's name with the present holder's key",
        "name_stolen",
        Story.researcher().then(PLANNERS, Cast.RESEARCHER, RESEARCHER_KEY).held());
    refused(
        cases,
        "a holder's name with a new key, in a third party's block",
        "name_stolen",
        Story.planner()
            .third(
                Datalog.block(PLANNERS), Cast.AUDITOR, Cast.AUDITOR.publicKey(), Cast.PLANNER, NEW)
            .held());
    refused(
        cases,
        "a holder's name with a new key, in a bearer tail",
        "name_stolen",
        Story.bearer().then(PLANNERS, Cast.THROW_AWAY, NEW).held());
    refused(
        cases,
        "a rotation back",
        "key_returns",
        rotated().then(PLANNERS, Cast.PLANNER_2, OLD).held());
    refused(
        cases,
        "two rotations, and back to the first key",
        "key_returns",
        rotatedTwice().then(PLANNERS, Cast.PLANNER_3, OLD).held());
    refused(
        cases,
        "two rotations, and back to the second key",
        "key_returns",
        rotatedTwice().then(PLANNERS, Cast.PLANNER_3, NEW).held());
    refused(
        cases,
        "a rotation to another holder's key",
        "key_returns",
        Story.researcher().then(RESEARCHERS, Cast.RESEARCHER, OLD).held());
    refused(
        cases,
        "the old key under another name",
        "key_returns",
        rotated().then("holder(\"agent:auditor\");", Cast.PLANNER_2, OLD).held());
    refused(
        cases,
        "handed back to a holder under its old key",
        "key_returns",
        rotated()
            .then(RESEARCHERS, Cast.PLANNER_2, RESEARCHER_KEY)
            .then(PLANNERS, Cast.RESEARCHER, OLD)
            .held());
    refused(
        cases,
        "the old key in a bearer tail",
        "key_returns",
        rotated().then("", Cast.PLANNER_2, OLD).bearer(Cast.PLANNER));
    refused(
        cases,
        "the old key in a bearer tail that a third party's block begins",
        "key_returns",
        rotated()
            .third(
                Datalog.block("note(1);"),
                Cast.AUDITOR,
                Cast.AUDITOR.publicKey(),
                Cast.PLANNER_2,
                OLD)
            .bearer(Cast.PLANNER));
    refused(
        cases,
        "a rotation of signature version 0",
        "version_0_signature",
        Story.planner().then(Datalog.block(PLANNERS), Cast.PLANNER, NEW, 0).held());
    forged(cases, "a rotation that a stranger signed", Cast.MALLORY);
    forged(cases, "a rotation that the new key signed", Cast.PLANNER_2);
    refused(
        cases,
        "a hop by the old key behind a rotation",
        "block_by_stranger",
        rotated().then(RESEARCHERS, Cast.PLANNER, RESEARCHER_KEY).held(),
        "invalid_signature");
  }

  private static void forged(Cases cases, String name, PrivateKey by) {
    byte[] token = Story.planner().then(PLANNERS, by, NEW).held();
    refused(cases, name, "block_by_stranger", token, "invalid_signature");
  }

  private static void refused(Cases cases, String name, String attack, byte[] token) {
    refused(cases, name, attack, token, "profile_violation");
  }

  private static void refused(Cases cases, String name, String attack, byte[] token, String code) {
    List<String> roots = List.of(Cast.ROOT.publicKey().toString());
    cases.add(name, attack, "roots", roots, "token", token, "expect", Cases.code(code));
  }

  /** Adds calls on rotated tokens. */
  static void addDecisions(Cases cases) {
    decision("a rotated token, and the one before it", null)
        .call(rotated(), Cast.PLANNER_2, SEARCH, allowed())
        .call(rotated(), Cast.PLANNER, SEARCH, denied("proof_mismatch"))
        .call(Story.planner(), Cast.PLANNER, SEARCH, allowed())
        .call(rotatedTwice(), Cast.PLANNER_3, SEARCH, allowed())
        .addTo(cases);
    Chain once = Story.own(Story.planner(), "check if depth($depth), $depth <= 1;");
    decision("a rotation counts as a hop", "condition_ignored")
        .call(rotated(once), Cast.PLANNER_2, SEARCH, allowed())
        .call(
            rotated(once).then(PLANNERS, Cast.PLANNER_2, NEWEST),
            Cast.PLANNER_3,
            SEARCH,
            denied("too_deep", 1, PLANNER))
        .addTo(cases);
    Chain verified =
        rotated(
            Story.own(Story.planner(), "check if invoker($invoker), holder_verified($invoker);"));
    known("a rotated holder, all of whose keys the directory knows", null, OLD, NEW)
        .call(verified, Cast.PLANNER_2, SEARCH, allowed())
        .addTo(cases);
    for (PublicKey one : List.of(OLD, NEW)) {
      String which = one.equals(OLD) ? "old" : "new";
      known("a rotated holder of whom the directory knows the " + which, "key_half_known", one)
          .call(verified, Cast.PLANNER_2, SEARCH, denied("holder_not_verified", 1, PLANNER))
          .addTo(cases);
    }
  }

  /** Adds a call that was justified before a rotation. */
  static void addEscalation(Cases cases, Chain justified, String call, ObjectNode refusal) {
    decision("justification before a rotation", "justification_handed_on")
        .call(rotated(justified), Cast.PLANNER_2, call, refusal)
        .addTo(cases);
  }

  /** Adds a call that was approved before a rotation. */
  static void addApproved(
      Cases cases, Chain asking, String approval, String call, ObjectNode refusal) {
    decision("approval before a rotation", "approval_handed_on")
        .call(rotated(asking), List.of(approval), Cast.PLANNER_2, call, refusal)
        .addTo(cases);
  }

  private static Decision decision(String name, @Nullable String attack) {
    return new Decision(name, attack);
  }

  private static Decision known(String name, @Nullable String attack, PublicKey... keys) {
    List<String> texts = Arrays.stream(keys).map(PublicKey::toString).toList();
    return decision(name, attack).with("directory", Json.object(PLANNER, texts));
  }

  /** Adds calls where the planner's old key is revoked as last holder. */
  static void addRevoked(Cases cases) {
    Entry lastHolder = entry(fingerprint(7, bytes(OLD)), 7);
    Chain handedOn = Story.researcher();
    RevocationCases.with("a key as last holder", "old_key_kept", signed(lastHolder))
        .with("bearer", true)
        .with("sealed", true)
        .call(Story.planner(), Cast.PLANNER, SEARCH, denied("revoked", 0, PLANNER))
        .call(
            Story.own(Story.planner(), "check if true;"),
            Cast.PLANNER,
            SEARCH,
            denied("revoked", 0, PLANNER))
        .call(handedBack(), Cast.PLANNER, SEARCH, denied("revoked", 2, PLANNER))
        .call(Story.planner().sealed(Cast.PLANNER), null, SEARCH, denied("revoked", 0, PLANNER))
        .call(Story.bearer().bearer(Cast.THROW_AWAY), null, SEARCH, allowed())
        .call(rotated(), Cast.PLANNER_2, SEARCH, allowed())
        .call(handedOn, Cast.RESEARCHER, SEARCH, allowed())
        .call(
            handedOn.third(Datalog.block("note(1);"), Cast.PLANNER, Cast.RESEARCHER),
            Cast.RESEARCHER,
            SEARCH,
            allowed())
        .addTo(cases);
    Entry researcher = entry(fingerprint(3, bytes(RESEARCHER_KEY)), 3);
    byte[] both = signed(ascending(lastHolder, researcher));
    RevocationCases.with("the last holder is named last", "revoked_part", both)
        .call(handedBack(), Cast.PLANNER, SEARCH, denied("revoked", 1, RESEARCHER))
        .addTo(cases);
    byte[] asKey = signed(entry(fingerprint(3, bytes(OLD)), 3));
    RevocationCases.with("an old key as a key", "revoked_part", asKey)
        .call(rotated(), Cast.PLANNER_2, SEARCH, denied("revoked", 0, PLANNER))
        .addTo(cases);
  }

  private static byte[] signed(Entry... entries) {
    return Listed.snapshot(1, entries).signed();
  }
}
