package dev.taper.assurance.model;

import dev.taper.DecodeLimits;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.token.UnverifiedToken;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tries all chains of some blocks, and all calls with each: a verifier decides by Datalog, the
 * effective authority is read from the grants, and a rule says what both have to be. For one
 * thread.
 */
final class Chains {
  private static final Instant START = Instant.parse("2030-01-01T12:00:00Z");
  private static final String SERVICE = "svc:jira";
  private static final List<PrivateKey> HOLDERS = List.of(key(2), key(3), key(4));
  private static final PrivateKey ROOT = key(1);

  /** A law that a chain and a call break. */
  record Broken(String law, List<BlockRights> chain, Call call) {
    String text() {
      return law
          + ": "
          + call
          + "\n  "
          + chain.stream().map(BlockRights::toString).collect(Collectors.joining("\n  "));
    }
  }

  private final AuthorityRule rule;
  private final AuthorityReader reader;
  private final List<BlockRights> blocks;
  private final Map<Long, Verifier> verifiers;
  private final Map<Call, ToolCall> calls;
  private long chains;
  private long decisions;

  Chains(AuthorityRule rule, AuthorityReader reader, List<BlockRights> blocks) {
    this.rule = rule;
    this.reader = reader;
    this.blocks = blocks;
    this.calls = Call.all().stream().collect(Collectors.toMap(Function.identity(), Chains::sent));
    this.verifiers =
        Call.all().stream()
            .map(Call::time)
            .distinct()
            .collect(Collectors.toMap(Function.identity(), Chains::verifierAt));
  }

  private static PrivateKey key(int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return PrivateKey.of(Algorithm.ED25519, secret);
  }

  private static Clock at(long seconds) {
    return Clock.fixed(START.plusSeconds(seconds), ZoneOffset.UTC);
  }

  private static Verifier verifierAt(long seconds) {
    return Verifier.trusting(RootKeys.of(ROOT.publicKey()))
        .audience(SERVICE)
        .clock(at(seconds))
        .callerStatesMeaning()
        .withoutRevocation()
        .build();
  }

  static ToolCall sent(Call call) {
    return ToolCall.of(call.tool()).on(call.resource()).arg("n", call.value());
  }

  /** Tries all chains of at most so many blocks; returns the first broken law, or null. */
  @Nullable Broken first(int longest) {
    return first(List.of(), null, longest);
  }

  private @Nullable Broken first(
      List<BlockRights> before, @Nullable AgentToken token, int longest) {
    for (BlockRights block : blocks) {
      List<BlockRights> chain = new ArrayList<>(before);
      chain.add(block);
      AgentToken handed = handed(token, block, before.size());
      chains++;
      Broken broken = tried(chain, token, handed);
      if (broken == null && chain.size() < longest) {
        broken = first(chain, handed, longest);
      }
      if (broken != null) {
        return broken;
      }
    }
    return null;
  }

  private static AgentToken handed(@Nullable AgentToken token, BlockRights block, int index) {
    Agent agent = Agent.of("agent:" + index, HOLDERS.get(index).publicKey());
    boolean ends = block.end() != BlockRights.NEVER;
    Instant end = ends ? START.plusSeconds(block.end()) : Instant.EPOCH;
    if (token == null) {
      Delegation by = Delegation.by("user:alice").to(agent).task("T-1").grant(block.grant());
      return Issuer.of(ROOT).clock(at(0)).mint(ends ? by.expiresAt(end) : by.withoutExpiry());
    }
    Hop hop = Hop.to(agent).grant(block.grant());
    return token.delegate(HOLDERS.get(index - 1), ends ? hop.expiresAt(end) : hop, at(0));
  }

  private @Nullable Broken tried(
      List<BlockRights> chain, @Nullable AgentToken parent, AgentToken token) {
    UnverifiedToken bytes = UnverifiedToken.decode(token.encode(), DecodeLimits.DEFAULT);
    DelegationChain read = token.chain();
    EffectiveAuthority authority = reader.read(parent == null ? null : parent.chain(), read);
    for (Map.Entry<Call, ToolCall> each : calls.entrySet()) {
      Call call = each.getKey();
      decisions++;
      boolean decided =
          verifierOf(call).preview(bytes, each.getValue(), SentApprovals.NONE).wouldBeAllowed();
      if (decided != rule.allows(chain, call)) {
        return new Broken("the verifier decides as the specification says", chain, call);
      }
      CallFacts facts = reader.sent(call).facts().time(at(reader.seconds(call))).audience(SERVICE);
      EffectiveAuthority.Answer answer = authority.allows(read.facts(facts, null));
      if (answer != (decided ? EffectiveAuthority.Answer.YES : EffectiveAuthority.Answer.NO)) {
        return new Broken("the effective authority is that of the Datalog", chain, call);
      }
    }
    return null;
  }

  private Verifier verifierOf(Call call) {
    Verifier verifier = verifiers.get(call.time());
    if (verifier == null) {
      throw new IllegalStateException();
    }
    return verifier;
  }

  /** How many chains were tried. */
  long chains() {
    return chains;
  }

  /** How many calls were decided. */
  long decisions() {
    return decisions;
  }
}
