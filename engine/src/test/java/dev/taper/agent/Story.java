package dev.taper.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode.Category;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.SettableClock;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.time.Instant;

/** The people, agents and services that the tests of this package are about. */
final class Story {
  static final String JIRA = "svc:jira";
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey researcherKey = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey scraperKey = PrivateKey.generate(Algorithm.SECP256R1);
  final Agent planner = Agent.of("agent:planner", plannerKey.publicKey());
  final Agent researcher = Agent.of("agent:researcher", researcherKey.publicKey());
  final Agent scraper = Agent.of("agent:scraper", scraperKey.publicKey());
  final SettableClock clock = new SettableClock(NOON);
  final Issuer issuer = Issuer.of(root).clock(clock);
  private final Caching caching;
  private final TokenCache cache = TokenCache.of(1 << 22);

  Story() {
    this(Caching.COLD);
  }

  Story(Caching caching) {
    this.caching = caching;
  }

  /** A token that the verifiers of this story may have met already. */
  private AgentToken met(AgentToken token) {
    meet(token.token());
    return token;
  }

  /** Shows a token to the verifiers of this story, if they are to know everything. */
  void meet(UnverifiedToken token) {
    if (caching == Caching.WARM) {
      try {
        cache.verifyAny(token.encode(), RootKeys.of(root.publicKey()));
      } catch (TaperException e) {
        assertThat(e.code().category()).isNotEqualTo(Category.EXECUTION);
      }
    }
  }

  /** Alice's grant to the planner. */
  Delegation delegation() {
    return Delegation.by("user:alice@acme.com")
        .to(planner)
        .task("T-4711", "triage Q3 tickets")
        .grant("jira.* read,list on jira:project/ACME/*")
        .expiresIn(Duration.ofMinutes(60));
  }

  AgentToken atPlanner() {
    return met(issuer.mint(delegation()));
  }

  AgentToken atResearcher() {
    return met(atPlanner().delegate(plannerKey, toResearcher(), clock));
  }

  Hop toResearcher() {
    return Hop.to(researcher)
        .grant("jira.search on jira:project/ACME/Q3/*")
        .expiresIn(Duration.ofMinutes(10));
  }

  AgentToken atScraper() {
    return met(
        atResearcher()
            .delegate(
                researcherKey,
                Hop.to(scraper).grant("jira.search read where limit <= 50 and only limit"),
                clock));
  }

  VerifierBuilder verifier() {
    return verifier(RootKeys.of(root.publicKey()));
  }

  VerifierBuilder verifier(RootKeys keys) {
    VerifierBuilder builder =
        Verifier.trusting(keys)
            .callerStatesMeaning()
            .audience(JIRA)
            .clock(clock)
            .approvalUsesOfOneProcess()
            .withoutRevocation();
    return switch (caching) {
      case OFF -> builder.withoutTokenCache();
      case COLD -> builder;
      case WARM -> builder.tokenCache(cache);
    };
  }

  static ToolCall search() {
    return ToolCall.of("jira.search")
        .operation("read")
        .on("jira:project/ACME/Q3/12")
        .arg("limit", 50);
  }

  /** What a verifier says of a call that the key's holder proves. */
  CallDecision decide(Verifier verifier, AgentToken token, PrivateKey holder, ToolCall call) {
    return verifier.decide(
        Credentials.of(token.encodeBase64(), token.prove(holder, call, JIRA, clock).encodeBase64()),
        call);
  }
}
