package dev.taper.assurance.world;

import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Check;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The holders of tokens, who prove calls. Each task has a budget, and hands parts of it on which
 * are together more than the whole. For one thread.
 */
final class Holders {
  /** The service that all verifiers serve. */
  static final String SERVICE = "svc:desk";

  /** The name of the store of budgets. */
  static final String STORE = "desk";

  /** The index of no task. */
  static final int NO_TASK = -1;

  /** The name of the root key that all tasks rest on. */
  private static final String ROOT = "root";

  /** A fact of the service alone, and a block that asks for it. */
  static final String FACT = "on_duty";

  private static final Check ASKS = Datalog.check("check if " + FACT + "($who)");

  private static final int TASKS = 6;

  /** How many of the tasks have no budget. */
  private static final int WITHOUT_BUDGET = 2;

  /** How the name of a token ends with a block that asks. */
  private static final String ASKING = "/asking";

  private static final int PARTS = 2;
  private static final Duration LIFE = Duration.ofHours(12);

  /** The tool of calls with nothing but a proof. */
  static final String READ = "desk.read";

  /** The tool of calls that one approver has to approve. */
  static final String SIGN = "desk.sign";

  /** The tool of calls that several of a group have to approve. */
  static final String PAY = "desk.pay";

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
      String name, int task, PrivateKey holder, AgentToken token, List<Event.Limit> limits) {
    /** True if a block of it asks for a fact of the service. */
    boolean asks() {
      return name.endsWith(ASKING);
    }
  }

  /**
   * What a holder sent, which can be sent again.
   *
   * @param provenAt when the proof was made, in milliseconds since noon by the holder's clock
   * @param ask what was asked before; null if nothing was
   * @param given what was given for it, or for something else
   */
  record Sent(
      String proofName,
      long provenAt,
      Held token,
      ToolCall call,
      Proof proof,
      SentApprovals approvals,
      Approvers.@Nullable Ask ask,
      List<Approvers.Given> given) {}

  private final PrivateKey root;
  private final PublicKey approver;
  private final Clock clock;
  private final List<Held> tokens = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();

  Holders(WorldTime time, Luck luck, PublicKey approver) {
    this.root = key(luck);
    this.approver = approver;
    this.clock = new ProcessClock(time, Duration.ZERO);
    for (int task = 0; task < TASKS; task++) {
      mint(task, luck);
    }
  }

  /**
   * The token without the block that its holder added. What is approved for one of the two is for
   * both: it is for what the block gave that names the holder.
   */
  static String asHandedOn(String token) {
    return token.endsWith(ASKING) ? token.substring(0, token.length() - ASKING.length()) : token;
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
            .grant(Grant.tools(READ))
            .grant(Grant.tools(SIGN).ifApproved(approver))
            .grant(Grant.tools(PAY).ifApprovedByGroup(Approvers.OF_THE_GROUP, Approvers.GROUP))
            .expiresIn(LIFE);
    String name = "t" + task;
    if (task < WITHOUT_BUDGET) {
      AgentToken token = Issuer.of(root).clock(clock).mint(delegation);
      tokens.add(new Held(name, task, holder, token, List.of()));
      if (task == 0) {
        AgentToken asking = token.delegate(holder, Hop.toSelf().check(ASKS), clock);
        tokens.add(new Held(name + ASKING, task, holder, asking, List.of()));
      }
      return;
    }
    int whole = 12 + 8 * luck.below(4);
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

  /** What the history says of the tokens. */
  List<Event> minted() {
    long until = WorldTime.millis(WorldTime.NOON.plus(LIFE));
    List<Event> events = new ArrayList<>();
    for (Held token : tokens) {
      events.add(
          new Event.Minted(0, token.name, token.limits, "the issuer", ROOT, until, token.asks()));
    }
    return events;
  }

  /** All that was sent before. */
  List<Sent> sent() {
    return sent;
  }

  /** A call that has a name. */
  static ToolCall call(String tool, String id) {
    return ToolCall.of(tool).on("desk:item/7").arg(Recorder.ID, id);
  }

  /** A call of its own, which has the name of the next proof. */
  private ToolCall read() {
    return call(READ, "p" + sent.size());
  }

  /** Makes a proof for a call that needs no approval. */
  Sent prove(Held token) {
    return prove(token, read(), null, List.of(), clock);
  }

  /** Makes a proof for the time that the verifier believes it is. */
  Sent proveAsShown(Held token, Clock shown) {
    return prove(token, read(), null, List.of(), shown);
  }

  /** Makes a proof for a call that was asked before. */
  Sent prove(Held token, Approvers.Ask ask, List<Approvers.Given> given) {
    return prove(token, ask.call(), ask, given, clock);
  }

  private Sent prove(
      Held token,
      ToolCall call,
      Approvers.@Nullable Ask ask,
      List<Approvers.Given> given,
      Clock shown) {
    Clock now = Clock.fixed(shown.instant(), ZoneOffset.UTC);
    SentApprovals approvals =
        SentApprovals.of(given.stream().map(one -> one.approval().encodeBase64()).toList());
    Proof proof = token.token.prove(token.holder, call.sent(), SERVICE, approvals, now);
    long at = WorldTime.millis(now.instant());
    Sent one = new Sent("p" + sent.size(), at, token, call, proof, approvals, ask, given);
    sent.add(one);
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
