package dev.taper.server.issuer.enrol;

import dev.taper.crypto.PublicKey;
import dev.taper.server.issuer.enrol.Enrolment.Way;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.Secrets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys that wait for a person who confirms a short code, in the manner of RFC 8628, in this process
 * for ten minutes. The agent has a secret of its own by which it asks what became of it; the code
 * alone gives nothing to anybody. Thread-safe.
 */
public final class EnrolmentCodes {
  /** How long a code is good. */
  public static final Duration LIFE = Duration.ofMinutes(10);

  /** The least time between two questions of an agent. */
  public static final Duration INTERVAL = Duration.ofSeconds(2);

  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ"; // no vowels: no words
  private static final int CODE_LENGTH = 8;
  private static final Pattern CODE = Pattern.compile("[" + LETTERS + "]{8}");
  private static final int MAX_PENDING = 1000;
  private static final int MAX_OF_NAME = 5;
  private static final int MAX_A_MINUTE = 60;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EnrolmentBook book;
  private final Clock clock;
  private final Guesses guesses;
  private final Map<String, Entry> entries = new LinkedHashMap<>(); // by the code; guarded by this
  private Instant minute = Instant.MIN; // guarded by this
  private int begun; // guarded by this

  private enum State {
    WAITING,
    CONFIRMED,
    REFUSED
  }

  private record Entry(PendingEnrolment pending, String secret, State state, Instant asked) {
    Entry now(State next) {
      return new Entry(pending, secret, next, asked);
    }

    Entry askedAt(Instant time) {
      return new Entry(pending, secret, state, time);
    }
  }

  /**
   * An enrolment that begins.
   *
   * @param secret what the agent asks with; never shown to anybody
   * @param code what a person is told, such as {@code BCDF-GHJK}
   */
  public record Begun(String secret, String code) {
    /** The code alone. */
    @Override
    public String toString() {
      return "Begun(" + code + ")";
    }
  }

  /** Confirmed enrolments go into a book. */
  public EnrolmentCodes(EnrolmentBook book, Clock clock) {
    this.book = book;
    this.clock = clock;
    this.guesses = new Guesses(clock);
  }

  /**
   * Lets a key wait that its agent has proved to have; an earlier code of the key ends.
   *
   * @throws EnrolmentException {@code enrolments_full}, {@code key_enrolled}, {@code name_taken}
   */
  synchronized Begun begin(String name, PublicKey key) throws EnrolmentException {
    Instant now = clock.instant();
    PendingEnrolment pending = new PendingEnrolment(name, key, now, now.plus(LIFE));
    book.check(enrolment(pending, new Subject("nobody", "yet")));
    requireRoom(pending, now);
    String code = code();
    String secret = Secrets.next();
    entries.put(code, new Entry(pending, Secrets.digest(secret), State.WAITING, Instant.MIN));
    return new Begun(secret, code.substring(0, 4) + "-" + code.substring(4));
  }

  private void requireRoom(PendingEnrolment pending, Instant now) throws EnrolmentException {
    int ofName = 0;
    Iterator<Entry> all = entries.values().iterator();
    while (all.hasNext()) {
      Entry entry = all.next();
      boolean isOld = !now.isBefore(entry.pending().until().plus(LIFE));
      if (isOld || entry.pending().key().equals(pending.key())) {
        all.remove();
      } else if (entry.state() == State.WAITING && entry.pending().name().equals(pending.name())) {
        ofName++;
      }
    }
    if (!now.isBefore(minute.equals(Instant.MIN) ? minute : minute.plusSeconds(60))) {
      minute = now;
      begun = 0;
    }
    if (entries.size() >= MAX_PENDING || ofName >= MAX_OF_NAME || begun >= MAX_A_MINUTE) {
      throw new EnrolmentException("enrolments_full", "too many enrolments wait already");
    }
    begun++;
  }

  private String code() {
    while (true) {
      StringBuilder code = new StringBuilder();
      for (int i = 0; i < CODE_LENGTH; i++) {
        code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
      }
      if (!entries.containsKey(code.toString())) {
        return code.toString();
      }
    }
  }

  /**
   * What became of an agent's enrolment.
   *
   * @param secret what it got when it began
   * @return what it is enrolled as
   * @throws EnrolmentException {@code authorization_pending}, {@code slow_down}, {@code
   *     access_denied}, {@code expired_token}
   */
  synchronized PendingEnrolment ask(String secret) throws EnrolmentException {
    String digest = Secrets.digest(secret);
    Instant now = clock.instant();
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (!entry.secret().equals(digest)) {
        continue;
      }
      if (entry.state() == State.CONFIRMED) {
        return entry.pending();
      }
      if (entry.state() == State.REFUSED) {
        throw new EnrolmentException("access_denied", "a person refused to enrol this key");
      }
      if (!now.isBefore(entry.pending().until())) {
        break;
      }
      boolean isSoon =
          !entry.asked().equals(Instant.MIN) && now.isBefore(entry.asked().plus(INTERVAL));
      each.setValue(entry.askedAt(now));
      throw isSoon
          ? new EnrolmentException("slow_down", "ask every " + INTERVAL.toSeconds() + " s")
          : new EnrolmentException("authorization_pending", "nobody confirmed the code yet");
    }
    throw new EnrolmentException("expired_token", "the enrolment has ended; begin again");
  }

  /**
   * What a code is about.
   *
   * @param code as the person typed it
   * @param person who asks, whose wrong codes are counted
   * @throws EnrolmentException {@code unknown_code}, {@code too_many_guesses}
   */
  public synchronized PendingEnrolment find(String code, Subject person) throws EnrolmentException {
    guesses.require(person);
    Entry entry = waiting(code);
    if (entry == null) {
      guesses.wrong(person);
      throw new EnrolmentException(
          "unknown_code", "no key waits with this code; it may have ended");
    }
    return entry.pending();
  }

  private @Nullable Entry waiting(String typed) {
    String code = normal(typed);
    Entry entry = CODE.matcher(code).matches() ? entries.get(code) : null;
    boolean isGood =
        entry != null
            && entry.state() == State.WAITING
            && clock.instant().isBefore(entry.pending().until());
    return isGood ? entry : null;
  }

  private static String normal(String typed) {
    return typed.toUpperCase(Locale.ROOT).replace("-", "").replace(" ", "");
  }

  /**
   * A person's word.
   *
   * @param code as the person typed it
   * @param digest of what the person was shown
   * @param person whose word it is
   * @param yes whether the key is enrolled
   * @throws EnrolmentException {@code unknown_code}, {@code too_many_guesses}; {@code
   *     changed_enrolment} if something else was shown; {@code key_enrolled}, {@code name_taken},
   *     {@code agents_full}, {@code unavailable}: it waits on then
   */
  public synchronized void decide(String code, String digest, Subject person, boolean yes)
      throws EnrolmentException {
    PendingEnrolment pending = find(code, person);
    if (!pending.digest().equals(digest)) {
      throw new EnrolmentException("changed_enrolment", "this is not what was shown");
    }
    if (yes) {
      book.add(enrolment(pending, person));
    }
    entries.computeIfPresent(
        normal(code), (same, entry) -> entry.now(yes ? State.CONFIRMED : State.REFUSED));
  }

  private Enrolment enrolment(PendingEnrolment pending, Subject person) {
    return new Enrolment(pending.name(), pending.key(), person, Way.CODE, clock.instant(), null);
  }
}
