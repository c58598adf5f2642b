package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens that are right, step by step. */
final class TokenCases {
  private final Cases good =
      new Cases(
          "tokens",
          "Tokens step by step. A verifier that trusts the key in roots reads, verifies and accepts"
              + " them (docs/profile.md, section 11, steps 1 to 5). In each step, token is what the"
              + " chain is up to here, held.");

  private TokenCases() {}

  static JsonNode file() {
    TokenCases cases = new TokenCases();
    cases.addGood();
    return cases.good.file();
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
      String handedOn =
          holder.equals(named) && !step.block().nextKey().equals(step.signer())
              ? "rotated"
              : "delegated";
      String mode =
          i == 0 ? "authority" : named != null ? handedOn : bearer ? "bearer" : "narrowed";
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
    RotationCases.good().forEach(this::held);
    BudgetCases.good().forEach(this::held);
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
                + " r($x) <- tool($x), [1, 2].any($y -> $y > 1);"));
    held(
        "a scope of a third party's key",
        Story.own(
            Story.planner(),
            "check if seen(true) trusting authority, " + Cast.AUDITOR.publicKey() + " or true;"));
    held(
        "an element twice in a set",
        Story.planner().then(setOfOneTwice().toBytes(), Cast.PLANNER, Cast.PLANNER.publicKey(), 1));
    held(
        "null in a set in an array, in version 3",
        Story.planner()
            .then(nullInASetInAnArray().toBytes(), Cast.PLANNER, Cast.PLANNER.publicKey(), 1));
    held("a name of 1,024 bytes", Story.hop("holder(\"" + "\u00e9".repeat(512) + "\");"));
    held(
        "the last date in a justification",
        JustificationCases.justifiedUntil(JustificationCases.LAST_DATE));
    held(
        "a P-256 signature with the larger s",
        Story.scraper().then("check if true;", Cast.SCRAPER, Cast.SCRAPER.publicKey()).withTwin());
    held("every requirement", Story.granted(EscalationCases.INACTIVE));
    held("a justification", Statements.justify(JustificationCases.ifJustified(), "jira.*", 0, 900));
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

  private static Proto nullInASetInAnArray() {
    Proto nothing = Proto.EMPTY.message(8, Proto.EMPTY);
    Proto set = Proto.EMPTY.message(7, Proto.EMPTY.message(1, nothing));
    Proto array = Proto.EMPTY.message(9, Proto.EMPTY.message(1, set));
    Proto predicate = Proto.EMPTY.number(1, 0).message(2, array);
    return Proto.EMPTY.number(3, 3).message(4, Proto.EMPTY.message(1, predicate));
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
}
