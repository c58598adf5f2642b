package dev.taper.agent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode.Category;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.SettableClock;
import dev.taper.token.TokenCache;
import dev.taper.token.UnverifiedToken;
import java.time.Duration;
import java.time.Instant;

/** The people, agents and services that the tests of this package are about. */
public final class Story {
  public static final String JIRA = "svc:jira";
  public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  public final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey researcherKey = PrivateKey.generate(Algorithm.ED25519);
  public final PrivateKey scraperKey = PrivateKey.generate(Algorithm.SECP256R1);
  public final Agent planner = Agent.of("agent:planner", plannerKey.publicKey());
  public final Agent researcher = Agent.of("agent:researcher", researcherKey.publicKey());
  public final Agent scraper = Agent.of("agent:scraper", scraperKey.publicKey());
  public final SettableClock clock = new SettableClock(NOON);
  public final Issuer issuer = Issuer.of(root).clock(clock);
  private final Caching caching;
  private final TokenCache cache = TokenCache.of(1 << 22);

  public Story() {
    this(Caching.COLD);
  }

  public Story(Caching caching) {
    this.caching = caching;
  }

  /** A token that the verifiers of this story may have met already. */
  private AgentToken met(AgentToken token) {
    meet(token.token());
    return token;
  }

  /** Shows a token to the verifiers of this story, if they are to know everything. */
  public void meet(UnverifiedToken token) {
    if (caching == Caching.WARM) {
      try {
        cache.verifyAny(token.encode(), RootKeys.of(root.publicKey()));
      } catch (TaperException e) {
        assertThat(e.code().category()).isNotEqualTo(Category.EXECUTION);
      }
    }
  }

  /** Alice's grant to the planner. */
  public Delegation delegation() {
    return Delegation.by("user:alice@acme.com")
        .to(planner)
        .task("T-4711", "triage Q3 tickets")
        .grant("jira.* read,list on jira:project/ACME/*")
        .expiresIn(Duration.ofMinutes(60));
  }

  public AgentToken atPlanner() {
    return met(issuer.mint(delegation()));
  }

  public AgentToken atResearcher() {
    return met(atPlanner().delegate(plannerKey, toResearcher(), clock));
  }

  public Hop toResearcher() {
    return Hop.to(researcher)
        .grant("jira.search on jira:project/ACME/Q3/*")
        .expiresIn(Duration.ofMinutes(10));
  }

  public AgentToken atScraper() {
    return met(
        atResearcher()
            .delegate(
                researcherKey,
                Hop.to(scraper).grant("jira.search read where limit <= 50 and only limit"),
                clock));
  }

  public VerifierBuilder verifier() {
    return verifier(RootKeys.of(root.publicKey()));
  }

  public VerifierBuilder verifier(RootKeys keys) {
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

  public static ToolCall search() {
    return ToolCall.of("jira.search")
        .operation("read")
        .on("jira:project/ACME/Q3/12")
        .arg("limit", 50);
  }

  /** What a verifier says of a call that the key's holder proves. */
  public CallDecision decide(
      Verifier verifier, AgentToken token, PrivateKey holder, ToolCall call) {
    return verifier.decide(
        Credentials.of(token.encodeBase64(), token.prove(holder, call, JIRA, clock).encodeBase64()),
        call);
  }
}
