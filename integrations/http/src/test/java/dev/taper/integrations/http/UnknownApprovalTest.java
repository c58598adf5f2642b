package dev.taper.integrations.http;

import static dev.taper.integrations.http.AskContract.assertDone;
import static dev.taper.integrations.http.AskContract.assertRefused;
import static dev.taper.integrations.http.AskWorld.CLOSE;
import static dev.taper.integrations.http.AskWorld.approval;
import static dev.taper.integrations.http.AskWorld.approve;
import static dev.taper.integrations.http.AskWorld.body;
import static dev.taper.integrations.http.AskWorld.get;
import static dev.taper.integrations.http.AskWorld.location;
import static dev.taper.integrations.http.AskWorld.post;
import static dev.taper.integrations.http.AskWorld.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.integrations.http.Wire.Answer;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Approvals of which nobody can find out whether they count: they are not kept. */
class UnknownApprovalTest {
  private final AskWorld world = new AskWorld();
  private final List<AutoCloseable> open = new ArrayList<>();

  private TestService start(UnaryOperator<VerifierBuilder> with) throws Exception {
    TestService service =
        JdkService.start(
            origin ->
                HttpGuard.of(with.apply(world.verifier(origin)).build())
                    .keepingAsks(Asks.inMemory()));
    open.add(service);
    return service;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  /** What cannot be known about an approval speaks for it no more than what speaks against it. */
  @Test
  void approval_thatNobodyCanJudgeNow_isNotKept() throws Exception {
    AtomicReference<RevocationStatus> status = new AtomicReference<>(RevocationStatus.FRESH);
    Fingerprint approver = Fingerprint.ofHolder(world.world.boss.publicKey());
    Instant issued = Instant.now();
    Revocations revocations =
        (fingerprints, now) ->
            fingerprints.contains(approver)
                ? new RevocationCheck(
                    status.get(),
                    -1,
                    1,
                    status.get() == RevocationStatus.UNAVAILABLE ? null : issued)
                : new RevocationCheck(RevocationStatus.FRESH, -1, 1, issued);
    TestService service = start(verifier -> verifier.revocations(revocations));
    String target = location(world.ask(service, body("POST", CLOSE)));
    Approval approval = approval(request(get(service, target)), world.world.boss);
    String json = AskWorld.answer(approval);

    status.set(RevocationStatus.UNAVAILABLE);
    assertRefused(post(service, target, List.of(), json), 503, "revocation_unavailable");
    assertRefused(askWith(service, approval), 503, "revocation_unavailable");
    status.set(RevocationStatus.STALE);
    assertRefused(post(service, target, List.of(), json), 503, "revocation_stale");
    assertThat(get(service, target).body())
        .contains("\"state\":\"open\"")
        .contains("\"approvals\":[]");

    status.set(RevocationStatus.FRESH);
    assertDone(post(service, target, List.of(), json));
    assertThat(get(service, target).body()).contains("\"state\":\"answered\"");
  }

  /** Budgets that nobody can ask. */
  private static final class NoBudgets implements Budgets {
    private static TaperException away() {
      return new TaperException(ErrorCode.BUDGET_UNAVAILABLE, "it is away");
    }

    @Override
    public Budgets.Answer charge(List<Charge> charges, MemoryShare share, Instant now) {
      throw away();
    }

    @Override
    public void giveBack(Charged charged) {
      throw away();
    }

    @Override
    public @Nullable Exhausted look(List<Charge> charges, Instant now) {
      throw away();
    }
  }

  @Test
  void approval_ofACallWhoseBudgetIsUnknown_isNotKept() throws Exception {
    AgentToken limited =
        Issuer.of(world.world.root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", world.world.planner.publicKey()))
                    .task("T-4711")
                    .grant("jira.close close if approved by " + world.world.boss.publicKey())
                    .budget("at most 5 calls from acme as trip")
                    .expiresIn(Duration.ofHours(1)));
    TestService service = start(verifier -> verifier.budgets("acme", new NoBudgets()));
    String target = location(world.ask(service, limited, body("POST", CLOSE)));
    assertRefused(approve(service, target, world.world.boss), 503, "budget_unavailable");
    assertThat(get(service, target).body())
        .contains("\"state\":\"open\"")
        .contains("\"approvals\":[]");
  }

  /** Asks once more, with an approval beside the ask. */
  private Answer askWith(TestService service, Approval approval) throws Exception {
    String json = body("POST", CLOSE);
    SentHttp sent =
        SentHttp.of("POST", service.origin(), "/v1/asks")
            .content("application/json", AskWorld.bytes(json));
    SentApprovals approvals = SentApprovals.of(List.of(approval.encodeBase64()));
    String proof =
        world
            .token
            .prove(world.world.planner, sent, World.AUDIENCE, approvals, Clock.systemUTC())
            .encodeBase64();
    return post(
        service,
        "/v1/asks",
        List.of(
            "Taper-Token: " + world.token.encodeBase64(),
            "Taper-Proof: " + proof,
            "Taper-Approval: " + approval.encodeBase64()),
        json);
  }
}
