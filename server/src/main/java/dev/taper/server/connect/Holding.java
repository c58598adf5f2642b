package dev.taper.server.connect;

import dev.taper.agent.approval.Justification;
import dev.taper.agent.client.AgentClient;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Signer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What an agent holds at the moment: the token that its operator or another agent gave it, with
 * what it justified since, and the key that proves its calls. A newer token takes the place of the
 * older one from the next call on. Thread-safe if the signer is.
 */
final class Holding {
  /** How many justifications a token gets before it is made anew. */
  private static final int MOST = 8;

  /** How many of them are kept then. */
  private static final int KEPT = 3;

  private final TokenSource source;
  private final Signer signer;
  private final String audience;
  private final Clock clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private @Nullable String given; // guarded by this
  private @Nullable AgentToken base; // as it was given; guarded by this
  private final List<Justification> justified = new ArrayList<>(); // since then; guarded by this
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

  /**
   * Tells of every change of the token, on the thread that finds it.
   *
   * @return ends that
   */
  Runnable onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** How many are told of a change. */
  int listeners() {
    return listeners.size();
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
      base = token;
      justified.clear();
      client = token == null ? null : client(token);
      now = client;
    }
    listeners.forEach(Runnable::run);
    return now;
  }

  /**
   * Adds a justification to the token. When there are many, the token is made anew of those that
   * are still good, the last of each tool: each makes it longer, and services take no longer ones
   * than a few. An approval for the token as it was is good for it no more then.
   *
   * @throws MistakeException if there is no token
   * @throws dev.taper.TaperException if the signer fails
   */
  void justify(Justification justification) throws MistakeException {
    synchronized (this) {
      AgentToken token = required().token();
      if (justified.size() >= MOST) {
        Instant now = clock.instant();
        Map<Object, Justification> living = new LinkedHashMap<>();
        for (Justification one : justified) {
          if (one.until().isAfter(now) && !one.tools().equals(justification.tools())) {
            living.remove(one.tools());
            living.put(one.tools(), one);
          }
        }
        justified.clear();
        living.values().stream().skip(Math.max(0, living.size() - KEPT)).forEach(justified::add);
        token = Objects.requireNonNull(base);
        for (Justification one : justified) {
          token = token.justify(signer, one);
        }
      }
      justified.add(justification);
      client = client(token.justify(signer, justification));
    }
    listeners.forEach(Runnable::run);
  }

  /** The agent's side of the service. */
  AgentClient required() throws MistakeException {
    AgentClient present = client();
    if (present == null) {
      throw new MistakeException("You hold no authority yet: " + missing());
    }
    return present;
  }

  /** Why there is no token, and what can be done about it, for a model. */
  String missing() {
    String pinned = source.pinned();
    if (pinned != null) {
      return "your operator chose the work " + pinned + ", and nobody has handed that on to you.";
    }
    List<String> others = source.others();
    String unverified = unverified();
    return others.isEmpty()
        ? "somebody who has it has to hand a part of it on to you."
            + (unverified.isEmpty() ? "" : " " + unverified)
        : "several were handed on to you, and you have to name the one that your user wants with"
            + " taper_use: "
            + String.join("; ", others)
            + ".";
  }

  /** The names of what was handed on too, and is not used. */
  List<String> others() {
    return source.others();
  }

  /** A sentence about what was left and is not verified; empty if there is nothing. */
  String unverified() {
    List<String> unverified = source.unverified();
    return unverified.isEmpty()
        ? ""
        : "This was left for you and is not verified, so it is never used: "
            + String.join("; ", unverified)
            + ".";
  }

  /** Uses another token from now on, by its name; false if there is none of that name. */
  boolean use(String name) {
    if (!source.use(name)) {
      return false;
    }
    var unused = client(); // and tells of it
    return true;
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
