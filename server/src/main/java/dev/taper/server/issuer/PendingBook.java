package dev.taper.server.issuer;

import dev.taper.server.issuer.ExchangeException.OauthError;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.Subject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps exchanges that wait for people, in this process: so many for each person and agent, and for
 * some minutes. Thread-safe.
 */
final class PendingBook implements PendingExchanges {
  static final Duration WAITS = Duration.ofMinutes(10);
  static final int MOST_OF_SUBJECT = 20;
  static final int MOST_OF_AGENT = 200;
  private static final int MOST = 10_000;

  private static final int ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Records records;
  private final Clock clock;

  /** By the digest of the subject token and the ask, the oldest first. Guarded by this. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** How an exchange stands. */
  enum State {
    WAITING,
    CONFIRMED,
    REFUSED
  }

  /**
   * What is kept of an exchange.
   *
   * @param identity who the provider said it is, when the subject token was taken
   */
  record Entry(PendingExchange exchange, Identity identity, State state) {
    private Entry now(State next) {
      return new Entry(exchange, identity, next);
    }
  }

  PendingBook(Records records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /** A new id. */
  static String id() {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** When what begins to wait now has waited. */
  Instant until() {
    return clock.instant().plus(WAITS);
  }

  /**
   * How an exchange stands; null if it is not there. One that was decided is found once more after
   * its time, so that the agent learns of it.
   */
  synchronized @Nullable Entry find(String key) {
    return entries.get(key);
  }

  /**
   * Refuses one more where there are enough.
   *
   * @throws ExchangeException {@code consents_full}
   */
  synchronized void requireRoom(Subject subject, EnrolledAgent agent) throws ExchangeException {
    drop();
    int ofSubject = 0;
    int ofAgent = 0;
    for (Entry entry : entries.values()) {
      ofSubject += entry.exchange().subject().equals(subject) ? 1 : 0;
      ofAgent += entry.exchange().agent().key().equals(agent.key()) ? 1 : 0;
    }
    if (entries.size() >= MOST || ofSubject >= MOST_OF_SUBJECT || ofAgent >= MOST_OF_AGENT) {
      throw new ExchangeException(
          OauthError.SLOW_DOWN, "consents_full", "too many exchanges wait for a person already");
    }
  }

  /**
   * Keeps an exchange that begins to wait.
   *
   * @throws ExchangeException {@code consents_full} if others came in between
   */
  synchronized void add(String key, Entry entry) throws ExchangeException {
    requireRoom(entry.exchange().subject(), entry.exchange().agent());
    entries.put(key, entry);
  }

  /** Keeps an exchange again that was taken. */
  synchronized void putBack(String key, Entry entry) {
    entries.put(key, entry);
  }

  /** Forgets an exchange that was answered; false if somebody else did before. */
  synchronized boolean take(String key) {
    return entries.remove(key) != null;
  }

  /** What has waited is forgotten a while later. */
  private void drop() {
    Instant past = clock.instant().minus(WAITS);
    Iterator<Entry> all = entries.values().iterator();
    while (all.hasNext()) {
      if (all.next().exchange().until().isBefore(past)) {
        all.remove();
      }
    }
  }

  private boolean isWaiting(Entry entry, Subject subject) {
    return entry.state() == State.WAITING
        && entry.exchange().subject().equals(subject)
        && clock.instant().isBefore(entry.exchange().until());
  }

  @Override
  public synchronized List<PendingExchange> of(Subject subject) {
    List<PendingExchange> own = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (isWaiting(entry, subject)) {
        own.add(entry.exchange());
      }
    }
    return own;
  }

  @Override
  public @Nullable PendingExchange find(String id, Subject subject) {
    return of(subject).stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
  }

  @Override
  public boolean confirm(String id, Subject subject) {
    return decide(id, subject, State.CONFIRMED);
  }

  @Override
  public boolean refuse(String id, Subject subject) {
    return decide(id, subject, State.REFUSED);
  }

  private synchronized boolean decide(String id, Subject subject, State state) {
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (entry.exchange().id().equals(id) && isWaiting(entry, subject)) {
        records.decided(entry.exchange(), state == State.CONFIRMED);
        each.setValue(entry.now(state));
        return true;
      }
    }
    return false;
  }
}
