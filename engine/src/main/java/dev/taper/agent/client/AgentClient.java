package dev.taper.agent.client;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.crypto.Signer;
import dev.taper.token.Token;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent's side of one service: it holds a token with the holder's key, proves each call, and
 * hands parts of its authority on. It sends nothing itself: {@link Credentials} are what travels
 * beside a call. Immutable, and thread-safe if the signer is.
 */
public final class AgentClient {
  private final AgentToken token;
  private final @Nullable Signer holder;
  private final String audience;
  private final Clock clock;

  private AgentClient(AgentToken token, @Nullable Signer holder, String audience, Clock clock) {
    this.token = token;
    this.holder = holder;
    this.audience = audience;
    this.clock = clock;
  }

  /**
   * Holds a token.
   *
   * @param token the token
   * @param holder the holder's key, or what signs with it elsewhere
   * @param audience the service that is called, from the agent's own configuration: never from what
   *     a server says of itself, or it gets proofs to use elsewhere
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is not held, or held by
   *     another key; {@link ErrorCode#INVALID_REQUEST} if the audience is ambiguous
   */
  public static AgentClient of(AgentToken token, Signer holder, String audience) {
    Given.that(token, "the agent's token")
        .requireHolder(Given.that(holder, "the signer"), "use it");
    return new AgentClient(token, holder, Audience.of(audience).name(), Clock.systemUTC());
  }

  /**
   * Holds a bearer or sealed token, which needs no proof, and which anyone who has it can use.
   *
   * @param token the token
   * @param audience the service that is called
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the token is held; {@link
   *     ErrorCode#INVALID_REQUEST} if the audience is ambiguous
   */
  public static AgentClient withoutProof(AgentToken token, String audience) {
    if (Given.that(token, "the agent's token").token().kind() == Token.Kind.HELD) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a held token needs a proof of each call: of(…)");
    }
    return new AgentClient(token, null, Audience.of(audience).name(), Clock.systemUTC());
  }

  /** Returns a client with another clock. */
  public AgentClient clock(Clock newClock) {
    return new AgentClient(token, holder, audience, Given.that(newClock, "the agent's clock"));
  }

  /**
   * Returns a client of another service, with the same token and key.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if the audience is ambiguous
   */
  public AgentClient at(String newAudience) {
    return new AgentClient(token, holder, Audience.of(newAudience).name(), clock);
  }

  /** The token. */
  public AgentToken token() {
    return token;
  }

  /** The service that is called. */
  public String audience() {
    return audience;
  }

  /**
   * Proves a call without approvals.
   *
   * @throws TaperException as {@link #prove(SentCall, SentApprovals)}
   */
  public Credentials prove(SentCall sent) {
    return prove(sent, SentApprovals.NONE);
  }

  /**
   * Proves one call. A call that is sent again is proved again.
   *
   * @param sent what is sent, exactly as it will go over the wire
   * @param approvals what is sent beside the token
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}, or as {@link Proof#make}
   */
  public Credentials prove(SentCall sent, SentApprovals approvals) {
    Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
    List<String> texts = approvals.encoded().stream().map(text::encodeToString).toList();
    return new Credentials(
        token.encodeBase64(),
        holder == null
            ? null
            : token.prove(holder, sent, audience, approvals, clock).encodeBase64(),
        texts);
  }

  /**
   * Proves the question what the agent may do at the service ({@link Verifier#offer}). Such a proof
   * is good for no call.
   *
   * @throws TaperException {@link ErrorCode#SIGNING_FAILED}
   */
  public Credentials proveOffer() {
    return new Credentials(
        token.encodeBase64(),
        holder == null ? null : token.proveOffer(holder, audience, clock).encodeBase64(),
        List.of());
  }

  /**
   * Hands a part of the authority on to a sub-agent.
   *
   * @param hop to whom, and what is left
   * @return the sub-agent's token
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if nobody holds the token, or as
   *     {@link AgentToken#delegate(Signer, Hop, Clock)}
   */
  public AgentToken delegate(Hop hop) {
    if (holder == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "nobody holds this token, so nobody can hand it on");
    }
    return token.delegate(holder, hop, clock);
  }

  /** Who holds what, and which service is called. */
  @Override
  public String toString() {
    return "AgentClient(" + token.chain() + ", at " + audience + ")";
  }
}
