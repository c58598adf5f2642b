package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.testing.FullSize;
import dev.taper.token.HeldToken;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two laws, for random chains and calls: whatever a child's token allows, every ancestor's allows;
 * and the effective scope says allowed exactly if the Datalog does.
 *
 * <p>{@code maxDepth} and the like are about the chain itself: a condition of an ancestor binds its
 * own token too, so the first law holds for them as for everything else. What a directory knows of
 * a holder is not a matter of narrowing, so here it knows everybody.
 */
@FullSize
class NarrowingPropertyTest {
  private static final int CHAINS = FullSize.Cases.of(150, 500);
  private static final int CALLS = 4;
  private static final PolicySet ALLOW = PolicySet.of(Datalog.authorizer("allow if true;"));

  private final Story story = new Story();
  private final AgentDirectory directory =
      AgentDirectory.of(
          Map.of(
              story.planner.name(), List.of(story.planner.key()),
              story.researcher.name(), List.of(story.researcher.key()),
              story.scraper.name(), List.of(story.scraper.key())));
  private final List<Agent> agents = List.of(story.planner, story.researcher, story.scraper);
  private final List<PrivateKey> keys =
      List.of(story.plannerKey, story.researcherKey, story.scraperKey);

  /** The token of every holder along a chain, the first holder's first. */
  private List<AgentToken> chain(RandomDelegation random) {
    List<AgentToken> tokens = new ArrayList<>();
    AgentToken token = story.issuer.mint(random.delegation());
    tokens.add(token);
    for (int hops = random.below(4); hops > 0; hops--) {
      // P-256 signatures take longer: let the scraper hold a token less often.
      Agent next = agents.get(random.below(8) == 0 ? 2 : random.below(2));
      token = token.delegate(holder(token), random.hop(next), story.clock);
      tokens.add(token);
    }
    return tokens;
  }

  private PrivateKey holder(AgentToken token) {
    for (PrivateKey key : keys) {
      if (key.publicKey().equals(token.token().holderKey())) {
        return key;
      }
    }
    throw new AssertionError("nobody holds the token");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void decide_randomChains_childAllowsNoMoreThanAncestorsAndScopeAgrees(long seed) {
    RandomDelegation random = new RandomDelegation(seed, story);
    RootKeys roots = RootKeys.of(story.root.publicKey());
    Tally tally = new Tally();

    for (int c = 0; c < CHAINS; c++) {
      List<HeldToken> tokens = new ArrayList<>();
      for (AgentToken token : chain(random)) {
        tokens.add(UnverifiedToken.decode(token.encode()).verifyHeld(roots));
      }
      for (int i = 0; i < CALLS; i++) {
        ToolCall call = random.call();
        List<Boolean> allowed = new ArrayList<>();
        for (HeldToken token : tokens) {
          allowed.add(agree(token, call));
        }
        tally.add(allowed, call, tokens.get(tokens.size() - 1));
      }
    }

    tally.assertBothOutcomesAreFrequent(CHAINS * CALLS);
  }

  /** What Datalog says of a call, which the effective scope must say too. */
  private boolean agree(HeldToken token, ToolCall call) {
    DelegationChain chain = DelegationChain.of(token);
    CallFacts facts =
        chain.facts(
            call.facts().time(story.clock).audience(Story.JIRA), chain.hops().size(), directory);
    boolean allowed = ALLOW.authorizerAfterProof(token).facts(facts.list()).authorize().allowed();

    assertThat(chain.kind()).isEqualTo(Token.Kind.HELD);
    assertThat(chain.effectiveAuthority().allows(facts))
        .as("%s for %s", chain.effectiveAuthority(), call.toJson())
        .isEqualTo(allowed ? EffectiveAuthority.Answer.YES : EffectiveAuthority.Answer.NO);
    return allowed;
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102})
  void decide_randomChainsByTheVerifier_childAllowsNoMoreThanAncestors(long seed) {
    RandomDelegation random = new RandomDelegation(seed, story);
    Verifier verifier = story.verifier().directory(directory).build();
    Tally tally = new Tally();
    int chains = 125;

    for (int c = 0; c < chains; c++) {
      List<AgentToken> tokens = chain(random);
      for (int i = 0; i < CALLS; i++) {
        ToolCall call = random.call();
        List<Boolean> allowed = new ArrayList<>();
        for (AgentToken token : tokens) {
          CallDecision decision = story.decide(verifier, token, holder(token), call);
          EffectiveAuthority.Answer answer =
              decision
                  .chain()
                  .effectiveAuthority()
                  .allows(
                      decision
                          .chain()
                          .facts(
                              call.facts().time(story.clock).audience(Story.JIRA),
                              decision.chain().hops().size(),
                              directory));
          assertThat(answer == EffectiveAuthority.Answer.YES)
              .as(decision.explanation())
              .isEqualTo(decision.allowed());
          allowed.add(decision.allowed());
        }
        tally.add(allowed, call, tokens.get(tokens.size() - 1));
      }
    }

    tally.assertBothOutcomesAreFrequent(chains * CALLS);
  }

  /** Counts what the last holder may do, and what only its ancestors may. */
  private static final class Tally {
    private int allowedToTheEnd;
    private int refusedAtOnce;
    private int refusedOnTheWay;

    void add(List<Boolean> allowed, ToolCall call, Object token) {
      for (int i = 1; i < allowed.size(); i++) {
        assertThat(allowed.get(i) && !allowed.get(i - 1))
            .as("hop %s of %s allows %s, which its parent does not", i, token, call.toJson())
            .isFalse();
      }
      if (allowed.get(allowed.size() - 1)) {
        allowedToTheEnd++;
      } else if (allowed.get(0)) {
        refusedOnTheWay++;
      } else {
        refusedAtOnce++;
      }
    }

    void assertBothOutcomesAreFrequent(int calls) {
      assertThat(allowedToTheEnd).isGreaterThan(calls / 8);
      assertThat(refusedOnTheWay).isGreaterThan(calls / 16);
      assertThat(refusedAtOnce).isGreaterThan(calls / 16);
    }
  }
}
