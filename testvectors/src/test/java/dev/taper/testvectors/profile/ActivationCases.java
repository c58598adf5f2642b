package dev.taper.testvectors.profile;

import static dev.taper.testvectors.profile.Decision.denied;
import static dev.taper.testvectors.profile.DecisionCases.PLANNER;
import static dev.taper.testvectors.profile.Statements.CALL;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.crypto.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that inactive grants cover, and what is sent with them. */
abstract class ActivationCases {
  static final String DELETE = "jira.search or jira.delete on jira:project/ACME/*";
  static final String OTHER = CALL.replace("\"limit\":1", "\"limit\":2");

  final Cases cases;

  ActivationCases(Cases cases) {
    this.cases = cases;
  }

  /** Adds them. */
  abstract void add();

  /** A token and what its holder sends beside it. */
  record Beside(Chain chain, List<String> approvals) {
    static Beside of(Chain chain, String... approvals) {
      return new Beside(chain, List.of(approvals));
    }

    Beside and(String approval) {
      List<String> more = new ArrayList<>(approvals);
      more.add(approval);
      return new Beside(chain, more);
    }
  }

  static String threeKeys() {
    return String.join(
        ", ",
        Cast.BOSS.publicKey().toString(),
        Cast.AUDITOR.publicKey().toString(),
        Cast.LAWYER.publicKey().toString());
  }

  static Chain ifBoss() {
    return Story.granted(DELETE + " if approved by " + Cast.BOSS.publicKey());
  }

  static Chain ifTwo() {
    return Story.granted(DELETE + " if approved by 2 of " + threeKeys());
  }

  static Said said(Chain chain) {
    return Said.of(chain, CALL);
  }

  static Beside approved(Chain chain, PrivateKey... approvers) {
    Beside all = Beside.of(chain);
    for (PrivateKey approver : approvers) {
      all = all.and(said(chain).by(approver));
    }
    return all;
  }

  final void single(String name, @Nullable String attack, Beside beside, ObjectNode expect) {
    with(new Decision(name, attack), beside, CALL, expect).addTo(cases);
  }

  final void single(String name, @Nullable String attack, Chain chain, ObjectNode expect) {
    single(name, attack, Beside.of(chain), expect);
  }

  static Decision with(Decision decision, Beside beside, String request, ObjectNode expect) {
    return decision.call(beside.chain(), beside.approvals(), Cast.PLANNER, request, expect);
  }

  final Decision counting(String name, @Nullable String attack) {
    return new Decision(name, attack).with("countsApprovals", true);
  }

  static ObjectNode refused(String code) {
    return denied(code, 0, PLANNER);
  }

  static ObjectNode names() {
    return Json.object(
        "persons",
        Json.object(
            "user:boss",
            List.of(Cast.BOSS.publicKey().toString(), Cast.LAWYER.publicKey().toString()),
            "user:auditor",
            List.of(Cast.AUDITOR.publicKey().toString())),
        "groups",
        Json.object("finance", List.of("user:boss", "user:auditor")));
  }

  static Chain handed(Chain chain, String more) {
    return chain.then(
        "holder(\"agent:researcher\"); " + more, Cast.PLANNER, Cast.RESEARCHER.publicKey());
  }
}
