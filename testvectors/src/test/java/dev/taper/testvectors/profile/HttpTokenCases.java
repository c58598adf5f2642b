package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Arriving.byPlanner;
import static dev.taper.testvectors.profile.Arriving.proof;
import static dev.taper.testvectors.profile.HttpCases.DELETE_7;
import static dev.taper.testvectors.profile.HttpCases.ORIGIN;
import static dev.taper.testvectors.profile.HttpCases.READ_7;
import static dev.taper.testvectors.profile.HttpCases.approval;
import static dev.taper.testvectors.profile.HttpCases.createIssue;
import static dev.taper.testvectors.profile.HttpCases.delete;
import static dev.taper.testvectors.profile.HttpCases.read;
import static dev.taper.testvectors.profile.Served.refused;
import static dev.taper.testvectors.profile.Served.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.testvectors.profile.RevocationLists.Listed;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests that are refused for the token, the proof, the approvals or what they grant. */
final class HttpTokenCases {
  private final Cases cases =
      new Cases(
          "http",
          "Requests that a guarded service refuses for what they carry, or for what that allows"
              + " (docs/binding.md).");

  private HttpTokenCases() {}

  static JsonNode file() {
    HttpTokenCases all = new HttpTokenCases();
    all.addTokens();
    all.addProofs();
    all.addChanged();
    all.addApprovals();
    all.addDenied();
    all.addUnknowable();
    return all.cases.file();
  }

  private void bad(String name, @Nullable String attack, Arriving request, ObjectNode expect) {
    new Served(name, attack).gets(request, expect).addTo(cases);
  }

  private static ObjectNode token(String code) {
    return refused(401, code);
  }

  private static ObjectNode proofs(String code) {
    return refused(401, code, "detail");
  }

  private static ObjectNode denied(String code) {
    return refused(403, code, "decision", "detail");
  }

  private static Arriving reading() {
    return byPlanner(read(), Served.chain());
  }

  private static Arriving withToken(String text) {
    return reading().changed("Authorization", "Taper " + text);
  }

  private void addTokens() {
    ObjectNode required = token("token_required");
    bad("no token", null, Arriving.of(read()), required);
    bad("a proof alone", null, reading().without("Authorization"), required);
    String good = HttpCases.token();
    bad(
        "a token sent as Bearer",
        null,
        reading().changed("Authorization", "Bearer " + good),
        required);
    bad("another scheme", null, Arriving.of(read()).with("Authorization", "Basic YTpi"), required);
    bad(
        "a token in other letters",
        "hostile_bytes",
        withToken(good + "!"),
        token("invalid_base64"));
    Arriving empty = reading().changed("Authorization", "Taper");
    bad("the scheme alone", "hostile_bytes", empty, token("invalid_base64"));
    Arriving blank = reading().changed("Authorization", "Basic YTpi").with("Taper-Token", "");
    bad("an empty field for the token", "hostile_bytes", blank, token("invalid_base64"));
    bad("two words", "hostile_bytes", withToken(good + " x"), token("invalid_base64"));
    bad("bytes that are no token", "hostile_bytes", withToken("AAAA"), token("malformed_token"));
    Chain foreign =
        Chain.empty().then(Story.authority("*"), Cast.MALLORY, Cast.PLANNER.publicKey(), 1);
    bad(
        "somebody else's token",
        "foreign_root",
        byPlanner(read(), foreign),
        token("invalid_signature"));
    Chain other = Story.stating("holder(\"agent:planner\");", null);
    bad(
        "a token of no profile",
        "other_profile",
        byPlanner(read(), other),
        token("not_a_delegation"));
    Arriving bare = Arriving.of(read());
    String bearer =
        Messages.base64(
            Served.chain()
                .then("", Cast.PLANNER, Cast.THROW_AWAY.publicKey())
                .bearer(Cast.THROW_AWAY));
    bad(
        "a bearer token",
        "bearer_unasked",
        bare.with("Taper-Token", bearer),
        proofs("bearer_not_accepted"));
    String sealed = Messages.base64(Served.chain().sealed(Cast.PLANNER));
    bad(
        "a sealed token",
        "sealed_unasked",
        bare.with("Taper-Token", sealed),
        proofs("sealed_not_accepted"));
    String task = "T-4711";
    byte[] list =
        Listed.snapshot(
                1,
                RevocationLists.entry(
                    RevocationLists.fingerprint(2, RevocationLists.bytes(task)), 2))
            .signed();
    new Served("a task that was revoked", "revoked_part")
        .with("revocations", revocations(list))
        .gets(reading(), proofs("revoked"))
        .addTo(cases);
  }

  private static ObjectNode revocations(byte[] lists) {
    return Json.object("issuers", List.of(Cast.REVOKER.publicKey().toString()), "lists", lists);
  }

  private void addProofs() {
    Chain chain = Served.chain();
    bad("no proof", "stolen_token", reading().without("Taper-Proof"), proofs("proof_required"));
    bad(
        "a proof that is none",
        "proof_respelled",
        reading().changed("Taper-Proof", "AAAA"),
        token("malformed_holder_proof"));
    String good = proof(read(), chain, Cast.PLANNER, Cast.JIRA, List.of());
    bad(
        "a proof with padding",
        "proof_respelled",
        reading().changed("Taper-Proof", good + "="),
        token("malformed_holder_proof"));
    bad(
        "a proof by another key",
        "proof_by_another_key",
        Arriving.proven(read(), chain, Cast.MALLORY),
        proofs("proof_mismatch"));
    Chain sibling = Story.granted("issue.read");
    bad(
        "a proof for another token",
        "proof_moved",
        withToken(Messages.base64(sibling.held())),
        proofs("proof_mismatch"));
    bad(
        "a proof for another service",
        "request_changed",
        reading().changed("Taper-Proof", proof(read(), chain, Cast.PLANNER, "svc:wiki", List.of())),
        proofs("request_mismatch"));
    bad(
        "a proof of a message",
        "request_changed",
        reading()
            .changed(
                "Taper-Proof",
                proof(Sent.mcp("tools/call", "{}"), chain, Cast.PLANNER, Cast.JIRA, List.of())),
        proofs("request_mismatch"));
    new Served("a request that is sent again", "proof_replayed")
        .gets(reading(), served(READ_7))
        .gets(reading(), proofs("proof_replayed"))
        .addTo(cases);
    new Served("a proof after its window", "proof_out_of_window")
        .after(Duration.ofMillis(60_001))
        .gets(reading(), proofs("proof_expired"))
        .addTo(cases);
    new Served("a proof before its window", "proof_out_of_window")
        .after(Duration.ofMillis(-30_001))
        .gets(reading(), proofs("proof_not_yet_valid"))
        .addTo(cases);
  }

  private void changed(String name, Arriving request) {
    bad(name, "request_changed", request, proofs("request_mismatch"));
  }

  private void addChanged() {
    Chain chain = Served.chain();
    changed("another method", reading().line("method", "DELETE"));
    changed(
        "another authority",
        byPlanner(Sent.http("GET", "http://[::1]:8080", "/issues/7"), chain)
            .line("scheme", "https")
            .changed("Host", "jira.example.com"));
    changed("another target", reading().line("target", "/issues/8"));
    changed(
        "an escape in the query spelled otherwise",
        byPlanner(Sent.http("GET", ORIGIN, "/issues/7?part=a%20b"), chain)
            .line("target", "/issues/7?part=a+b"));
    changed(
        "another type of content",
        byPlanner(createIssue(), chain).changed("Content-Type", "application/json; charset=utf-8"));
    changed("no type of content any more", byPlanner(attach(), chain).without("Content-Type"));
    changed("another content coding", byPlanner(attach(), chain).with("Content-Encoding", "gzip"));
    changed("another content", byPlanner(attach(), chain).content(new byte[] {2}));
    changed("no content", byPlanner(attach(), chain).content(new byte[0]));
    changed("a declared field more", reading().with("X-Site", "A"));
    changed(
        "another value of a declared field",
        byPlanner(read().field("x-site", "A"), chain).changed("x-site", "B"));
    changed(
        "an approval more", byPlanner(delete(), chain).with("Taper-Approval", approval(Cast.BOSS)));
    changed(
        "an approval less",
        byPlanner(delete(), chain, approval(Cast.BOSS)).without("Taper-Approval"));
  }

  private static Sent attach() {
    return Sent.http("PUT", ORIGIN, "/issues/7/file").content("a/b", new byte[] {1});
  }

  private void addApprovals() {
    ObjectNode malformed = token("malformed_approval");
    Arriving deleting = byPlanner(delete(), Served.chain());
    String boss = approval(Cast.BOSS);
    bad("an approval that is none", null, deleting.with("Taper-Approval", "AAAA"), malformed);
    bad("an approval and nothing", null, deleting.with("Taper-Approval", boss + ","), malformed);
    bad(
        "an approval twice",
        null,
        deleting.with("Taper-Approval", boss).with("Taper-Approval", boss),
        malformed);
    String many = String.join(",", Collections.nCopies(17, "AAAA"));
    bad("seventeen approvals", null, deleting.with("Taper-Approval", many), malformed);
    bad("no approval", null, deleting, denied("approval_required"));
    String byOther = approval(Cast.LAWYER);
    bad(
        "an approval by another key",
        "self_approval",
        byPlanner(delete(), Served.chain(), byOther),
        denied("approval_unknown_key"));
    String forRead = Said.of(Served.chain(), READ_7).by(Cast.BOSS);
    bad(
        "an approval for another call",
        "approval_stretched",
        byPlanner(delete(), Served.chain(), forRead),
        denied("approval_mismatch"));
    new Served("an approval used for a second request", null)
        .gets(byPlanner(delete(), Served.chain(), boss), served(DELETE_7))
        .gets(byPlanner(delete(), Served.chain(), boss), proofs("proof_replayed"))
        .addTo(cases);
  }

  private void addDenied() {
    bad(
        "a tool that is not granted",
        "wider_hop",
        byPlanner(Sent.http("POST", ORIGIN, "/issues/7/close"), Served.chain()),
        denied("out_of_scope"));
    Chain elsewhere =
        Served.chain()
            .then("check if audience(\"svc:wiki\");", Cast.PLANNER, Cast.PLANNER.publicKey());
    bad(
        "a token for another service",
        "condition_ignored",
        byPlanner(read(), elsewhere),
        denied("wrong_audience"));
    Chain ended =
        Served.chain()
            .then(
                "check if time($t), $t < 2030-01-01T12:00:00Z;",
                Cast.PLANNER,
                Cast.PLANNER.publicKey());
    bad(
        "a token that has ended",
        "condition_ignored",
        byPlanner(read(), ended),
        refused(401, "expired", "decision", "detail"));
    Chain early =
        Served.chain()
            .then(
                "check if time($t), $t >= 2030-01-01T12:00:01Z;",
                Cast.PLANNER,
                Cast.PLANNER.publicKey());
    bad(
        "a token of which the time has not come",
        "condition_ignored",
        byPlanner(read(), early),
        refused(401, "not_yet_valid", "decision", "detail"));
    new Served("a policy of the service", null)
        .with("policies", "deny if tool(\"issue.read\"); allow if true;")
        .gets(reading(), denied("policy_denied"))
        .addTo(cases);
    new Served("no policy of the service", null)
        .with("policies", "allow if tool(\"issue.delete\");")
        .gets(reading(), denied("no_matching_policy"))
        .addTo(cases);
  }

  private void addUnknowable() {
    new Served("nobody knows what is revoked", "list_withheld")
        .with("revocations", revocations(new byte[0]))
        .gets(reading(), refused(503, "revocation_unavailable"))
        .addTo(cases);
    new Served("a list that is too old", "list_withheld")
        .with("revocations", revocations(Listed.snapshot(1).times(0, 300_000, 60).signed()))
        .after(Duration.ofSeconds(60))
        .gets(reading(), served(READ_7))
        .after(Duration.ofMillis(1))
        .gets(reading(), refused(503, "revocation_stale"))
        .addTo(cases);
    Chain budget =
        Served.chain()
            .then(
                "budget(\"a\", \"acme\", {\"*\"}, null, null, 1, null); check if budget_store(\"acme\");",
                Cast.PLANNER,
                Cast.PLANNER.publicKey());
    bad(
        "a budget of a store that the service has not",
        null,
        byPlanner(read(), budget),
        refused(503, "budget_unavailable"));
  }
}
