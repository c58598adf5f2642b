package dev.taper.assurance.world;

import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.Hop;
import dev.taper.agent.Issuer;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The holders of tokens, who prove calls, and the approver whom they ask. Each task has a budget,
 * and hands parts of it on which are together more than the whole. For one thread.
 */
final class Holders {
  /** The service that all verifiers serve. */
  static final String SERVICE = "svc:desk";

  /** The name of the store of budgets. */
  static final String STORE = "desk";

  private static final int TASKS = 6;

  /** How many of the tasks have no budget. */
  private static final int WITHOUT_BUDGET = 3;

  private static final int PARTS = 2;
  private static final Duration LIFE = Duration.ofHours(12);
  private static final Duration APPROVED_FOR = Duration.ofMinutes(3);

  /** A call with nothing but a proof. */
  private static final ToolCall READ = ToolCall.of("desk.read").on("desk:item/7");

  /** A call that has to be approved. */
  private static final ToolCall SIGN = ToolCall.of("desk.sign").on("desk:item/7");

  /**
   * A token and who holds it.
   *
   * @param name its name in the history
   * @param task the index of its task
   * @param holder the holder's key
   * @param token the token
   * @param limits the budgets that bound it
   */
  record Held(
      String name, int task, PrivateKey holder, AgentToken token, List<Event.Limit> limits) {}

  /** An approval and its name. */
  record Given(String name, Held token, Approval approval) {}

  /**
   * What a holder sent, which can be sent again.
   *
   * @param provenAt when the proof was made, in milliseconds since noon by the holder's clock
   */
  record Sent(
      String proofName,
      long provenAt,
      Held token,
      ToolCall call,
      Proof proof,
      SentApprovals approvals,
      List<String> approvalNames) {}

  private final PrivateKey root;
  private final PrivateKey approver;
  private final Clock clock;
  private final List<Held> tokens = new ArrayList<>();
  private final List<Given> given = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();

  Holders(WorldTime time, Luck luck) {
    this.root = key(luck);
    this.approver = key(luck);
    this.clock = new ProcessClock(time, Duration.ZERO);
    for (int task = 0; task < TASKS; task++) {
      mint(task, luck);
    }
  }

  static PrivateKey key(Luck luck) {
    return PrivateKey.of(Algorithm.ED25519, luck.secret());
  }

  /** The first tasks have no budget; the others have one, and parts of it. */
  private void mint(int task, Luck luck) {
    PrivateKey holder = key(luck);
    Delegation delegation =
        Delegation.by("user:" + task + "@desk.example")
            .to(Agent.of("agent:first-" + task, holder.publicKey()))
            .task(task(task))
            .grant(Grant.tools("desk.read"))
            .grant(Grant.tools("desk.sign").ifApproved(approver.publicKey()))
            .expiresIn(LIFE);
    String name = "t" + task;
    if (task < WITHOUT_BUDGET) {
      tokens.add(
          new Held(name, task, holder, Issuer.of(root).clock(clock).mint(delegation), List.of()));
      return;
    }
    int whole = 16 + 16 * luck.below(4);
    List<Event.Limit> limits = List.of(new Event.Limit("whole-" + task, whole));
    AgentToken token =
        Issuer.of(root).clock(clock).mint(delegation.budget(budget(whole, "whole-" + task)));
    tokens.add(new Held(name, task, holder, token, limits));
    for (int part = 0; part < PARTS; part++) {
      PrivateKey next = key(luck);
      String id = "part-" + task + "-" + part;
      int calls = whole / 2;
      Hop hop = Hop.to(Agent.of("agent:" + id, next.publicKey())).budget(budget(calls, id));
      tokens.add(
          new Held(
              name + "/" + part,
              task,
              next,
              token.delegate(holder, hop, clock),
              List.of(limits.get(0), new Event.Limit(id, calls))));
    }
  }

  private static String budget(int calls, String id) {
    return "at most " + calls + " calls from " + STORE + " as " + id;
  }

  private static String task(int task) {
    return "task-" + task;
  }

  /** The key that signs all tokens. */
  PublicKey root() {
    return root.publicKey();
  }

  /** All tokens. */
  List<Held> tokens() {
    return tokens;
  }

  /** All that was sent before. */
  List<Sent> sent() {
    return sent;
  }

  /** Approvals that were given. */
  List<Given> given() {
    return given;
  }

  /** Makes a proof for a call that needs no approval. */
  Sent prove(Held token) {
    return prove(token, READ, SentApprovals.NONE, List.of(), clock);
  }

  /** Makes a proof for the time that the verifier believes it is. */
  Sent proveAsShown(Held token, Clock shown) {
    return prove(token, READ, SentApprovals.NONE, List.of(), shown);
  }

  /** Makes a proof for a call that is approved. */
  Sent prove(Given approval) {
    return prove(
        approval.token,
        SIGN,
        SentApprovals.of(List.of(approval.approval.encodeBase64())),
        List.of(approval.name),
        clock);
  }

  private Sent prove(
      Held token, ToolCall call, SentApprovals approvals, List<String> names, Clock shown) {
    Clock now = Clock.fixed(shown.instant(), ZoneOffset.UTC);
    Proof proof = token.token.prove(token.holder, call.sent(), SERVICE, approvals, now);
    long at = Math.floorDiv(Duration.between(WorldTime.NOON, now.instant()).toNanos(), 1_000_000L);
    Sent one = new Sent("p" + sent.size(), at, token, call, proof, approvals, names);
    sent.add(one);
    return one;
  }

  /** Lets the approver approve a number of calls. */
  Given approve(Held token, int calls) {
    Approval approval =
        token
            .token
            .requestApproval(SIGN, SERVICE, "it has to be signed")
            .approve(approver, Approval.Terms.lasting(APPROVED_FOR).uses(calls), clock);
    Given one = new Given("a" + given.size(), token, approval);
    given.add(one);
    return one;
  }

  /** What revokes a whole task. */
  static RevocationEntry ofTask(int task) {
    return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(task(task)));
  }

  /** What revokes one token, and all that was made of it. */
  static RevocationEntry ofBlock(Held token) {
    List<byte[]> keys = token.token.revocationKeys();
    return RevocationEntry.forever(
        RevocationEntry.Kind.BLOCK, Fingerprint.ofBlock(keys.get(keys.size() - 1)));
  }
}
