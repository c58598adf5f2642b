package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.agent.request.ReservedPredicates;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens that are right, step by step, and those that are refused before any call is looked at. */
final class TokenCases {
  private final Cases good =
      new Cases(
          "tokens",
          "Tokens step by step. A verifier that trusts the key in roots reads, verifies and accepts"
              + " them (docs/profile.md, section 11, steps 1 to 5). In each step, token is what the"
              + " chain is up to here, held.");
  private final Cases bad =
      new Cases(
          "tokens",
          "Tokens that are refused by docs/profile.md, section 11, steps 1 to 5, whatever the call."
              + " Those of an attack were made by somebody who has some of the keys.");

  private TokenCases() {}

  static JsonNode good() {
    TokenCases cases = new TokenCases();
    cases.addGood();
    return cases.good.file();
  }

  static JsonNode bad() {
    TokenCases cases = new TokenCases();
    cases.addSignatures();
    cases.addOrder();
    cases.addEnds();
    cases.addStatements();
    cases.addReserved();
    return cases.bad.file();
  }

  private void good(String name, Chain chain, byte[] token, @Nullable Object end, String mode) {
    good(name, chain, token, end, mode, Cast.ROOT.publicKey());
  }

  private void good(
      String name, Chain chain, byte[] token, @Nullable Object end, String mode, PublicKey root) {
    good.add(
        name,
        null,
        "roots",
        List.of(root.toString()),
        "steps",
        chain.describe(),
        "end",
        end,
        "token",
        token,
        "text",
        Messages.base64(token),
        "expect",
        Cases.ok(Json.object("mode", mode, "hops", hops(chain))));
  }

  /** What the chain says, by the rules of section 6. */
  private static List<ObjectNode> hops(Chain chain) {
    List<ObjectNode> hops = new ArrayList<>();
    String grantor = Cast.DELEGATOR;
    String holder = "";
    boolean bearer = false;
    for (int i = 0; i < chain.size(); i++) {
      Chain.Step step = chain.step(i);
      String named = named(chain, i);
      PublicKey external = step.block().externalKey();
      bearer |= named == null && !step.block().nextKey().equals(step.signer());
      String mode =
          i == 0 ? "authority" : named != null ? "delegated" : bearer ? "bearer" : "narrowed";
      holder = named == null ? holder : named;
      hops.add(
          Json.object(
              "mode", external == null ? mode : "third_party",
              "grantor", external == null ? grantor : external.toString(),
              "holder", bearer ? null : holder));
      grantor = bearer ? "bearer" : holder;
    }
    return hops;
  }

  private static @Nullable String named(Chain chain, int index) {
    for (var fact : chain.decoded().get(index).block().facts()) {
      if (fact.predicate().name().equals("holder")) {
        String text = fact.predicate().terms().get(0).toString();
        return text.substring(1, text.length() - 1);
      }
    }
    return null;
  }

  private void addGood() {
    held("one holder", Story.planner());
    held("two holders", Story.researcher());
    held("three holders, the last with P-256", Story.scraper());
    held("a hint at the root key", Story.planner().keyId(7));
    held("the largest hint at the root key", Story.planner().keyId(-1));
    Block authority = Story.authority(Story.GRANT);
    Chain p256 = Chain.empty().then(authority, Cast.ROOT_P256, Cast.SCRAPER.publicKey(), 1);
    good("a P-256 root key", p256, p256.held(), null, "held", Cast.ROOT_P256.publicKey());
    held(
        "the holder narrows its own token",
        Story.own(Story.planner(), "check if tool(\"jira.search\");"));
    held(
        "handed back to an earlier holder",
        Story.researcher()
            .then("holder(\"agent:planner\");", Cast.RESEARCHER, Cast.PLANNER.publicKey()));
    held("a third party's block", Story.third(Story.planner(), Cast.BOSS, "note(\"seen\");", null));
    held(
        "a third party's block, and symbols after it",
        Story.own(
            Story.third(Story.planner(), Cast.AUDITOR, "seen(\"by the auditor\");", "a note"),
            "remark(\"by the planner\");"));
    held("no purpose, no grant, no end", Story.stating(Story.STATED));
    held(
        "every type of value",
        Story.own(
            Story.planner(),
            "a(1, -1, \"text\", 2030-01-01T00:00:00Z, hex:00ff, true);"
                + " b([1, \"x\", null, [true]], {\"k\": 1, 2: \"v\"});"
                + " c({1, 2}, {\"x\", \"y\"}, null);"));
    held(
        "every kind of check",
        Story.own(
            Story.planner(),
            "check if tool($t), $t.starts_with(\"jira.\") || $t === \"x\";"
                + " check all delegation($i, $h, $k), $i >= 0;"
                + " reject if tool(\"jira.delete\");"
                + " r($x) <- tool($x), [1, 2].any($y -> $y > 1);"));
    held(
        "a scope of a third party's key",
        Story.own(
            Story.planner(),
            "check if seen(true) trusting authority, " + Cast.AUDITOR.publicKey() + " or true;"));
    held(
        "an element twice in a set",
        Story.planner().then(setOfOneTwice().toBytes(), Cast.PLANNER, Cast.PLANNER.publicKey(), 1));
    held("a name of 1,024 bytes", Story.hop("holder(\"" + "\u00e9".repeat(512) + "\");"));
    held("the last date in an approval", EscalationCases.approvedUntil(EscalationCases.LAST_DATE));
    held(
        "a P-256 signature with the larger s",
        Story.scraper().then("check if true;", Cast.SCRAPER, Cast.SCRAPER.publicKey()).withTwin());
    held("every requirement", Story.granted(EscalationCases.DORMANT));
    for (Chain chain : EscalationCases.statements()) {
      held("statement " + chain.decoded().get(1).block().context(), chain);
    }
    Chain bearer = Story.bearer();
    end("a bearer tail", bearer, bearer.bearer(Cast.THROW_AWAY), "bearer", null);
    Chain longer =
        bearer.then(
            "check if tool(\"jira.search\");", Cast.THROW_AWAY, Cast.THROW_AWAY_2.publicKey());
    end("a narrowed bearer tail", longer, longer.bearer(Cast.THROW_AWAY_2), "bearer", null);
    Chain plain = Chain.empty().then(authority, Cast.ROOT, Cast.THROW_AWAY.publicKey(), 0);
    end(
        "a bearer token of signature version 0",
        plain,
        plain.bearer(Cast.THROW_AWAY),
        "bearer",
        null);
    Chain plainTail =
        plain.then(Datalog.block(""), Cast.THROW_AWAY, Cast.THROW_AWAY_2.publicKey(), 0);
    end(
        "a bearer tail of signature version 0",
        plainTail,
        plainTail.bearer(Cast.THROW_AWAY_2),
        "bearer",
        null);
    Chain mixed = bearer.then(Datalog.block(""), Cast.THROW_AWAY, Cast.THROW_AWAY_2.publicKey(), 0);
    end(
        "a bearer's block of signature version 0",
        mixed,
        mixed.bearer(Cast.THROW_AWAY_2),
        "bearer",
        null);
    end(
        "a sealed token",
        Story.researcher(),
        Story.researcher().sealed(Cast.RESEARCHER),
        "sealed",
        Story.researcher().sealMessage());
    end(
        "a token sealed with P-256",
        Story.scraper(),
        Story.scraper().sealed(Cast.SCRAPER),
        "sealed",
        Story.scraper().sealMessage());
    end(
        "a sealed bearer tail",
        bearer,
        bearer.sealed(Cast.THROW_AWAY),
        "sealed",
        bearer.sealMessage());
  }

  private static Proto setOfOneTwice() {
    Proto one = Proto.EMPTY.number(2, 1);
    Proto set = Proto.EMPTY.message(7, Proto.EMPTY.message(1, one).message(1, one));
    Proto predicate = Proto.EMPTY.number(1, 0).message(2, set);
    return Proto.EMPTY.number(3, 3).message(4, Proto.EMPTY.message(1, predicate));
  }

  private void held(String name, Chain chain) {
    good(name, chain, chain.held(), null, "held");
  }

  private void end(String name, Chain chain, byte[] token, String mode, byte @Nullable [] message) {
    good(name, chain, token, message == null ? null : Json.object("message", message), mode);
  }

  private void bad(String name, @Nullable String attack, byte[] token, String code) {
    bad(name, attack, List.of(Cast.ROOT.publicKey().toString()), token, code);
  }

  private void bad(
      String name, @Nullable String attack, List<String> roots, byte[] token, String code) {
    bad.add(name, attack, "roots", roots, "token", token, "expect", Cases.code(code));
  }

  private void forged(String name, String attack, Chain chain) {
    bad(name, attack, chain.held(), "invalid_signature");
  }

  private void addSignatures() {
    PublicKey mallory = Cast.MALLORY.publicKey();
    String named = "holder(\"agent:mallory\");";
    forged(
        "hop by a stranger",
        "block_by_stranger",
        Story.planner().then(named, Cast.MALLORY, mallory));
    forged(
        "hop by an earlier holder",
        "block_by_stranger",
        Story.researcher()
            .then("holder(\"agent:planner\");", Cast.PLANNER, Cast.PLANNER.publicKey()));
    forged(
        "hop by the root key behind a holder",
        "block_by_stranger",
        Story.planner().then(named, Cast.ROOT, mallory));
    forged(
        "hop with another next key", "next_key_exchanged", Story.researcher().withNextKey(mallory));
    Chain note = Story.third(Story.planner(), Cast.AUDITOR, "note(true);", null);
    forged(
        "third party's block with another next key",
        "next_key_exchanged",
        note.withNextKey(mallory));
    forged(
        "hop with other contents",
        "payload_exchanged",
        Story.researcher().withPayload(Story.planner().step(0).block().payload()));
    Chain other = Story.granted("jira.*");
    forged("hop under a wider parent", "block_moved", other.then(Story.researcher().step(1)));
    Chain others = Chain.empty().then(Story.authority("jira.*"), Cast.ROOT, mallory, 1);
    forged(
        "hop under another holder's parent",
        "block_moved",
        others.then(Story.researcher().step(1)));
    Chain wide =
        Story.planner()
            .then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    forged(
        "hop under a wider hop of the same holder",
        "block_moved",
        wide.then(Story.scraper().step(2)));
    forged(
        "third party's block in another token",
        "third_party_block_moved",
        other.then(note.step(1)));
    forged(
        "approval in another token",
        "approval_moved",
        Story.granted("jira.* or jira.delete if approved by " + Cast.BOSS.publicKey())
            .then(EscalationCases.approved().step(EscalationCases.approved().size() - 1)));
    forged(
        "third party's block under another key's name",
        "approval_forged",
        Story.planner()
            .third(
                Datalog.block("note(true);"),
                Cast.MALLORY,
                Cast.AUDITOR.publicKey(),
                Cast.PLANNER,
                Cast.PLANNER.publicKey()));
    bad(
        "token of another root key",
        "foreign_root",
        root(Cast.MALLORY).held(),
        "invalid_signature");
    bad(
        "token that a holder minted",
        "foreign_root",
        root(Cast.PLANNER).held(),
        "invalid_signature");
    bad(
        "no trusted root key",
        "foreign_root",
        List.of(),
        Story.planner().held(),
        "unknown_root_key");
    Block hop = Datalog.block("holder(\"agent:researcher\");");
    Chain zero = Story.planner().then(hop, Cast.PLANNER, Cast.RESEARCHER.publicKey(), 0);
    bad("hop of signature version 0", "version_0_signature", zero.held(), "profile_violation");
    bad(
        "hop of signature version 0 under another parent",
        "version_0_signature",
        anotherTask().then(zero.step(1)).held(),
        "profile_violation");
    Chain tail =
        Story.planner().then(Datalog.block(""), Cast.PLANNER, Cast.THROW_AWAY.publicKey(), 0);
    bad(
        "first block of a bearer tail, of signature version 0",
        "version_0_signature",
        tail.bearer(Cast.THROW_AWAY),
        "profile_violation");
    bad(
        "first block of a bearer tail, of signature version 0, under another parent",
        "version_0_signature",
        anotherTask().then(tail.step(1)).bearer(Cast.THROW_AWAY),
        "profile_violation");
    bad(
        "hop of signature version 0 behind an authority block of version 0",
        "version_0_signature",
        Chain.empty()
            .then(Story.authority(Story.GRANT), Cast.ROOT, Cast.PLANNER.publicKey(), 0)
            .then(hop, Cast.PLANNER, Cast.RESEARCHER.publicKey(), 0)
            .bearer(Cast.RESEARCHER),
        "profile_violation");
    bad(
        "several root keys, one of another algorithm last",
        "foreign_root",
        List.of(Cast.ROOT.publicKey().toString(), Cast.ROOT_P256.publicKey().toString()),
        root(Cast.MALLORY).held(),
        "invalid_signature");
    bad(
        "authority block of signature version 0",
        "version_0_signature",
        Chain.empty()
            .then(Story.authority(Story.GRANT), Cast.ROOT, Cast.PLANNER.publicKey(), 0)
            .held(),
        "profile_violation");
  }

  /** As the planner's token, with as many symbols. */
  private static Chain anotherTask() {
    String stated = Story.STATED.replace(Cast.TASK, "T-4712") + "purpose(\"another\");";
    Block authority = Story.block(Story.CONTEXT, stated, Story.GRANT, Duration.ofMinutes(60));
    return Chain.empty().then(authority, Cast.ROOT, Cast.PLANNER.publicKey(), 1);
  }

  private static Chain root(PrivateKey key) {
    return Chain.empty().then(Story.authority(Story.GRANT), key, Cast.PLANNER.publicKey(), 1);
  }

  private void addOrder() {
    Chain scraper = Story.scraper();
    Chain own = Story.own(Story.own(Story.planner(), "a(1);"), "b(1);");
    forged("hops in another order", "blocks_reordered", scraper.order(0, 2, 1));
    forged("own blocks in another order", "blocks_reordered", own.order(0, 2, 1));
    forged("middle hop dropped", "block_dropped", scraper.order(0, 2));
    forged("own narrowing block dropped", "block_dropped", own.order(0, 2));
    forged("authority block dropped", "block_dropped", scraper.order(1, 2));
    forged("hop twice", "block_duplicated", scraper.order(0, 1, 1, 2));
    forged("own block twice", "block_duplicated", own.order(0, 1, 1));
  }

  private void addEnds() {
    Chain bearer =
        Story.bearer()
            .then("check if tool(\"jira.get\");", Cast.THROW_AWAY, Cast.THROW_AWAY_2.publicKey());
    bad(
        "narrowed bearer token cut",
        "bearer_truncated",
        bearer.pick(0, 2).bearer(Cast.THROW_AWAY_2),
        "invalid_proof");
    bad(
        "held token with a stranger's secret",
        "foreign_secret",
        Story.planner().bearer(Cast.MALLORY),
        "invalid_proof");
    Proof seal = new Proof.FinalSignature(Cast.RESEARCHER.sign(Story.researcher().sealMessage()));
    bad("sealed token cut", "sealed_truncated", Story.planner().end(seal), "invalid_signature");
    Proof own = new Proof.FinalSignature(Cast.PLANNER.sign(Story.planner().sealMessage()));
    bad(
        "seal of another token of the same holder",
        "seal_of_another_token",
        Story.granted("jira.*").end(own),
        "invalid_signature");
    bad(
        "seal that is no signature",
        null,
        Story.planner().end(new Proof.FinalSignature(new byte[63])),
        "malformed_signature");
    bad(
        "bearer tail that ends as a held token",
        "held_after_bearer_tail",
        Story.bearer().held(),
        "profile_violation");
    bad(
        "handed back without a name",
        "held_after_bearer_tail",
        Story.researcher().then("", Cast.RESEARCHER, Cast.PLANNER.publicKey()).held(),
        "profile_violation");
    bad(
        "holder in a bearer tail",
        "holder_in_bearer_tail",
        Story.bearer()
            .then("holder(\"agent:researcher\");", Cast.THROW_AWAY, Cast.RESEARCHER.publicKey())
            .held(),
        "profile_violation");
    bad(
        "two keys of one name",
        "two_keys_one_name",
        Story.researcher()
            .then("holder(\"agent:planner\");", Cast.RESEARCHER, Cast.MALLORY.publicKey())
            .held(),
        "profile_violation");
    bad(
        "two names of one key",
        "one_key_two_names",
        Story.researcher()
            .then("holder(\"agent:auditor\");", Cast.RESEARCHER, Cast.PLANNER.publicKey())
            .held(),
        "profile_violation");
  }

  private void violation(String name, String attack, Chain chain) {
    bad(name, attack, chain.held(), "profile_violation");
  }

  private void addStatements() {
    for (String name : List.of("delegator", "task", "purpose", "holder")) {
      String others = Story.STATED.replaceAll(name + "\\(\"[^\"]*\"\\); ", "");
      String twice = name + "(\"one\"); " + name + "(\"two\");";
      violation(name + " twice", "stated_twice", Story.stating(others + twice));
      violation(name + " as a number", "stated_twice", Story.stating(others + name + "(7);"));
      violation(
          name + " of two terms", "stated_twice", Story.stating(others + name + "(\"a\", \"b\");"));
      violation(
          name + " derived",
          "derived_name",
          Story.stating(Story.STATED + name + "($x) <- task($x);"));
      if (!name.equals("purpose")) {
        violation("no " + name, "stated_twice", Story.stating(others));
      }
      if (!name.equals("holder")) {
        violation(
            name + " in a hop",
            "stated_twice",
            Story.hop("holder(\"agent:researcher\"); " + name + "(\"other\");"));
      }
    }
    violation(
        "holder twice in a hop",
        "stated_twice",
        Story.hop("holder(\"agent:researcher\"); holder(\"agent:planner\");"));
    violation("name with a space at its end", "ambiguous_name", Story.hop("holder(\"agent:x \");"));
    violation(
        "name that runs backwards", "ambiguous_name", Story.hop("holder(\"agent:\u202ex\");"));
    violation(
        "name of 1,025 bytes",
        "ambiguous_name",
        Story.hop("holder(\"" + "\u00e9".repeat(512) + "x\");"));
    violation("empty name", "ambiguous_name", Story.hop("holder(\"\");"));
    violation("name not in form C", "ambiguous_name", Story.hop("holder(\"cafe\u0301\");"));
    violation(
        "purpose not in form C",
        "ambiguous_name",
        Story.stating(Story.STATED + "purpose(\"cafe\u0301\");"));
    violation(
        "holder in a third party's block",
        "holder_by_third_party",
        Story.third(Story.planner(), Cast.AUDITOR, "holder(\"agent:planner\");", null));
    for (String context : List.of("taper/2", "", "taper/1 ")) {
      bad(
          "context '" + context + "'",
          "other_profile",
          Story.stating(Story.STATED, context).held(),
          "not_a_delegation");
    }
    bad(
        "no context",
        "other_profile",
        Story.stating(Story.STATED, null).held(),
        "not_a_delegation");
    EscalationCases.malformed()
        .forEach(
            (name, chain) ->
                violation(
                    name,
                    name.startsWith("justification")
                        ? "justification_by_third_party"
                        : "approval_forged",
                    chain));
  }

  private void addReserved() {
    for (String name : ReservedPredicates.names()) {
      violation(
          name + " as a fact of block 0",
          "reserved_predicate",
          Story.stating(Story.STATED + name + "(\"x\");"));
      violation(
          name + " derived in a hop",
          "reserved_predicate",
          Story.hop("holder(\"agent:researcher\"); " + name + "(1) <- true;"));
    }
    violation(
        "tool in a hop, of another number of terms",
        "reserved_predicate",
        Story.hop("holder(\"agent:researcher\"); tool(1, 2, 3);"));
    violation(
        "tool in a third party's block",
        "reserved_predicate",
        Story.third(Story.planner(), Cast.AUDITOR, "tool(\"jira.delete\");", null));
  }
}
