package dev.taper.policies.cases;

import dev.taper.TaperException;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.token.TokenCache;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides cases with a real verifier: real tokens, signatures and proofs. Tokens and proofs are
 * made once, and verified tokens are remembered, so that a case costs only its decision. For one
 * thread.
 */
final class CaseRunner {
  private static final long CACHE_BYTES = 8L << 20;

  private final TokenMaker tokens = new TokenMaker();
  private final TokenCache cache = TokenCache.of(CACHE_BYTES);
  private final Map<Call, Proof> proofs = new HashMap<>();

  private record Call(
      CaseToken token, Instant issued, Instant time, String audience, ToolCall call) {}

  /** Decides a case, and returns the decision in the form that cases expect. */
  PolicyCase.Expected verdict(PolicyCase one, PolicySet policies) {
    CallDecision decision;
    try {
      decision = decide(one, policies);
    } catch (TaperException e) {
      return new PolicyCase.Expected(false, e.code().text(), null);
    }
    String by = decision.decidingPart();
    if (!(decision instanceof CallDecision.Denied denied)) {
      return new PolicyCase.Expected(true, null, by);
    }
    DelegationHop hop = denied.failingHop();
    if (by == null && hop != null) {
      by = "hop " + hop.block();
    }
    return new PolicyCase.Expected(false, denied.code().text(), by);
  }

  /** Decides a case. */
  CallDecision decide(PolicyCase one, PolicySet policies) {
    StoredToken token = tokens.token(one.token(), one.issued());
    Clock clock = Clock.fixed(one.time(), ZoneOffset.UTC);
    Verifier verifier =
        Verifier.trusting(RootKeys.of(token.root()))
            .callerStatesMeaning()
            .audience(one.audience())
            .policies(policies)
            .withoutRevocation()
            .acceptBearer()
            .acceptSealed()
            .directory(directory(one))
            .tokenCache(cache)
            .replayMemory(ReplayMemory.inMemory())
            .clock(clock)
            .build();
    return verifier.decide(
        token.token().token(), one.call(), proof(one, token, clock), SentApprovals.NONE);
  }

  private @Nullable Proof proof(PolicyCase one, StoredToken token, Clock clock) {
    PrivateKey key = token.key();
    if (key == null) {
      return null;
    }
    return proofs.computeIfAbsent(
        new Call(one.token(), one.issued(), one.time(), one.audience(), one.call()),
        call -> token.token().prove(key, one.call(), one.audience(), clock));
  }

  private AgentDirectory directory(PolicyCase one) {
    Map<String, List<PublicKey>> known = new HashMap<>();
    one.directory().forEach(name -> known.put(name, List.of(tokens.holder(name).publicKey())));
    return AgentDirectory.of(known);
  }
}
