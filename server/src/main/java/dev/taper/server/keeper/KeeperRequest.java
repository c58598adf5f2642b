package dev.taper.server.keeper;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.crypto.Algorithm;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a keeper can be asked for. All are immutable. */
public sealed interface KeeperRequest {
  /** How it is. */
  record Status() implements KeeperRequest {}

  /** Which keys it has. */
  record ListKeys() implements KeeperRequest {}

  /** One key. */
  record GetKey(String name) implements KeeperRequest {}

  /** Which tokens it has. */
  record ListTokens() implements KeeperRequest {}

  /** One token. */
  record GetToken(String name) implements KeeperRequest {}

  /** Whom it can hand on to by name. */
  record ListNames() implements KeeperRequest {}

  /**
   * Make a key.
   *
   * @param inDevice whether its secret is made and stays in the device
   */
  record NewKey(
      String name,
      Algorithm algorithm,
      boolean inDevice,
      boolean isConfirmed,
      @Nullable Duration lifetime)
      implements KeeperRequest {}

  /** Keep a token. */
  record AddToken(
      String name,
      String token,
      List<String> audiences,
      @Nullable RenewAt renew,
      @Nullable Duration lifetime,
      boolean replaces)
      implements KeeperRequest {}

  /**
   * Where a token is renewed.
   *
   * @param url of the issuer's {@code /v1/renew}
   * @param audience the issuer as an audience
   */
  record RenewAt(URI url, String audience) {}

  /** Forget a key for good. */
  record ForgetKey(String name) implements KeeperRequest {}

  /** Forget a token. */
  record ForgetToken(String name) implements KeeperRequest {}

  /** Open the keys. */
  record Unlock(@Nullable String passphrase, @Nullable String pin) implements KeeperRequest {
    /** Shows no secret. */
    @Override
    public String toString() {
      return "Unlock";
    }
  }

  /** Close the keys. */
  record Lock() implements KeeperRequest {}

  /**
   * Prove a call.
   *
   * @param token the name of a token, or a token
   * @param audience the service; null for the token's only one
   */
  record Prove(
      String token,
      @Nullable String audience,
      Provable asked,
      SentApprovals approvals,
      boolean inOwnField)
      implements KeeperRequest {}

  /**
   * Prove that an agent asks an issuer for a token, or to be enrolled.
   *
   * @param key the name of the agent's key
   * @param issuer its URL, exactly as it is configured
   * @param tokenDigest of the token that is exchanged, which the keeper never sees
   * @param details what is asked for, exactly as it is sent
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record ProveExchange(String key, String issuer, byte[] tokenDigest, String details)
      implements KeeperRequest {}

  /** What is to be proved, which is given back in the form in which it is sent. */
  sealed interface Provable {
    /** What goes over the wire; null if it is no call. */
    @Nullable SentCall sent();
  }

  /** An HTTP request. */
  record ProvableHttp(SentHttp sent) implements Provable {}

  /**
   * A message of MCP.
   *
   * @param meta its member {@code _meta}, an object in canonical form
   */
  record ProvableMcp(SentMcp sent, String meta) implements Provable {}

  /** A tool with its arguments. */
  record ProvableTool(SentCall sent) implements Provable {}

  /** What the holder may do. */
  record ProvableOffer() implements Provable {
    @Override
    public @Nullable SentCall sent() {
      return null;
    }
  }

  /**
   * Hand a token on.
   *
   * @param name of the next holder, to be looked up; null if the agent is given with its key
   */
  record Delegate(String token, @Nullable String name, @Nullable Agent agent, Terms terms)
      implements KeeperRequest {}

  /** What is left of a token that is handed on. */
  record Terms(
      List<String> grants,
      List<String> budgets,
      @Nullable Duration lifetime,
      @Nullable Instant expires,
      List<String> audiences,
      @Nullable Integer maxDepth,
      boolean isForVerifiedHolders,
      boolean isStrict) {}

  /**
   * Ask for an approval.
   *
   * @param http the call that a service keeps the ask of; null if the holder makes the request
   * @param call the call that the holder states itself; null if a service keeps the ask
   */
  record Ask(
      String token,
      @Nullable String audience,
      @Nullable SentHttp http,
      @Nullable ToolCall call,
      String reason,
      Duration patience)
      implements KeeperRequest {}

  /** Wait for an answer to an ask. */
  record AwaitAsk(URI ask, Duration patience) implements KeeperRequest {}

  /** Get a later end for a token. */
  record Renew(String token, @Nullable RenewAt at) implements KeeperRequest {}

  /** Sign a message that the keeper knows. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sign(String key, byte[] message) implements KeeperRequest {}
}
