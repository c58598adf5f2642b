package dev.taper.server.issuer;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.token.HeldToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens with the issuer's root key, which signs each once. A token that can be renewed says
 * so in a fact of its own: {@code renewable(template, since, until, seconds)}, which the root key
 * has signed, so that no memory of tokens is needed to renew it. Thread-safe if the signer is.
 */
final class Mint {
  private static final String RENEWABLE = "renewable";

  private final Signer root;
  private final OptionalInt keyId;

  /** Makes the blocks' form, and signs nothing that anybody gets. */
  private final PrivateKey scratch = PrivateKey.generate(Algorithm.ED25519);

  /**
   * What a token says about its renewals.
   *
   * @param template what it was granted by
   * @param since when the first of its renewals was issued
   * @param until when the last one ends at the latest
   * @param lifetime how long each lasts
   */
  record Renewable(String template, Instant since, Instant until, Duration lifetime) {
    Fact fact() {
      return Fact.of(
          RENEWABLE,
          new Term.Str(template),
          Term.Date.of(since),
          Term.Date.of(until),
          new Term.Int(lifetime.toSeconds()));
    }

    /** Reads what an authority block says; null if it says nothing, or something else. */
    static @Nullable Renewable of(Block authority) {
      Renewable found = null;
      for (Fact fact : authority.facts()) {
        if (!fact.predicate().name().equals(RENEWABLE)) {
          continue;
        }
        List<Term> terms = fact.predicate().terms();
        if (found != null
            || terms.size() != 4
            || !(terms.get(0) instanceof Term.Str template)
            || !(terms.get(1) instanceof Term.Date since)
            || !(terms.get(2) instanceof Term.Date until)
            || !(terms.get(3) instanceof Term.Int seconds)) {
          return null;
        }
        found =
            new Renewable(
                template.value(),
                Instant.ofEpochSecond(since.seconds()),
                Instant.ofEpochSecond(until.seconds()),
                Duration.ofSeconds(seconds.value()));
      }
      return found;
    }
  }

  /**
   * Makes tokens.
   *
   * @param root signs them
   * @param keyId its id, for verifiers with several
   */
  Mint(Signer root, OptionalInt keyId) {
    this.root = root;
    this.keyId = keyId;
  }

  /** The key that verifies them. */
  PublicKey publicKey() {
    return root.publicKey();
  }

  /** Makes a token that nobody can use: its holder's key is thrown away, and it has ended. */
  AgentToken trial(Instant now) {
    PublicKey nobody = PrivateKey.generate(Algorithm.ED25519).publicKey();
    Delegation delegation =
        Delegation.by("issuer:trial")
            .to(Agent.of("agent:nobody", nobody))
            .task("trial")
            .grant("taper.nothing")
            .expiresAt(now.minusSeconds(1));
    return make(delegation, nobody, null, now);
  }

  /** Makes a token. */
  AgentToken make(
      Delegation delegation, PublicKey holder, @Nullable Renewable renewable, Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    AgentToken shape = Issuer.of(scratch).clock(clock).mint(delegation);
    Block block = shape.token().blocks().get(0).block();
    return signed(
        renewable == null ? block : block.toBuilder().fact(renewable.fact()).build(), holder);
  }

  /**
   * Makes the same token with another end, and changes nothing else.
   *
   * @param authority the block of the present one
   */
  AgentToken again(Block authority, PublicKey holder, Instant end) {
    Block.Builder block = Block.builder().context(authority.context());
    authority.scopes().forEach(block::scope);
    authority.facts().forEach(block::fact);
    authority.rules().forEach(block::rule);
    for (Check check : authority.checks()) {
      boolean isEnd =
          Caveat.of(check) instanceof Condition condition
              && condition.kind() == Condition.Kind.EXPIRY;
      block.check(isEnd ? Condition.expires(end).check() : check);
    }
    return signed(block.build(), holder);
  }

  private AgentToken signed(Block block, PublicKey holder) {
    return AgentToken.of(HeldToken.mint(root, block, holder, keyId).unverified());
  }
}
