package dev.taper.agent;

import dev.taper.agent.request.Invocation;
import dev.taper.agent.request.ReplayCache;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

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
  final MovableClock clock = new MovableClock();
  final Issuer issuer = Issuer.of(root).clock(clock);

  /** Alice's grant to the planner. */
  Delegation delegation() {
    return Delegation.by("user:alice@acme.com")
        .to(planner)
        .task("T-4711", "triage Q3 tickets")
        .grant("jira.* read,list on jira:project/ACME/*")
        .expiresIn(Duration.ofMinutes(60));
  }

  AgentToken atPlanner() {
    return issuer.mint(delegation());
  }

  AgentToken atResearcher() {
    return atPlanner().delegate(plannerKey, toResearcher(), clock);
  }

  Hop toResearcher() {
    return Hop.to(researcher)
        .grant("jira.search on jira:project/ACME/Q3/*")
        .expiresIn(Duration.ofMinutes(10));
  }

  AgentToken atScraper() {
    return atResearcher()
        .delegate(
            researcherKey,
            Hop.to(scraper).grant("jira.search read where limit <= 50 and only limit"),
            clock);
  }

  Verifier.Builder verifier() {
    return Verifier.trusting(RootKeys.of(root.publicKey()))
        .audience(JIRA)
        .clock(clock)
        .withoutRevocation();
  }

  static Invocation search() {
    return Invocation.of("jira.search")
        .operation("read")
        .on("jira:project/ACME/Q3/12")
        .arg("limit", 50);
  }

  /** What a verifier says of a call that the key's holder proves. */
  CallDecision decide(Verifier verifier, AgentToken token, PrivateKey holder, Invocation call) {
    return verifier.decide(
        token.encodeBase64(), call, token.prove(holder, call, JIRA, clock).encodeBase64());
  }

  ReplayCache replays() {
    return ReplayCache.of(clock);
  }

  /** A clock that stands until it is moved. */
  static final class MovableClock extends Clock {
    private volatile Instant now = NOON;

    void forward(Duration duration) {
      now = now.plus(duration);
    }

    void set(Instant instant) {
      now = instant;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
