package dev.taper.server.connect;

import dev.taper.agent.AgentClient;
import dev.taper.agent.AgentToken;
import dev.taper.agent.approval.Justification;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What an agent holds at the moment: the token that its operator or another agent gave it, with
 * what it justified since, and the key that proves its calls. A newer token takes the place of the
 * older one from the next call on. Thread-safe if the signer is.
 */
final class Holding {
  private final TokenSource source;
  private final Signer signer;
  private final String audience;
  private final Clock clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private @Nullable String given; // guarded by this
  private @Nullable AgentClient client; // guarded by this

  /**
   * Holds what a source gives.
   *
   * @param audience the service that is called, from the operator alone
   */
  Holding(TokenSource source, Signer signer, String audience, Clock clock) {
    this.source = source;
    this.signer = signer;
    this.audience = audience;
    this.clock = clock;
  }

  /** Tells of every change of the token, on the thread that finds it. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** The agent's side of the service; null while it holds no token. */
  @Nullable AgentClient client() {
    AgentClient now;
    synchronized (this) {
      AgentToken token = source.current();
      String text = token == null ? null : token.encodeBase64();
      if (text == null ? given == null : text.equals(given)) {
        return client;
      }
      given = text;
      client = token == null ? null : client(token);
      now = client;
    }
    listeners.forEach(Runnable::run);
    return now;
  }

  /**
   * Adds a justification to the token.
   *
   * @throws MistakeException if there is no token
   * @throws dev.taper.TaperException if the signer fails
   */
  void justify(Justification justification) throws MistakeException {
    synchronized (this) {
      AgentClient present = required();
      client = client(present.token().justify(signer, justification));
    }
    listeners.forEach(Runnable::run);
  }

  /** The agent's side of the service. */
  AgentClient required() throws MistakeException {
    AgentClient present = client();
    if (present == null) {
      throw new MistakeException(
          "You hold no authority yet: somebody who has it has to hand a part of it on to you.");
    }
    return present;
  }

  private AgentClient client(AgentToken token) {
    return AgentClient.of(token, signer, audience).clock(clock);
  }

  /** What time it is for the agent. */
  Clock clock() {
    return clock;
  }

  /** The service that is called. */
  String audience() {
    return audience;
  }
}
