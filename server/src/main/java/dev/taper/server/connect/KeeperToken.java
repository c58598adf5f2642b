package dev.taper.server.connect;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.call.Audience;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A token that a keeper keeps, asked for before each call: it may have been renewed or replaced.
 * What makes no sense changes nothing; once the keeper has forgotten it there is no token.
 * Thread-safe.
 */
final class KeeperToken implements TokenSource {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String UNKNOWN = "unknown_token";

  private final KeeperClient keeper;
  private final String name;
  private final PublicKey holder;
  private final String audience;
  private final FailureLog failures;
  private @Nullable String text; // guarded by this
  private @Nullable AgentToken token; // guarded by this

  private KeeperToken(
      KeeperClient keeper, String name, PublicKey holder, String audience, Clock clock) {
    this.keeper = keeper.patience(PATIENCE); // nobody is asked about it
    this.name = name;
    this.holder = holder;
    this.audience = audience;
    this.failures = FailureLog.of(KeeperToken.class, "asking for the token", clock);
  }

  /**
   * Watches a token.
   *
   * @param name what the keeper calls it
   * @param holder who must hold it
   * @param audience for which service it must be kept
   * @throws OperationException what the keeper says, such as {@code unknown_token}; {@code
   *     other_audience}
   * @throws TaperException if another key holds it
   */
  static KeeperToken of(
      KeeperClient keeper, String name, PublicKey holder, String audience, Clock clock) {
    KeeperToken watched =
        new KeeperToken(
            keeper, KeeperClient.name(name), holder, Audience.of(audience).name(), clock);
    watched.read();
    return watched;
  }

  @Override
  public synchronized @Nullable AgentToken current() {
    try {
      read();
    } catch (OperationException e) {
      if (e.code().equals(UNKNOWN)) {
        text = null;
        token = null;
      }
      failures.failed(e);
    } catch (TaperException e) {
      failures.failed(e);
    }
    return token;
  }

  private synchronized void read() {
    KeptToken kept = keeper.token(name);
    if (!kept.audiences().isEmpty() && !kept.audiences().contains(audience)) {
      throw new OperationException(
          OperationException.Kind.REFUSED,
          "other_audience",
          "the keeper keeps the token " + name + " for other services: " + kept.audiences(),
          null);
    }
    if (!kept.token().equals(text)) {
      token = TokenFile.heldBy(holder, AgentToken.decode(kept.token()));
      text = kept.token();
    }
  }
}
