package dev.taper.agent.delegation;

import dev.taper.CheckReturnValue;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.token.HeldToken;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalInt;

/** Mints delegation tokens with a root key. Immutable and thread-safe. */
@CheckReturnValue
public final class Issuer {
  private final Signer root;
  private final OptionalInt keyId;
  private final Clock clock;

  private Issuer(Signer root, OptionalInt keyId, Clock clock) {
    this.root = root;
    this.keyId = keyId;
    this.clock = clock;
  }

  /** Makes an issuer with a root key and the system's clock. */
  public static Issuer of(Signer root) {
    return new Issuer(
        Given.that(root, "the issuer's root key"), OptionalInt.empty(), Clock.systemUTC());
  }

  /** Returns a copy with an id of the root key, an unsigned number, for verifiers with several. */
  public Issuer keyId(int id) {
    return new Issuer(root, OptionalInt.of(id), clock);
  }

  /** Returns a copy with another clock, from which relative ends are counted. */
  public Issuer clock(Clock newClock) {
    return new Issuer(root, keyId, Given.that(newClock, "the issuer's clock"));
  }

  /**
   * Mints a token, whose {@link AgentToken#warnings()} say what is odd about the delegation.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the delegation lacks a holder, a
   *     task, a grant or an end; {@link ErrorCode#SIGNING_FAILED}
   */
  public AgentToken mint(Delegation delegation) {
    Clock now = Clock.fixed(clock.instant(), ZoneOffset.UTC);
    Block authority = delegation.block(now);
    HeldToken token = HeldToken.mint(root, authority, delegation.holder().key(), keyId);
    return AgentToken.checked(
        token.unverified(), () -> Warnings.of(List.of(), authority, 0, now.instant()));
  }

  /** What is odd about a delegation: it contradicts itself, or has ended already. */
  public List<Delegation.Warning> warnings(Delegation delegation) {
    return Warnings.of(List.of(), delegation.block(clock), 0, clock.instant());
  }
}
