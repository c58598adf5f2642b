package dev.taper.server.issuer;

import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.datalog.Block;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.issuer.Mint.Renewable;
import dev.taper.server.issuer.Question.Terms;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Renews tokens, as docs/binding.md says. For one request. */
final class Renewals {
  private final TokenIssuer issuer;
  private final Verifier verifier;
  private final Mint mint;
  private final Clock clock;

  Renewals(TokenIssuer issuer, Verifier verifier, Mint mint, Clock clock) {
    this.issuer = issuer;
    this.verifier = verifier;
    this.mint = mint;
    this.clock = clock;
  }

  /** Renews the token of a request. */
  AgentToken renew(Credentials given, SentHttp sent) throws RefusedException {
    try {
      require(verifier.unproven(Credentials.of(given.token(), given.proof()), sent));
      AgentToken token = AgentToken.decode(given.token());
      EffectiveAuthority authority = token.chain().effectiveAuthority();
      requireTime(authority);
      require(verifier.useProof(Credentials.of(given.token(), given.proof()), sent));
      return renewed(token);
    } catch (TaperException e) {
      throw new RefusedException(HttpRefusal.of(e));
    }
  }

  private static void require(@Nullable DenialCode unproven) throws RefusedException {
    if (unproven != null) {
      throw new RefusedException(HttpRefusal.of(unproven, null));
    }
  }

  private void requireTime(EffectiveAuthority authority) throws RefusedException {
    Instant now = clock.instant();
    Instant end = authority.expiry();
    Instant start = authority.notBefore();
    if (start != null && now.isBefore(start)) {
      require(DenialCode.NOT_YET_VALID);
    }
    if (end != null && !now.isBefore(end)) {
      require(DenialCode.EXPIRED);
    }
  }

  private AgentToken renewed(AgentToken token) throws RefusedException {
    DelegationChain chain = token.chain();
    Agent holder = chain.holder();
    if (holder == null || chain.hops().size() != 1) {
      throw not("a holder handed the token on or added to it: send it as it was issued");
    }
    Block authority = token.token().blocks().get(0).block();
    Renewable renewable = Renewable.of(authority);
    Template template = renewable == null ? null : issuer.template(renewable.template());
    if (renewable == null || template == null || template.renewableFor() == null) {
      throw not("the issuer does not renew this token");
    }
    if (!issuer.isInTurn(holder.name())) {
      throw new RefusedException(429, "agent_too_often", "the agent asks too often; wait a minute");
    }
    Block left = within(template, authority, chain.effectiveAuthority());
    EffectiveAuthority effective = EffectiveAuthority.of(List.of(left));
    if (effective.isEmpty() || !effective.isListed()) {
      throw not("its delegator may not give this any more");
    }
    Duration lifetime = shorter(renewable.lifetime(), template.longest());
    String refused =
        issuer.refusesToRenew(
            holder,
            chain.delegator(),
            (person, agent) ->
                new Question(
                    person,
                    agent.name(),
                    template.name(),
                    chain.task().id(),
                    effective.alternatives(),
                    terms(effective, lifetime),
                    Consent.RENEWED));
    if (refused != null) {
      throw not(refused);
    }
    AgentToken next =
        mint.again(left, holder.key(), end(renewable, template, lifetime, effective.expiry()));
    issuer.renewed(next, token);
    return next;
  }

  /** A later end, within the time that all renewals may take together. */
  private Instant end(
      Renewable renewable, Template template, Duration lifetime, @Nullable Instant present)
      throws RefusedException {
    Duration all = template.renewableFor() == null ? Duration.ZERO : template.renewableFor();
    Instant last = earlier(renewable.until(), renewable.since().plus(all));
    Instant end = earlier(clock.instant().plus(lifetime), last);
    Instant whole = Instant.ofEpochSecond(end.getEpochSecond());
    if (present == null || !present.isBefore(whole)) {
      throw not("its time altogether is over");
    }
    return whole;
  }

  private static Terms terms(EffectiveAuthority authority, Duration lifetime) {
    OptionalLong depth = authority.maxDepth();
    List<String> audience = authority.audiences();
    return new Terms(
        lifetime,
        (int) Math.min(depth.orElse(Integer.MAX_VALUE), Integer.MAX_VALUE),
        audience == null ? List.of() : audience,
        authority.budgets());
  }

  /** The block as it is, and under the template as it is now where that has become narrower. */
  private static Block within(Template template, Block authority, EffectiveAuthority present) {
    Block.Builder block = authority.toBuilder();
    Block both = authority.toBuilder().check(template.grants().check()).build();
    List<Grant> common = EffectiveAuthority.of(List.of(both)).alternatives();
    if (!authority.checks().contains(template.grants().check())
        && !new HashSet<>(common).equals(new HashSet<>(present.alternatives()))) {
      block.check(template.grants().check());
    }
    if (present.maxDepth().orElse(Long.MAX_VALUE) > template.depth()) {
      block.check(Condition.maxDepth(template.depth()).check());
    }
    List<String> audience = present.audiences();
    if (!template.audience().isEmpty()
        && (audience == null || !template.audience().containsAll(audience))) {
      block.check(Condition.audience(template.audience().toArray(new String[0])).check());
    }
    return block.build();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static RefusedException not(String why) {
    return new RefusedException(403, "not_renewable", why);
  }
}
