package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ApprovalUses;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.Revocations.RevocationCheck;
import dev.taper.revocation.Revocations.RevocationStatus;
import dev.taper.testing.Child;
import dev.taper.testing.Denials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A verifier in a process that is halted at a step of a decision. Whatever step that is: nothing is
 * accepted twice, and no more than the claim of that call is lost.
 */
public abstract class DecisionCrashContract {
  private static final String AUDIENCE = "svc:jira";
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int HALTED = 3;
  private static final int LIMIT = 100;
  private static final ToolCall CALL =
      ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").arg("limit", 1);

  /** The steps, in the order of a decision. */
  enum Step {
    ROOT_KEY,
    REVOCATION,
    APPROVALS_LOOKED_UP,
    DATALOG,
    NONCE_CLAIM_BEGINS,
    NONCE_CLAIMED,
    BUDGET_CHARGE_BEGINS,
    BUDGET_CHARGED,
    APPROVAL_CLAIM_BEGINS,
    APPROVAL_CLAIMED,
    RECORD_BEGINS,
    RECORDED,
    ANSWERED
  }

  /** Opens memories, in whatever process. */
  public interface Opener {
    /** Opens the replay memory that has this address. */
    ReplayMemory replayMemory(String address);

    /** Opens the memory of used approvals that has this address. */
    ApprovalUses approvalUses(String address);

    /** Opens the store of budgets that has this address. */
    Budgets budgets(String address);
  }

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);

  /** Opens the memories; its class has a constructor without parameters. */
  protected abstract Opener opener();

  /** The address of memories that nobody has used yet. */
  protected abstract String address();

  /** A token, and an approval for one call with it. */
  private record Approved(AgentToken token, String approval) {
    String proof(PrivateKey holder) {
      SentApprovals sent = SentApprovals.of(List.of(approval));
      return token.prove(holder, CALL.sent(), AUDIENCE, sent, CLOCK).encodeBase64();
    }

    String answer(Verifier verifier, String proof) {
      return DecisionCrashContract.answer(
          verifier.decide(new Credentials(token.encodeBase64(), proof, List.of(approval)), CALL));
    }
  }

  private Approved approved() {
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-1")
                    .grant(Grant.tools("jira.delete").ifApproved(boss.publicKey()))
                    .budget("at most " + LIMIT + " calls from acme as trip")
                    .expiresIn(HOUR));
    Approval approval =
        token
            .requestApproval(CALL, AUDIENCE, "a duplicate")
            .approve(boss, Approval.Terms.lasting(HOUR).once(), CLOCK);
    return new Approved(token, approval.encodeBase64());
  }

  @ParameterizedTest
  @EnumSource
  void decide_haltedAtAStep_acceptsNothingTwiceAndLosesOneClaimAtMost(Step step) {
    String address = address();
    Approved approved = approved();
    String proof = approved.proof(planner);
    List<String> answers = new ArrayList<>();
    try (Child child =
        new Child(
            DecisionCrashContract.class,
            opener().getClass().getName(),
            address,
            step.name(),
            root.publicKey().toString(),
            approved.token.encodeBase64(),
            proof,
            approved.approval)) {
      for (String line = child.line(); line != null; line = child.line()) {
        answers.add(line);
      }
      assertThat(child.exitCode()).isEqualTo(HALTED);
    }

    RootKeys keys = RootKeys.of(root.publicKey());
    for (String again : List.of(proof, approved.proof(planner), approved.proof(planner))) {
      answers.add(approved.answer(counting(opener(), address, keys, null), again));
    }

    assertThat(answers).containsExactlyElementsOf(expected(step));
    Approved other = approved();
    HaltingBudgets budgets = new HaltingBudgets(opener().budgets(address), null);
    Verifier verifier = verifier(opener(), address, keys, null).budgets("acme", budgets).build();
    assertThat(other.answer(verifier, other.proof(planner))).isEqualTo("allowed");
    long allowed = 1 + answers.stream().filter("allowed"::equals).count();
    boolean isLost = step.compareTo(Step.BUDGET_CHARGED) >= 0 && step.compareTo(Step.ANSWERED) < 0;
    assertThat(budgets.spent(LIMIT)).isEqualTo(allowed + (isLost ? 1 : 0));
  }

  /** What the child says, then what is said of the same proof, and of two new ones. */
  private static List<String> expected(Step step) {
    if (step.compareTo(Step.NONCE_CLAIMED) < 0) {
      return List.of("allowed", "approval_used", "approval_used");
    } else if (step.compareTo(Step.APPROVAL_CLAIMED) < 0) {
      return List.of("proof_replayed", "allowed", "approval_used");
    } else if (step.compareTo(Step.ANSWERED) < 0) {
      return List.of("proof_replayed", "approval_used", "approval_used"); // this claim is lost
    }
    return List.of("allowed", "proof_replayed", "approval_used", "approval_used");
  }

  private static String answer(CallDecision decision) {
    DenialCode code = Denials.codeOf(decision);
    return code == null ? "allowed" : code.text();
  }

  /** The other process: opener's class, address, step, root key, token, proof, approval. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Opener opener =
        Class.forName(args[0]).asSubclass(Opener.class).getDeclaredConstructor().newInstance();
    Step step = Step.valueOf(args[2]);
    RootKeys keys = RootKeys.of(PublicKey.parse(args[3]));
    Verifier verifier = counting(opener, args[1], keys, step);
    System.out.println(
        answer(verifier.decide(new Credentials(args[4], args[5], List.of(args[6])), CALL)));
    System.out.flush();
    reached(Step.ANSWERED, step);
    System.exit(1); // the step was never reached
  }

  static void reached(Step now, @Nullable Step last) {
    if (now == last) {
      Runtime.getRuntime().halt(HALTED);
    }
  }

  private static Verifier counting(
      Opener opener, String address, RootKeys keys, @Nullable Step last) {
    return verifier(opener, address, keys, last)
        .budgets("acme", new HaltingBudgets(opener.budgets(address), last))
        .build();
  }

  /** A verifier that halts its process at a step, if it is given. */
  private static VerifierBuilder verifier(
      Opener opener, String address, RootKeys keys, @Nullable Step last) {
    ReplayMemory replays = opener.replayMemory(address);
    return Verifier.trusting(
            id -> {
              reached(Step.ROOT_KEY, last);
              return keys.candidates(id);
            })
        .callerStatesMeaning()
        .audience(AUDIENCE)
        .proofWindow(new AcceptedProofs.Window(HOUR, HOUR))
        .deadline(HOUR)
        .revocations(
            (fingerprints, now) -> {
              reached(Step.REVOCATION, last);
              return new RevocationCheck(RevocationStatus.FRESH, -1, 1, now);
            })
        .policies(
            PolicySet.of(Datalog.authorizer("check if true.extern::reached(); allow if true;")))
        .externs(
            ExternFunctions.none()
                .with(
                    "reached",
                    (receiver, argument) -> {
                      reached(Step.DATALOG, last);
                      return new Term.Bool(true);
                    }))
        .replayMemory(
            (use, share, now) -> {
              reached(Step.NONCE_CLAIM_BEGINS, last);
              boolean claimed = replays.claim(use, share, now);
              reached(Step.NONCE_CLAIMED, last);
              return claimed;
            })
        .approvalUses(new HaltingUses(opener.approvalUses(address), last))
        .listener(event -> reached(Step.RECORD_BEGINS, last))
        .listener(event -> reached(Step.RECORDED, last));
  }

  private record HaltingUses(ApprovalUses uses, @Nullable Step last) implements ApprovalUses {
    @Override
    public Set<ApprovalUses.Use> known(Collection<ApprovalUses.Use> wanted) {
      reached(Step.APPROVALS_LOOKED_UP, last);
      return uses.known(wanted);
    }

    @Override
    public Set<ApprovalUses.Use> claim(
        Collection<ApprovalUses.Use> wanted, MemoryShare share, Instant now) {
      reached(Step.APPROVAL_CLAIM_BEGINS, last);
      Set<ApprovalUses.Use> before = uses.claim(wanted, share, now);
      reached(Step.APPROVAL_CLAIMED, last);
      return before;
    }

    @Override
    public void release(Collection<ApprovalUses.Use> claimed) {
      uses.release(claimed);
    }

    @Override
    public boolean durable() {
      return uses.durable();
    }
  }
}
