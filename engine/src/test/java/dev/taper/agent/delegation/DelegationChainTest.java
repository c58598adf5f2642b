package dev.taper.agent.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Escalated;
import dev.taper.agent.decision.Story;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.Fingerprint;
import dev.taper.token.HeldToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a chain says of itself, and keeps for the next who asks. */
class DelegationChainTest {
  private final Escalated e = new Escalated();
  private final Story story = e.story;

  /** What was put together for a whole chain is not that of its first blocks, and so on. */
  @Test
  void facts_ofSoManyBlocks_areTheirsWhateverWasAskedBefore() {
    AgentToken token = story.atScraper();
    DelegationChain chain = DelegationChain.claimedBy(token.token());
    int whole = chain.hops().size();
    assertThat(whole).isEqualTo(3);

    for (int length : new int[] {1, whole, 2, 1, whole}) {
      assertThat(chain.facts(CallFacts.none(), length, null))
          .isEqualTo(
              DelegationChain.claimedBy(token.token()).facts(CallFacts.none(), length, null));
    }
    assertThat(chain.facts(CallFacts.none(), 1, null))
        .isNotEqualTo(chain.facts(CallFacts.none(), 2, null));
  }

  @Test
  void namesApprover_ofACoveredCall_isWhoItsGrantsName() {
    DelegationChain chain = e.ifBossApproves().chain();
    String boss = e.boss.publicKey().toString();
    CallFacts call = Escalated.call().facts();

    assertThat(chain.namesApprover(boss, call)).isTrue();
    assertThat(chain.namesApprover(e.stranger.publicKey().toString(), call)).isFalse();
    assertThat(chain.namesApprover(boss, ToolCall.of("jira.search").facts())).isFalse();
    assertThat(e.ifJustified().chain().namesApprover(boss, call)).isFalse();
  }

  /** The same holder's budgets of two issuers are two, though one service trusts both. */
  @Test
  void counters_ofEachIssuer_areItsOwnWhateverWasAskedBefore() {
    AgentToken token =
        story.issuer.mint(story.delegation().budget("at most 2 calls from acme as a"));
    DelegationHop hop = token.chain().hops().get(0);
    PublicKey key = story.root.publicKey();
    List<List<String>> counters = new ArrayList<>();
    for (String issuer : new String[] {"issuer:a", "issuer:b", null}) {
      counters.add(hop.counters(issuer, key, "user:alice"));
    }

    assertThat(counters).doesNotHaveDuplicates();
    assertThat(hop.counters("issuer:a", key, "user:alice")).isEqualTo(counters.get(0));
    assertThat(hop.counters("issuer:b", key, "user:alice")).isEqualTo(counters.get(1));
    assertThat(hop.counters(null, key, "user:alice")).isEqualTo(counters.get(2));
  }

  /** Each issuer names delegators by itself, and uses up no share of those of another one. */
  @Test
  void party_ofADelegatorThatTwoIssuersName_isTwo() {
    PrivateKey other = PrivateKey.generate(Algorithm.ED25519);
    AgentToken own = story.issuer.mint(story.delegation());
    AgentToken others = Issuer.of(other).clock(story.clock).mint(story.delegation());

    DelegationChain chain =
        DelegationChain.of(own.token().verifyHeld(RootKeys.of(story.root.publicKey())));
    DelegationChain second =
        DelegationChain.of(others.token().verifyHeld(RootKeys.of(other.publicKey())));

    assertThat(second.delegator()).isEqualTo(chain.delegator());
    assertThat(second.party()).isNotEqualTo(chain.party()).endsWith(" " + chain.delegator());
    assertThat(second.memoryShare().delegator()).isNotEqualTo(chain.memoryShare().delegator());
    assertThat(own.chain().party()).as("nobody verified it").isEqualTo(chain.delegator());
  }

  @Test
  void hop_saysWhatItGrantsAndLeaves() {
    DelegationChain chain = e.ifBossApproves().chain();
    DelegationHop hop = chain.hops().get(0);
    EffectiveAuthority left = chain.effectiveAuthorityAfter(0);

    assertThat(hop.grants()).isNotNull();
    assertThat(hop.context())
        .isEqualTo(e.ifBossApproves().token().blocks().get(0).block().context());
    assertThat(hop.words(left, 1000)).isEqualTo(left.words(1000)).contains("jira.search");
  }

  /** Each part is cut by itself, and no more parts are told when they are long enough. */
  @Test
  void words_ofManyParts_endWhereTheyAreLongEnough() {
    Hop hop = Hop.to(story.scraper);
    for (int i = 0; i < 20; i++) {
      hop = hop.audience(Story.JIRA, "svc:another-" + i);
    }
    DelegationChain chain =
        story.atResearcher().delegate(story.researcherKey, hop, story.clock).chain();

    assertThat(chain.hops().get(2).words(50)).hasSizeLessThan(150).endsWith("…");
    assertThat(chain.hops().get(2).words()).contains("svc:another-19").doesNotContain("…");
  }

  /** One holder has it from one delegator for one task, whatever the token grants and its end. */
  @Test
  void lineage_isOfRootDelegatorTaskAndHolder() {
    String lineage = lineage(story.root, story.delegation());

    assertThat(lineage).matches("[0-9a-f]{64}");
    assertThat(lineage(story.root, story.delegation().expiresIn(Duration.ofMinutes(5))))
        .isEqualTo(lineage);
    assertThat(
            List.of(
                lineage,
                lineage(PrivateKey.generate(Algorithm.ED25519), story.delegation()),
                lineage(story.root, story.delegation().task("T-4712", "triage Q3 tickets")),
                lineage(story.root, story.delegation().to(story.researcher)),
                lineage(
                    story.root,
                    story
                        .delegation()
                        .to(Agent.of("agent:planner", story.researcherKey.publicKey())))))
        .doesNotHaveDuplicates();
    assertThatExceptionOfType(TaperException.class)
        .isThrownBy(() -> story.atPlanner().chain().lineage())
        .extracting(TaperException::code)
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  private String lineage(PrivateKey root, Delegation delegation) {
    AgentToken token = Issuer.of(root).clock(story.clock).mint(delegation);
    return DelegationChain.of(token.token().verifyHeld(RootKeys.of(root.publicKey()))).lineage();
  }

  @Test
  void renewableUntil_isWhatTheAuthorityBlockSays() {
    Block authority = story.atPlanner().token().blocks().get(0).block();

    assertThat(renewableUntil(authority)).isNull();
    assertThat(renewableUntil(with(authority, "renewable(\"t\", 1, 2026-11-25T12:00:00Z, 60)")))
        .isEqualTo(Instant.parse("2026-11-25T12:00:00Z"));
    for (String other :
        List.of(
            "renewed(\"t\", 1, 2026-11-25T12:00:00Z, 60)",
            "renewable(\"t\", 1, 2026-11-25T12:00:00Z)",
            "renewable(\"t\", 2026-11-25T12:00:00Z, 1, 60)")) {
      assertThat(renewableUntil(with(authority, other))).as(other).isNull();
    }
    AgentToken delegated =
        held(with(authority, "renewable(\"t\", 1, 2026-11-25T12:00:00Z, 60)"))
            .delegate(story.plannerKey, story.toResearcher(), story.clock);
    assertThat(delegated.chain().hops().get(1).renewableUntil()).isNull();
  }

  private static Block with(Block block, String fact) {
    return block.toBuilder().fact(Datalog.fact(fact)).build();
  }

  private AgentToken held(Block authority) {
    return AgentToken.of(
        HeldToken.mint(story.root, authority, story.plannerKey.publicKey(), OptionalInt.empty())
            .unverified());
  }

  private @Nullable Instant renewableUntil(Block authority) {
    return held(authority).chain().hops().get(0).renewableUntil();
  }

  /** An approval's statement has no later blocks, and its own holder is in none of them. */
  @Test
  void ofFirstBlock_isWhatItBringsIn() {
    for (AgentToken token : List.of(story.atPlanner(), story.atScraper())) {
      RevocableParts parts =
          DelegationChain.of(token.token().verifyHeld(RootKeys.of(story.root.publicKey())))
              .revocable();

      assertThat(parts.ofFirstBlock())
          .containsExactly(
              Fingerprint.ofRoot(story.root.publicKey()),
              Fingerprint.ofDelegator("user:alice@acme.com"),
              Fingerprint.ofTask("T-4711"),
              Fingerprint.ofBlock(
                  token
                      .token()
                      .verifyHeld(RootKeys.of(story.root.publicKey()))
                      .revocationKeys()
                      .get(0)),
              Fingerprint.ofHolder(story.plannerKey.publicKey()));
      assertThat(parts.fingerprints()).hasSizeGreaterThan(5);
    }
  }
}
