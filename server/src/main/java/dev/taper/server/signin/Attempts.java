package dev.taper.server.signin;

import dev.taper.crypto.Digests;
import dev.taper.integrations.http.IncomingRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sign-ins that people began. Each is kept by the browser that began it, in a cookie that this
 * process signed, so that nobody fills a memory with them; state, nonce and verifier come from the
 * cookie's secret and this process's key. A browser has four at once, each is used once, for ten
 * minutes. Thread-safe.
 */
final class Attempts {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int SLOTS = 4;
  private static final int MAX_USED = 10_000;
  private static final String COOKIE = "__Host-taper-in";
  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z0-9_-]{43})\\.([0-9]{1,12})\\.([A-Za-z0-9_-]{1,800})\\.([A-Za-z0-9_-]{43})");

  private final byte[] key = Secrets.bytes();
  private final Clock clock;
  private final Map<String, Boolean> used = // guarded by itself
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_USED;
        }
      };

  Attempts(Clock clock) {
    this.clock = clock;
  }

  /**
   * A sign-in that somebody began.
   *
   * @param state what the provider gives back
   * @param nonce what the ID token says
   * @param verifier what only this process knows
   * @param to where the person wanted to go
   */
  record Attempt(String state, String nonce, String verifier, String to) {
    /** What the provider is told of the verifier. */
    String challenge() {
      return Secrets.encode(Digests.sha256(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Where it leads; nothing secret. */
    @Override
    public String toString() {
      return "Attempt(" + to + ")";
    }
  }

  /**
   * An attempt that begins.
   *
   * @param cookie the value of {@code Set-Cookie}
   */
  record Begun(Attempt attempt, String cookie) {}

  /** Begins an attempt, in a free slot of the browser or in that of its oldest one. */
  Begun begin(IncomingRequest request, String to) {
    String secret = Secrets.next();
    long end = clock.instant().plus(LIFE).getEpochSecond();
    String value = secret + "." + end + "." + Secrets.encode(to.getBytes(StandardCharsets.UTF_8));
    String signed = value + "." + Secrets.mac(key, "attempt", value);
    return new Begun(attempt(secret, to), Cookies.lax(COOKIE + slot(request), signed, LIFE));
  }

  private int slot(IncomingRequest request) {
    int oldest = 0;
    long least = Long.MAX_VALUE;
    for (int slot = 0; slot < SLOTS; slot++) {
      Matcher parts = parts(request, slot);
      long end = parts == null ? Long.MIN_VALUE : Long.parseLong(parts.group(2));
      if (end < least) {
        least = end;
        oldest = slot;
      }
    }
    return oldest;
  }

  private @Nullable Matcher parts(IncomingRequest request, int slot) {
    String value = Cookies.value(request, COOKIE + slot);
    if (value == null) {
      return null;
    }
    Matcher parts = FORM.matcher(value);
    if (!parts.matches()) {
      return null;
    }
    String signed = value.substring(0, value.lastIndexOf('.'));
    boolean isOurs = Secrets.same(Secrets.mac(key, "attempt", signed), parts.group(4));
    return isOurs ? parts : null;
  }

  private Attempt attempt(String secret, String to) {
    return new Attempt(
        Secrets.mac(key, "state", secret),
        Secrets.mac(key, "nonce", secret),
        Secrets.mac(key, "verifier", secret),
        to);
  }

  /**
   * The attempt of this browser that has this state, which is used up.
   *
   * @return null if there is none, or it has ended, or was used
   */
  @Nullable Attempt finish(IncomingRequest request, String state) {
    Instant now = clock.instant();
    for (int slot = 0; slot < SLOTS; slot++) {
      Matcher parts = parts(request, slot);
      if (parts != null && now.getEpochSecond() < Long.parseLong(parts.group(2))) {
        byte[] to = Base64.getUrlDecoder().decode(parts.group(3));
        Attempt attempt = attempt(parts.group(1), new String(to, StandardCharsets.UTF_8));
        if (Secrets.same(attempt.state(), state)) {
          return isFirst(state) ? attempt : null;
        }
      }
    }
    return null;
  }

  private boolean isFirst(String state) {
    synchronized (used) {
      return used.put(state, Boolean.TRUE) == null;
    }
  }
}
