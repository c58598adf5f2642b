package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.allowed;
import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.Story.SEARCH;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Block;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Rule;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls that are decided: allowed, or denied with a code, a block and its holder. */
final class DecisionCases {
  static final String PLANNER = "agent:planner";
  static final String RESEARCHER = "agent:researcher";

  private final Cases cases =
      new Cases(
          "decisions",
          "Calls that one verifier decides in turn (docs/profile.md, section 11). now counts"
              + " milliseconds since 1970. A verifier trusts roots, takes bearer and sealed tokens"
              + " if it says so, and allows what the chain allows unless it has policies. hop and"
              + " holder say which block is to blame, and who held the token after it.");

  private DecisionCases() {}

  static JsonNode file() {
    DecisionCases all = new DecisionCases();
    all.addStory();
    all.addConditions();
    all.addModes();
    all.addProofs();
    all.addRoots();
    all.addBlocks();
    all.addThirdPartyInTail();
    RotationCases.addDecisions(all.cases);
    new DatalogCases(all.cases).addAll();
    return all.cases.file();
  }

  private static Decision decision(String name, @Nullable String attack) {
    return new Decision(name, attack);
  }

  private void single(
      String name,
      @Nullable String attack,
      Chain chain,
      PrivateKey holder,
      String request,
      ObjectNode expect) {
    decision(name, attack).call(chain, holder, request, expect).addTo(cases);
  }

  private static Chain conditioned(String check) {
    return Story.own(Story.planner(), check);
  }

  private void addStory() {
    single("the planner searches", null, Story.planner(), Cast.PLANNER, SEARCH, allowed());
    single("the researcher searches", null, Story.researcher(), Cast.RESEARCHER, SEARCH, allowed());
    single("the scraper searches", null, Story.scraper(), Cast.SCRAPER, SEARCH, allowed());
    String more = SEARCH.replace("50", "51");
    ObjectNode byScraper = denied("out_of_scope", 2, "agent:scraper");
    single("the scraper asks for more", null, Story.scraper(), Cast.SCRAPER, more, byScraper);
    String elsewhere = SEARCH.replace("Q3", "Q4");
    ObjectNode byResearcher = denied("out_of_scope", 1, RESEARCHER);
    single(
        "the scraper looks elsewhere",
        null,
        Story.scraper(),
        Cast.SCRAPER,
        elsewhere,
        byResearcher);
    String other = SEARCH.replace("ACME", "OTHER");
    ObjectNode byPlanner = denied("out_of_scope", 0, PLANNER);
    single("another project", null, Story.researcher(), Cast.RESEARCHER, other, byPlanner);
    Chain wider =
        Story.planner()
            .then(
                Story.block(null, "holder(\"agent:researcher\");", "*", null),
                Cast.PLANNER,
                Cast.RESEARCHER.publicKey(),
                1);
    single("a hop that names more", "wider_hop", wider, Cast.RESEARCHER, Story.DELETE, byPlanner);
    single("what both allow", null, wider, Cast.RESEARCHER, SEARCH, allowed());
    Chain again =
        Story.own(Story.own(Story.planner(), "check if true;"), "check if true or tool(\"x\");");
    single(
        "checks that are always true", "wider_hop", again, Cast.PLANNER, Story.DELETE, byPlanner);
  }

  /** The call is made at 2030-01-01T12:00:00Z. */
  private void addSpellings() {
    for (String end :
        List.of(
            "$t <= 2030-01-01T11:59:59Z",
            "2030-01-01T12:00:00Z > $t",
            "2030-01-01T11:59:59Z >= $t")) {
      condition("ended: " + end, "check if time($t), " + end + ";", "expired");
    }
    for (String beginning :
        List.of(
            "$t > 2030-01-01T12:00:00Z",
            "2030-01-01T12:00:01Z <= $t",
            "2030-01-01T12:00:00Z < $t")) {
      condition("not yet: " + beginning, "check if time($t), " + beginning + ";", "not_yet_valid");
    }
    condition(
        "after the last date, in another spelling",
        "check if time($t), $t > 9999-12-31T23:59:59Z;",
        "check_failed");
    condition(
        "an end beside something else",
        "check if time($t), $t <= 2030-01-01T11:59:59Z, true;",
        "check_failed");
  }

  private void addConditions() {
    Duration hour = Duration.ofMinutes(60);
    decision("ends are exact", null)
        .after(hour.minusSeconds(1))
        .call(Story.planner(), Cast.PLANNER, SEARCH, allowed())
        .after(Duration.ofSeconds(1))
        .call(Story.planner(), Cast.PLANNER, SEARCH, denied("expired", 0, PLANNER))
        .addTo(cases);
    String past = "check if time($t), $t < 2030-01-01T12:00:00Z;";
    for (String scope : List.of("", "trusting authority;")) {
      // With a scope of its own, a block's checks could see what others state: it ends no sooner.
      Chain ended = Story.stating(scope + Story.STATED + past);
      decision(
              "an end that " + (scope.isEmpty() ? "comes before the proof" : "a scope puts off"),
              null)
          .call(
              ended.held(),
              null,
              SEARCH,
              scope.isEmpty() ? denied("expired", 0, PLANNER) : denied("proof_required"))
          .call(ended, Cast.PLANNER, SEARCH, denied("expired", 0, PLANNER))
          .addTo(cases);
    }
    Block fresh = Story.block(null, "holder(\"agent:researcher\");", null, Duration.ofHours(2));
    Chain child = Story.planner().then(fresh, Cast.PLANNER, Cast.RESEARCHER.publicKey(), 1);
    decision("fresh hop under a grant that has ended", "expired_parent")
        .after(hour)
        .call(child, Cast.RESEARCHER, SEARCH, denied("expired", 0, PLANNER))
        .addTo(cases);
    condition("another service", "check if audience(\"svc:crm\");", "wrong_audience");
    condition(
        "other services",
        "check if audience($audience), {\"a\", \"b\"}.contains($audience);",
        "wrong_audience");
    condition("another task", "check if task(\"T-9999\");", "wrong_task");
    condition("not yet", "check if time($time), $time >= 2030-01-01T12:00:01Z;", "not_yet_valid");
    addSpellings();
    condition(
        "a verified holder only",
        "check if invoker($i), holder_verified($i);",
        "holder_not_verified");
    condition("a check of another shape", "check if tool(\"jira.get\"), true;", "check_failed");
    for (String held :
        List.of(
            "check if audience(\"svc:jira\");",
            "check if audience($a), {\"svc:crm\", \"svc:jira\"}.contains($a);",
            "check if task(\"T-4711\");",
            "check if time($time), $time >= 2030-01-01T12:00:00Z;",
            "check if depth($d), $d <= 0;",
            "check if presented(\"held\"), invoker(\"agent:planner\"), delegation(0,"
                + " \"agent:planner\", $k);")) {
      single("holds: " + held, null, conditioned(held), Cast.PLANNER, SEARCH, allowed());
    }
    Chain deep =
        conditioned("check if depth($depth), $depth <= 0;")
            .then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    single(
        "handed on too often",
        "condition_ignored",
        deep,
        Cast.RESEARCHER,
        SEARCH,
        denied("too_deep", 1, PLANNER));
    addDirectory();
  }

  private void condition(String name, String check, String code) {
    String attack =
        switch (code) {
          case "check_failed" -> null;
          case "holder_not_verified" -> "unverified_holder";
          default -> "condition_ignored";
        };
    single(name, attack, conditioned(check), Cast.PLANNER, SEARCH, denied(code, 1, PLANNER));
  }

  private void addDirectory() {
    String check = "check if invoker($invoker), holder_verified($invoker);";
    Chain own = conditioned(check);
    Chain handed =
        own.then("holder(\"agent:researcher\");", Cast.PLANNER, Cast.RESEARCHER.publicKey());
    ObjectNode known = Json.object(PLANNER, List.of(Cast.PLANNER.publicKey().toString()));
    ObjectNode wrong = Json.object(PLANNER, List.of(Cast.MALLORY.publicKey().toString()));
    decision("a holder whom the directory knows", null)
        .with("directory", known)
        .call(own, Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
    decision("a name that the directory knows with another key", "unverified_holder")
        .with("directory", wrong)
        .call(own, Cast.PLANNER, SEARCH, denied("holder_not_verified", 1, PLANNER))
        .addTo(cases);
    decision("a verified ancestor vouches for nobody", "unverified_holder")
        .with("directory", known)
        .call(handed, Cast.RESEARCHER, SEARCH, denied("holder_not_verified", 1, PLANNER))
        .addTo(cases);
  }

  private void addModes() {
    byte[] bearer = Story.bearer().bearer(Cast.THROW_AWAY);
    byte[] sealed = Story.planner().sealed(Cast.PLANNER);
    decision("bearer token, not asked for", "bearer_unasked")
        .call(bearer, null, SEARCH, denied("bearer_not_accepted"))
        .addTo(cases);
    decision("sealed token, not asked for", "sealed_unasked")
        .call(sealed, null, SEARCH, denied("sealed_not_accepted"))
        .addTo(cases);
    decision("bearer token", null)
        .with("bearer", true)
        .call(bearer, null, SEARCH, allowed())
        .call(bearer, null, Story.DELETE, denied("out_of_scope", 0, PLANNER))
        .addTo(cases);
    Decision beside = decision("sealed token with somebody's proof", null).with("sealed", true);
    String proof = beside.proof(Story.planner(), Cast.MALLORY, SEARCH);
    beside
        .call(sealed, proof, SEARCH, allowed())
        .call(sealed, proof + "=", SEARCH, Cases.code("malformed_holder_proof"))
        .addTo(cases);
    decision("sealed token", null)
        .with("sealed", true)
        .call(sealed, null, SEARCH, allowed())
        .call(sealed, null, SEARCH, allowed())
        .addTo(cases);
    Chain tail =
        Story.bearer()
            .then("check if tool(\"x\");", Cast.THROW_AWAY, Cast.THROW_AWAY_2.publicKey());
    decision("bearer tail that refuses", null)
        .with("bearer", true)
        .call(tail.bearer(Cast.THROW_AWAY_2), null, SEARCH, denied("out_of_scope", 2, null))
        .addTo(cases);
    Chain depth =
        conditioned("check if depth($depth), $depth <= 1;")
            .then("", Cast.PLANNER, Cast.THROW_AWAY.publicKey());
    Chain deeper = depth.then("", Cast.THROW_AWAY, Cast.THROW_AWAY_2.publicKey());
    decision("depth in a bearer tail", null)
        .with("bearer", true)
        .call(depth.bearer(Cast.THROW_AWAY), null, SEARCH, allowed())
        .call(deeper.bearer(Cast.THROW_AWAY_2), null, SEARCH, denied("too_deep", 1, PLANNER))
        .addTo(cases);
  }

  /** A third party's block in a bearer tail changes the key, but adds no depth. */
  private void addThirdPartyInTail() {
    Chain tail =
        conditioned("check if depth($depth), $depth <= 1;")
            .then("", Cast.PLANNER, Cast.THROW_AWAY.publicKey())
            .third(
                Datalog.block("note(1);"),
                Cast.AUDITOR,
                Cast.AUDITOR.publicKey(),
                Cast.THROW_AWAY,
                Cast.THROW_AWAY_2.publicKey());
    decision("third party's block in a bearer tail", null)
        .with("bearer", true)
        .call(tail.bearer(Cast.THROW_AWAY_2), null, SEARCH, allowed())
        .addTo(cases);
  }

  private void addProofs() {
    Chain planner = Story.planner();
    byte[] token = planner.held();
    decision("held token without its holder", "stolen_token")
        .call(token, null, SEARCH, denied("proof_required"))
        .call(Story.researcher().held(), null, SEARCH, denied("proof_required"))
        .addTo(cases);
    String ahead =
        ProofCases.proof(
            Cast.PLANNER,
            Objects.requireNonNull(planner.state()),
            Cast.JIRA,
            SEARCH,
            Cast.NOON.plusSeconds(30),
            ProofCases.NONCE);
    decision("a clock set back goes on by the latest good proof", null)
        .call(planner, Cast.PLANNER, SEARCH, allowed())
        .after(Duration.ofSeconds(-1))
        .call(token, ahead, SEARCH, allowed())
        .addTo(cases);
    single(
        "another key",
        "proof_by_another_key",
        planner,
        Cast.MALLORY,
        SEARCH,
        denied("proof_mismatch"));
    single(
        "an earlier holder",
        "proof_by_another_key",
        Story.researcher(),
        Cast.PLANNER,
        SEARCH,
        denied("proof_mismatch"));
    single(
        "chain cut to an earlier holder's",
        "truncated_to_ancestor",
        Story.researcher().pick(0, 1),
        Cast.RESEARCHER,
        SEARCH,
        denied("proof_mismatch"));
    Decision replay = decision("proof used again", "proof_replayed");
    String proof = replay.proof(planner, Cast.PLANNER, SEARCH);
    replay
        .call(token, proof, SEARCH, allowed())
        .call(token, proof, SEARCH, denied("proof_replayed"))
        .after(Duration.ofSeconds(60))
        .call(token, proof, SEARCH, denied("proof_replayed"))
        .after(Duration.ofSeconds(1))
        .call(token, proof, SEARCH, denied("proof_expired"))
        .after(Duration.ofSeconds(-61))
        .call(token, proof, SEARCH, denied("proof_replayed"))
        .addTo(cases);
    Decision spent = decision("proof of a refused call is not remembered", null);
    String refused = spent.proof(planner, Cast.PLANNER, Story.DELETE);
    spent
        .call(token, refused, Story.DELETE, denied("out_of_scope", 0, PLANNER))
        .call(token, refused, Story.DELETE, denied("out_of_scope", 0, PLANNER))
        .addTo(cases);
    Decision twin = decision("proof with the other s", "twin_signature");
    byte[] scraper = Story.scraper().held();
    String first = twin.proof(Story.scraper(), Cast.SCRAPER, SEARCH);
    byte[] bytes = Base64.getUrlDecoder().decode(first);
    byte[] other = KeyCases.twin(Arrays.copyOfRange(bytes, 27 + 28, bytes.length));
    String second = Messages.base64(Messages.join(Arrays.copyOf(bytes, 27 + 28), other));
    twin.call(scraper, first, SEARCH, allowed())
        .call(scraper, second, SEARCH, denied("proof_replayed"))
        .addTo(cases);
    Decision moved = decision("proof moved", "proof_moved");
    String own = moved.proof(planner, Cast.PLANNER, SEARCH);
    moved
        .call(Story.granted("jira.*").held(), own, SEARCH, denied("proof_mismatch"))
        .call(conditioned("check if true;").held(), own, SEARCH, denied("proof_mismatch"))
        .call(token, own, Story.DELETE, denied("request_mismatch"))
        .addTo(cases);
    Decision service = decision("proof for another service", "request_changed");
    service
        .with("audience", "svc:crm")
        .call(
            token, service.proof(planner, Cast.PLANNER, SEARCH), SEARCH, denied("request_mismatch"))
        .addTo(cases);
    Decision late = decision("proof kept too long", "proof_out_of_window");
    String kept = late.proof(planner, Cast.PLANNER, SEARCH);
    late.after(Duration.ofMillis(60_001))
        .call(token, kept, SEARCH, denied("proof_expired"))
        .after(Duration.ofMillis(-90_002))
        .call(token, kept, SEARCH, denied("proof_not_yet_valid"))
        .addTo(cases);
    decision("proof with padding", "proof_respelled")
        .call(token, own + "=", SEARCH, Cases.code("malformed_holder_proof"))
        .addTo(cases);
  }

  private void addRoots() {
    String root = Cast.ROOT.publicKey().toString();
    String other = Cast.ROOT_P256.publicKey().toString();
    List<ObjectNode> both = List.of(Decision.root(root, 1), Decision.root(other, 2));
    Chain named = Story.planner().keyId(1);
    decision("root keys with ids", null)
        .with("roots", both)
        .call(named, Cast.PLANNER, SEARCH, allowed())
        .call(Story.planner(), Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
    decision("id of another root key", "root_key_id_changed")
        .with("roots", both)
        .call(Story.planner().keyId(2), Cast.PLANNER, SEARCH, Cases.code("malformed_signature"))
        .call(Story.planner().keyId(3), Cast.PLANNER, SEARCH, Cases.code("unknown_root_key"))
        .addTo(cases);
    List<ObjectNode> swapped = List.of(Decision.root(other, 2), Decision.root(root, 1));
    decision("a token without an id is tried against the first root key alone", null)
        .with("roots", swapped)
        .call(named, Cast.PLANNER, SEARCH, allowed())
        .call(Story.planner(), Cast.PLANNER, SEARCH, Cases.code("malformed_signature"))
        .addTo(cases);
    decision("no trusted root key", "foreign_root")
        .with("roots", List.of())
        .call(Story.planner(), Cast.PLANNER, SEARCH, Cases.code("unknown_root_key"))
        .addTo(cases);
    decision("a root key alone, whatever the id", null)
        .call(Story.planner().keyId(9), Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
  }

  private void addBlocks() {
    Chain asking = Story.stating(Story.STATED + "check if right(\"jira.search\");");
    Chain pretending =
        asking.then(
            "holder(\"agent:researcher\"); right(\"jira.search\");",
            Cast.PLANNER,
            Cast.RESEARCHER.publicKey());
    single(
        "facts of a hop that block 0 asks for",
        "pretended_grant",
        pretending,
        Cast.RESEARCHER,
        SEARCH,
        denied("check_failed", 0, PLANNER));
    String allow = "allow if right($t), tool($t);";
    for (String fact :
        List.of(
            "right(\"jira.search\");",
            "right($t) <- tool($t);",
            "right($t) <- tool($t) trusting previous;")) {
      decision("facts of a hop that a service asks for: " + fact, "pretended_grant")
          .with("policies", allow)
          .call(
              Story.hop("holder(\"agent:researcher\"); " + fact),
              Cast.RESEARCHER,
              SEARCH,
              denied("no_matching_policy"))
          .addTo(cases);
    }
    Chain third = Story.third(Story.planner(), Cast.MALLORY, "right(\"jira.search\");", null);
    decision("facts of a third party that a service asks for", "pretended_grant")
        .with("policies", allow)
        .call(third, Cast.PLANNER, SEARCH, denied("no_matching_policy"))
        .addTo(cases);
    decision("facts of block 0 that a service asks for", null)
        .with("policies", allow)
        .call(
            Story.stating(Story.STATED + "right(\"jira.search\");"),
            Cast.PLANNER,
            SEARCH,
            allowed())
        .addTo(cases);
    decision("facts of a third party whom a service trusts", null)
        .with(
            "policies",
            "allow if right($t), tool($t) trusting authority, " + Cast.MALLORY.publicKey() + ";")
        .call(third, Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
    for (String sought :
        List.of(
            "check if member($u, $t);",
            "check if member($u, $t) trusting authority, previous;",
            "check if member(\"u-1\", $t);",
            "check all member($u, $t);",
            "check if derived($t);",
            "seen($u) <- member($u, $t); check if seen($u);")) {
      decision("a hop asks for facts of the service: " + sought, "service_facts_read")
          .with(
              "policies",
              "member(\"u-1\", \"acme\"); derived($t) <- member($u, $t), tool($x);"
                  + " allow if member($u, $t), derived($t);")
          .call(
              Story.hop("holder(\"agent:researcher\"); " + sought),
              Cast.RESEARCHER,
              SEARCH,
              denied("check_failed", 1, "agent:researcher"))
          .addTo(cases);
    }
    decision("facts of the service for its own policies", null)
        .with(
            "policies",
            "member(\"u-1\", \"acme\"); derived($t) <- member($u, $t), tool($x);"
                + " allow if member($u, $t), derived($t);")
        .call(Story.planner(), Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
    decision("facts of a service that it shares", null)
        .with("policies", "member(\"u-1\", \"acme\"); allow if true;")
        .with("shared", List.of("member"))
        .call(
            Story.own(Story.planner(), "check if member($u, $t);"), Cast.PLANNER, SEARCH, allowed())
        .addTo(cases);
    decision("a service's deny policy", null)
        .with("policies", "deny if tool(\"jira.search\"); allow if true;")
        .call(Story.planner(), Cast.PLANNER, SEARCH, denied("policy_denied"))
        .addTo(cases);
    decision("a service's check", null)
        .with("policies", "check if operation(\"list\"); allow if true;")
        .call(Story.planner(), Cast.PLANNER, SEARCH, denied("check_failed"))
        .addTo(cases);
    for (String broken :
        List.of(
            "check if 1 / 0 === 1 or true;", "check if 9223372036854775807 + 1 > 0;",
            "check if \"a\" < 1;", "check if 1.extern::nothing();")) {
      String name = "error in a block: " + broken;
      single(
          name,
          "error_in_check",
          Story.own(Story.planner(), broken),
          Cast.PLANNER,
          SEARCH,
          denied("evaluation_failed"));
    }
    Predicate head = Predicate.of("r", new Term.Variable("x"));
    Query body = new Query(List.of(Predicate.of("tool", new Term.Str("y"))), List.of(), List.of());
    Block unbound = Block.builder().rule(new Rule(head, body)).build();
    Chain chain = Story.planner().then(unbound, Cast.PLANNER, Cast.PLANNER.publicKey(), 1);
    single(
        "a rule that does not bind its head",
        "error_in_check",
        chain,
        Cast.PLANNER,
        SEARCH,
        denied("evaluation_failed"));
  }
}
