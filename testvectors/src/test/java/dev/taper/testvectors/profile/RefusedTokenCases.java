package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.agent.call.CallFacts;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.wire.TokenEnd;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens that are refused before any call is looked at. */
final class RefusedTokenCases {
  private final Cases cases =
      new Cases(
          "tokens",
          "Tokens that are refused by docs/profile.md, section 11, steps 1 to 5, whatever the call."
              + " Those of an attack were made by somebody who has some of the keys.");

  private RefusedTokenCases() {}

  static JsonNode file() {
    RefusedTokenCases all = new RefusedTokenCases();
    all.addSignatures();
    all.addOrder();
    all.addEnds();
    all.addStatements();
    all.addReserved();
    all.addRejects();
    RotationCases.addRefused(all.cases);
    BudgetCases.addRefused(all.cases);
    return all.cases.file();
  }

  private void bad(String name, @Nullable String attack, byte[] token, String code) {
    bad(name, attack, List.of(Cast.ROOT.publicKey().toString()), token, code);
  }

  private void bad(
      String name, @Nullable String attack, List<String> roots, byte[] token, String code) {
    cases.add(name, attack, "roots", roots, "token", token, "expect", Cases.code(code));
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
        "third party's block under another key's name",
        "third_party_block_moved",
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
    TokenEnd seal =
        new TokenEnd.FinalSignature(Cast.RESEARCHER.sign(Story.researcher().sealMessage()));
    bad("sealed token cut", "sealed_truncated", Story.planner().end(seal), "invalid_signature");
    TokenEnd own = new TokenEnd.FinalSignature(Cast.PLANNER.sign(Story.planner().sealMessage()));
    bad(
        "seal of another token of the same holder",
        "seal_of_another_token",
        Story.granted("jira.*").end(own),
        "invalid_signature");
    bad(
        "seal that is no signature",
        null,
        Story.planner().end(new TokenEnd.FinalSignature(new byte[63])),
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

  private void violation(String name, @Nullable String attack, Chain chain) {
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
    JustificationCases.malformed()
        .forEach(
            (name, chain) ->
                violation(
                    name,
                    name.endsWith("third party") ? "justification_by_third_party" : null,
                    chain));
  }

  private void addRejects() {
    String reject = "reject if suspended(\"user:alice@acme.com\");";
    violation("reject if in block 0", "reject_if", Story.stating(Story.STATED + reject));
    violation(
        "reject if in a hop", "reject_if", Story.hop("holder(\"agent:researcher\"); " + reject));
    violation("reject if in a holder's own block", "reject_if", Story.own(Story.planner(), reject));
    violation(
        "reject if in a third party's block",
        "reject_if",
        Story.third(Story.planner(), Cast.AUDITOR, reject, null));
    bad(
        "reject if in a bearer tail",
        "reject_if",
        Story.planner()
            .then(reject, Cast.PLANNER, Cast.THROW_AWAY.publicKey())
            .bearer(Cast.THROW_AWAY),
        "profile_violation");
  }

  private void addReserved() {
    for (String name : CallFacts.reserved()) {
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
        "a fact whose name is kept for later",
        "reserved_predicate",
        Story.stating(Story.STATED + "taper_anything(\"x\");"));
    violation(
        "a rule whose name is kept for later",
        "reserved_predicate",
        Story.hop("holder(\"agent:researcher\"); taper_x(1) <- true;"));
    violation(
        "a name that is kept for later, in a third party's block",
        "reserved_predicate",
        Story.third(Story.planner(), Cast.AUDITOR, "taper_(1);", null));
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
