package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityException.Code;
import dev.taper.server.oidc.IdentityTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;

/**
 * The reader of the keys that a provider of sign-ins publishes. What is published decides which
 * tokens are taken: at first, in the place of good keys, and when those are too old.
 */
final class ProviderKeyReader {
  private static final String GOOD =
      ProviderTokens.set(ProviderTokens.entry(ProviderTokens.KEY, ",\"kid\":\"k\""));

  /** Signed by nobody whom a set could name, whatever it says. */
  private static final List<String> TRICKS =
      List.of(
          ProviderTokens.signed(
              ProviderTokens.KEY, "{\"alg\":\"HS256\",\"kid\":\"k\"}", ProviderTokens.CLAIMS),
          ProviderTokens.signed(
              ProviderTokens.STRANGER,
              "{\"alg\":\"ES256\",\"kid\":\"k\",\"jwk\":"
                  + ProviderTokens.entry(ProviderTokens.STRANGER, "")
                  + "}",
              ProviderTokens.CLAIMS));

  /** Its end is behind all times here. */
  private static final String TOKEN =
      ProviderTokens.signed(
          ProviderTokens.KEY,
          ProviderTokens.HEADER,
          ProviderTokens.CLAIMS.replace("1893499500", "1893599500"));

  /** What came of a token by what is published. */
  private enum Judged {
    /** It was taken. */
    TAKEN,
    /** There are keys, none of which signed it. */
    OTHER_KEYS,
    /** There are no keys. */
    NO_KEYS
  }

  /** Made when the first of these inputs is read. */
  private static final class Shared {
    static final ProviderServer SERVER = new ProviderServer();

    private Shared() {}
  }

  /** A clock that is moved on. For one thread. */
  private static final class MovedOn extends Clock {
    private Instant now = Keys.CLOCK.instant();

    void by(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private ProviderKeyReader() {}

  /** A set of keys; true if it has the key of {@link ProviderTokens}. */
  static synchronized boolean keys(byte[] input) {
    MovedOn clock = new MovedOn();
    Shared.SERVER.publish(input);
    IdentityTokens tokens = Shared.SERVER.tokens(clock);
    Judged first = outcome(tokens, TOKEN);
    if (first == Judged.TAKEN) {
      same("the key stands there", true, hasKey(utf8(input)));
    }
    for (String trick : TRICKS) {
      same("a trick is refused", false, outcome(tokens, trick) == Judged.TAKEN);
    }
    afterGoodOnes(input, first);
    return first == Judged.TAKEN;
  }

  /** What takes the place of good keys counts at once; what is no set leaves them, for a while. */
  private static void afterGoodOnes(byte[] input, Judged first) {
    MovedOn clock = new MovedOn();
    Shared.SERVER.publish(GOOD.getBytes(StandardCharsets.US_ASCII));
    IdentityTokens tokens = Shared.SERVER.tokens(clock);
    same("good keys", Judged.TAKEN, outcome(tokens, TOKEN));
    Shared.SERVER.publish(input);
    same("good keys are fresh for a while", Judged.TAKEN, outcome(tokens, TOKEN));
    clock.by(Duration.ofMinutes(6));
    Judged then = first == Judged.NO_KEYS ? Judged.TAKEN : first;
    same("in the place of good keys", then, outcome(tokens, TOKEN));
    clock.by(Duration.ofHours(5));
    same("when good keys are too old", first, outcome(tokens, TOKEN));
  }

  private static Judged outcome(IdentityTokens tokens, String token) {
    try {
      var unused = tokens.verify(token, ProviderTokens.AUDIENCE);
      return Judged.TAKEN;
    } catch (IdentityException e) {
      if (e.code() == Code.SIGNATURE) {
        return Judged.OTHER_KEYS;
      }
      same("the only other refusal of a signed token", Code.UNAVAILABLE, e.code());
      return Judged.NO_KEYS;
    }
  }

  /** Whether a set has the key for this, as another reader reads it. */
  private static boolean hasKey(String set) {
    try {
      String keys = CanonicalJson.members(set).getOrDefault("keys", "[]");
      for (String entry : CanonicalJson.elements(keys)) {
        if (isKey(CanonicalJson.members(entry))) {
          return true;
        }
      }
      return false;
    } catch (TaperException e) {
      return ProviderTokens.isNamed(ProviderTokens.KEY, set); // JSON of a kind that we do not write
    }
  }

  private static boolean isKey(SortedMap<String, String> entry) {
    return "\"EC\"".equals(entry.get("kty"))
        && "\"P-256\"".equals(entry.get("crv"))
        && "\"k\"".equals(entry.get("kid"))
        && ProviderTokens.isPoint(ProviderTokens.KEY, entry)
        && !"\"enc\"".equals(entry.get("use"))
        && "\"ES256\"".equals(entry.getOrDefault("alg", "\"ES256\""));
  }
}
