package dev.taper.cli.demo;

import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Outputs;
import java.util.List;

/**
 * A grant waits for an approval, gets it and is used; its task ends; the audit log tells what
 * happened, and a review asks about what is still living.
 */
final class LifecycleStory {
  /** The page with the audit trail. */
  static final String TRAIL = "trail.html";

  /** The page with the review. */
  static final String REVIEW = "review.html";

  private static final String AUDIT = " --audit audit.jsonl --audit-key audit.key";
  private static final String REGISTRY = " --registry sqlite:taper.db";
  private static final String REVOKER = " --revocations revoked.list --key revoker.key";
  private static final String REVOKED = " --revocations revoked.list --revocation-key revoker.pub";
  private static final String PUBLISHED =
      " --revocations published.list --revocation-key registry.pub";
  private static final String READER = " --audit-public-key audit.pub";
  private static final String REVIEWER = " --reviewer user:erin@acme.com";
  private static final String LATER = " --time +20m";

  private final Stage stage;

  private LifecycleStory(Stage stage) {
    this.stage = stage;
  }

  static void tell(Stage stage, Outputs files) {
    files(files);
    LifecycleStory story = new LifecycleStory(stage);
    story.keys();
    story.inactiveGrant();
    story.refusedInactive();
    story.approval();
    story.activated();
    story.takenBack();
    story.justification();
    story.windowOver();
    story.taskEnded();
    story.auditTrail();
    story.tampering();
    story.living();
    story.review();
    story.afterTheReview();
  }

  private static void files(Outputs files) {
    DelegationStory.write(
        files,
        "delete.json",
        "{\"tool\": \"jira.delete\", \"resource\": \"jira:project/ACME/Q3/12\","
            + " \"args\": {\"cascade\": false}}\n");
    DelegationStory.write(
        files,
        "delete-all.json",
        "{\"tool\": \"jira.delete\", \"resource\": \"jira:project/ACME/Q3/12\","
            + " \"args\": {\"cascade\": true}}\n");
    DelegationStory.write(
        files,
        "close.json",
        "{\"tool\": \"jira.close\", \"resource\": \"jira:project/ACME/Q3/7\"}\n");
    DelegationStory.write(
        files, "read.json", "{\"tool\": \"wiki.read\", \"resource\": \"wiki:handbook\"}\n");
    DelegationStory.write(
        files, "export.json", "{\"tool\": \"crm.export\", \"resource\": \"crm:customers\"}\n");
  }

  private void keys() {
    stage.say("1. Everybody has a key of their own. Erin approves; hers is on P-256.");
    for (String name :
        List.of(
            "root", "planner", "cleaner", "reporter", "exporter", "revoker", "registry", "audit")) {
      stage.run(ExitCode.OK, name + ".pub", "keygen --out %s", name + ".key");
    }
    stage.run(ExitCode.OK, "erin.pub", "keygen --algorithm secp256r1 --out erin.key");
    stage.say("   What is revoked stands in a signed list. Without one, services allow nothing.");
    stage.run(ExitCode.OK, "number 1", "revocations sign" + REVOKER);
  }

  private void inactiveGrant() {
    stage.say(
        "2. Alice lets the planner work for an hour. Two grants are inactive: closing needs a"
            + " reason, deleting needs Erin's yes.");
    stage.run(
        ExitCode.OK,
        "",
        "mint --key root.key --delegator user:alice@acme.com --holder agent:planner=planner.pub"
            + " --task T-4711 --purpose %s --grant %s --grant %s --grant %s --expires 1h"
            + " --out planner.token"
            + AUDIT
            + REGISTRY,
        "tidy up the Q3 tickets",
        "wiki.read",
        "jira.close if justified within 15m",
        "jira.delete on jira:project/ACME/* if approved by $(cat erin.pub)");
    stage.say("   It hands the tickets of Q3 on. What was inactive stays so.");
    stage.run(
        ExitCode.OK,
        "",
        "delegate planner.token --key planner.key --holder agent:cleaner=cleaner.pub --grant %s"
            + " --expires 30m --out cleaner.token"
            + AUDIT
            + REGISTRY,
        "jira.close, jira.delete on jira:project/ACME/Q3/*");
  }

  private void refusedInactive() {
    stage.say(
        "3. The cleaner deletes a ticket. The grant is inactive; the refusal says who activates"
            + " it.");
    call(
        ExitCode.DENIED,
        List.of("approval_required", "hop 0", "granted by user:alice", "taper escalate"),
        Call.of("cleaner", "delete", "svc:jira").and(REGISTRY));
  }

  private void approval() {
    stage.say(
        "4. So it asks. Erin sees the chain, who asks for what, and says yes for 15 minutes.");
    stage.run(
        ExitCode.OK,
        "",
        "escalate cleaner.token --request delete.json --audience svc:jira --reason %s"
            + " --out ask.json",
        "a duplicate of ACME-11");
    stage.run(
        ExitCode.OK,
        List.of(
            "user:alice@acme.com → agent:planner → agent:cleaner",
            "a duplicate of ACME-11",
            "approve exactly this call as often as it is made, at svc:jira"),
        "approve ask.json --public-key root.pub --key erin.key --for 15m --yes --out yes.approval"
            + AUDIT);
  }

  private void activated() {
    stage.say(
        "5. Her approval travels beside the token. The approved call is allowed; the same call with"
            + " other arguments is not.");
    Call approved = Call.of("cleaner", "delete", "svc:jira").and(REGISTRY).approval("yes");
    call(ExitCode.OK, List.of("ALLOWED"), approved);
    call(
        ExitCode.DENIED,
        List.of("approval_mismatch", "is for another call"),
        approved.request("delete-all"));
  }

  private void takenBack() {
    stage.say("   It asks for that, too. Erin says yes, and takes it back before it is used.");
    stage.run(
        ExitCode.OK,
        "",
        "escalate cleaner.token --request delete-all.json --audience svc:jira --reason %s"
            + " --out ask-all.json",
        "and all that hangs on it");
    stage.run(
        ExitCode.OK,
        "approve exactly this call",
        "approve ask-all.json --public-key root.pub --key erin.key --yes --out all.approval"
            + AUDIT);
    stage.run(
        ExitCode.OK,
        "revoked approval",
        "revoke approval all.approval --reason %s" + REVOKER + AUDIT,
        "too much at once");
    call(
        ExitCode.DENIED,
        List.of("approval_withdrawn"),
        Call.of("cleaner", "delete-all", "svc:jira").and(REGISTRY).approval("all"));
  }

  private void justification() {
    stage.say("6. Closing needs no other person: a reason, signed by the agent, on record.");
    stage.run(
        ExitCode.OK,
        "",
        "justify cleaner.token --key cleaner.key --tool jira.close --reason %s --for 10m"
            + " --out justified.token"
            + AUDIT,
        "fixed by the release of May");
    call(
        ExitCode.OK,
        List.of("ALLOWED"),
        Call.of("justified", "close", "svc:jira").by("cleaner").and(REGISTRY));
  }

  private void windowOver() {
    stage.say(
        "7. Twenty minutes later (--time +20m) Erin's yes is over. The token is still good for half"
            + " an hour.");
    call(
        ExitCode.DENIED,
        List.of("approval_expired", "ended at"),
        Call.of("cleaner", "delete", "svc:jira").approval("yes").later());
    stage.say("   The planner's own token, at another service, is not concerned.");
    call(ExitCode.OK, List.of("ALLOWED"), Call.of("planner", "read", "svc:wiki").later());
  }

  private void taskEnded() {
    stage.say("8. Alice ends the task: one entry in the signed list, and all its tokens are dead.");
    stage.run(
        ExitCode.OK,
        "revoked task T-4711",
        "task end T-4711 --reason %s" + REVOKER + AUDIT + REGISTRY,
        "all tidy");
    call(
        ExitCode.DENIED,
        List.of("revoked", "T-4711"),
        Call.of("justified", "close", "svc:jira").by("cleaner").later());
    call(
        ExitCode.DENIED,
        List.of("revoked", "T-4711"),
        Call.of("planner", "read", "svc:wiki").later());
  }

  private void auditTrail() {
    stage.say("9. What happened? The audit log is a signed chain, and tells it as a tree.");
    stage.run(ExitCode.OK, "INTACT", "audit verify audit.jsonl" + READER);
    stage.run(
        ExitCode.OK,
        List.of("agent:cleaner", "task ended", "approval_required", "a duplicate of ACME-11"),
        "audit trace audit.jsonl --task T-4711" + READER);
    stage.run(ExitCode.OK, "", "audit report audit.jsonl --task T-4711 --html %s" + READER, TRAIL);
  }

  private void tampering() {
    stage.say("10. Somebody edits one word of one record. It does not go unnoticed.");
    stage.edit("audit.jsonl", "edited.jsonl", "a duplicate of ACME-11", "as Erin told me");
    stage.run(
        ExitCode.DENIED, List.of("NOT INTACT", "edited"), "audit verify edited.jsonl" + READER);
  }

  private void living() {
    stage.say("11. Bob has agents too. One works, the other has never been called.");
    grant("reporter", "T-4801", "report on the wiki", "wiki.read");
    grant("exporter", "T-4802", "move to the new CRM", "crm.*");
    call(ExitCode.OK, List.of("ALLOWED"), Call.of("reporter", "read", "svc:wiki").and(REGISTRY));
  }

  private void grant(String agent, String task, String purpose, String grant) {
    stage.run(
        ExitCode.OK,
        "",
        "mint --key root.key --delegator user:bob@acme.com --holder %s --task %s --purpose %s"
            + " --grant %s --expires 30d --out %s"
            + AUDIT
            + REGISTRY,
        "agent:" + agent + "=" + agent + ".pub",
        task,
        purpose,
        grant,
        agent + ".token");
  }

  private void review() {
    stage.say("12. Erin reviews what is living. The task that ended is not asked about any more.");
    stage.run(
        ExitCode.OK,
        "2 open",
        "review start --title %s --due 7d" + REVIEWER + REGISTRY,
        "Q4 access review");
    stage.run(
        ExitCode.OK,
        "1 open, 1 certified",
        "review certify 1 --agent agent:reporter --reason %s" + REVIEWER + AUDIT + REGISTRY,
        "in daily use");
    stage.run(
        ExitCode.OK,
        "1 certified, 1 revoked",
        "review revoke 1 --agent agent:exporter --reason %s" + REVIEWER + AUDIT + REGISTRY,
        "never used; may do anything to customers");
    stage.run(ExitCode.OK, "Q4 access review", "review show" + REGISTRY);
    stage.run(ExitCode.OK, "", "review report 1 --html --out %s" + REGISTRY, REVIEW);
  }

  private void afterTheReview() {
    stage.say("13. The registry signs what is revoked by now. The next calls meet it.");
    stage.run(
        ExitCode.OK,
        "2 entries",
        "registry publish --key registry.key --out published.list" + REGISTRY);
    call(
        ExitCode.DENIED,
        List.of("revoked", "agent:exporter"),
        Call.of("exporter", "export", "svc:crm").list(PUBLISHED));
    call(ExitCode.OK, List.of("ALLOWED"), Call.of("reporter", "read", "svc:wiki").list(PUBLISHED));
    stage.run(ExitCode.OK, "INTACT", "audit verify audit.jsonl" + READER);
  }

  /** The holder proves the call, and the service decides it. */
  private void call(ExitCode expected, List<String> texts, Call call) {
    stage.run(
        ExitCode.OK,
        "",
        "prove %s --key %s --request %s --audience %s --out call.proof"
            + call.approvals
            + call.time,
        call.token + ".token",
        call.holder + ".key",
        call.request + ".json",
        call.service);
    stage.run(
        expected,
        texts,
        "authorize %s --public-key root.pub --request %s --audience %s --proof call.proof"
            + call.approvals
            + call.list
            + (call.time.isEmpty() ? AUDIT : "") // what would be is no event
            + call.more
            + call.time,
        call.token + ".token",
        call.request + ".json",
        call.service);
  }

  /** A call: with which token of whom, of what, with which approval, where and when. */
  private record Call(
      String token,
      String holder,
      String request,
      String service,
      String approvals,
      String list,
      String more,
      String time) {
    static Call of(String holder, String request, String service) {
      return new Call(holder, holder, request, service, "", REVOKED, "", "");
    }

    Call by(String someHolder) {
      return new Call(token, someHolder, request, service, approvals, list, more, time);
    }

    Call request(String other) {
      return new Call(token, holder, other, service, approvals, list, more, time);
    }

    Call approval(String name) {
      String option = " --approval " + name + ".approval";
      return new Call(token, holder, request, service, option, list, more, time);
    }

    Call list(String other) {
      return new Call(token, holder, request, service, approvals, other, more, time);
    }

    Call and(String options) {
      return new Call(token, holder, request, service, approvals, list, options, time);
    }

    Call later() {
      return new Call(token, holder, request, service, approvals, list, more, LATER);
    }
  }
}
