package dev.taper.operations.findings;

import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionListener.AuditFailure;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.memory.Budgets;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.policies.Policies;
import dev.taper.testing.SettableClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A service whose decisions are watched, and the agents that call it. */
final class Watched {
  static final String JIRA = "svc:jira";
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  final SettableClock clock = new SettableClock(NOON);
  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final Issuer issuer = Issuer.of(root).clock(clock);
  final List<Finding> found = new ArrayList<>();
  final AbuseWatch watch;
  final Verifier verifier;

  Watched() {
    this(standard(), AbuseWatch.SUBJECTS);
  }

  Watched(AbuseRules rules, int capacity) {
    this(rules, capacity, finding -> {});
  }

  /** One of whose findings somebody else is told, too. */
  Watched(AbuseRules rules, int capacity, Consumer<Finding> also) {
    watch = AbuseWatch.by(rules, ((Consumer<Finding>) found::add).andThen(also), clock, capacity);
    verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience(JIRA)
            .clock(clock)
            .withoutRevocation()
            .acceptBearer()
            .approvalUsesOfOneProcess()
            .budgets("acme", Budgets.forThisProcessOnly())
            .listener(watch, AuditFailure.ALLOW_AND_COUNT)
            .build();
  }

  static AbuseRules standard() {
    return AbuseRules.of(Policies.part(AbuseRules.STANDARD).code());
  }

  /** What names of tasks and delegators have of the root key. */
  String rootDigest() {
    byte[] text = root.publicKey().toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Digests.sha256(text)).substring(0, 32);
  }

  /** The codes of what was found so far. */
  List<String> codes() {
    watch.drain();
    return found.stream().map(finding -> finding.about() + " " + finding.rule()).toList();
  }

  /** An agent with its token. */
  Caller callerOf(String delegator, String name, String task, String... grants) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    return new Caller(this, name, key, issuer.mint(delegation(delegator, name, key, task, grants)));
  }

  Caller caller(String name, String... grants) {
    return callerOf("user:alice@acme.com", name, "T-4711", grants);
  }

  static Delegation delegation(
      String delegator, String name, PrivateKey key, String task, String... grants) {
    Delegation delegation =
        Delegation.by(delegator)
            .to(Agent.of(name, key.publicKey()))
            .task(task)
            .expiresIn(Duration.ofHours(8));
    for (String grant : grants) {
      delegation = delegation.grant(grant);
    }
    return delegation;
  }

  static ToolCall read(String tool) {
    return ToolCall.of(tool).operation("read");
  }

  /** Whoever has a key and a token. */
  static final class Caller {
    private final Watched at;
    final String name;
    final PrivateKey key;
    AgentToken token;
    @Nullable InetAddress address;

    Caller(Watched at, String name, PrivateKey key, AgentToken token) {
      this.at = at;
      this.name = name;
      this.key = key;
      this.token = token;
    }

    /** Says where its calls come from. */
    Caller from(String ip) {
      try {
        address = InetAddress.getByName(ip);
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
      return this;
    }

    Proof prove(ToolCall call) {
      return token.prove(key, call, JIRA, at.clock);
    }

    /** Makes a call with a new proof, a second after the one before. */
    boolean call(ToolCall call) {
      at.clock.forward(Duration.ofSeconds(1));
      return send(call, prove(call));
    }

    boolean call(String tool) {
      return call(read(tool));
    }

    /** Sends a call with a proof, whosever that is. */
    boolean send(ToolCall call, @Nullable Proof proof) {
      CallDecision decision =
          CallerAddress.during(
              address, () -> at.verifier.decide(token.token(), call, proof, SentApprovals.NONE));
      return decision.allowed();
    }

    /** Asks for an approval of a call. */
    void ask(ToolCall call) {
      ask(call, false);
    }

    /** Asks for an approval of a call, perhaps after somebody refused one of a call alike. */
    void ask(ToolCall call, boolean afterNo) {
      at.clock.forward(Duration.ofSeconds(1));
      var unused = at.verifier.asked(token.token(), call, SentApprovals.NONE, afterNo);
    }

    /** Goes on with a token for 40 seconds, held by its own key or by a new one. */
    Caller forShort(Hop hop, PrivateKey next) {
      Hop brief = hop.grant("jira.search").expiresIn(Duration.ofSeconds(40));
      return new Caller(at, name, next, token.delegate(key, brief, at.clock));
    }

    /** Hands on to a new agent. */
    Caller handOn(String to, String... grants) {
      PrivateKey next = PrivateKey.generate(Algorithm.ED25519);
      Hop hop = Hop.to(Agent.of(to, next.publicKey()));
      for (String grant : grants) {
        hop = hop.grant(grant);
      }
      return new Caller(at, to, next, token.delegate(key, hop, at.clock));
    }
  }
}
