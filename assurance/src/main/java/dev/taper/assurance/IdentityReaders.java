package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.server.oidc.Identity;
import dev.taper.server.oidc.IdentityException;
import dev.taper.server.oidc.IdentityTokens;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The reader of what a provider of sign-ins signs, with the provider's own key. */
final class IdentityReaders {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){2}");
  private static final Set<String> TYPES = Set.of("\"jwt\"", "\"at+jwt\"");
  private static final int MAX_MESSAGE = 200;

  /** Made when the first of these inputs is read. */
  private static final class Shared {
    static final IdentityTokens TOKENS = ProviderServer.knowing(Keys.CLOCK);

    private Shared() {}
  }

  private IdentityReaders() {}

  /** A person's token, whole. */
  static boolean token(byte[] input) {
    return token(utf8(input));
  }

  /** A token's header in the first line and its claims behind it, signed by the harness. */
  static boolean claims(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    return token(
        ProviderTokens.signed(
            ProviderTokens.KEY,
            Arrays.copyOf(input, end),
            Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length)));
  }

  private static boolean token(String text) {
    Identity read;
    try {
      read = Shared.TOKENS.verify(text, ProviderTokens.AUDIENCE);
    } catch (IdentityException e) {
      refused(e);
      return false;
    }
    same("a token has one form", true, COMPACT.matcher(text).matches());
    boolean isSigned = ProviderTokens.isSigned(ProviderTokens.KEY, text);
    same("the provider's key signed it", true, isSigned);
    String[] parts = text.split("\\.", -1);
    SortedMap<String, String> header = members(parts[0]);
    same("the algorithm", "\"ES256\"", header.getOrDefault("alg", "\"ES256\""));
    same("the key", "\"k\"", header.getOrDefault("kid", "\"k\""));
    String type = header.getOrDefault("typ", "\"JWT\"").toLowerCase(Locale.ROOT); // as of RFC 7515
    same("no other kind of token", true, TYPES.contains(type));
    holds(read);
    holds(read, members(parts[1]));
    return true;
  }

  private static void refused(IdentityException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.isBlank() || message.length() > MAX_MESSAGE) {
      throw new AssertionError("refused with " + refusal.code() + ": " + message, refusal);
    }
  }

  /** The members of one part; none if it is JSON of a kind that we do not write. */
  private static SortedMap<String, String> members(String part) {
    try {
      return CanonicalJson.membersOfDocument(utf8(Base64.getUrlDecoder().decode(part)));
    } catch (TaperException | IllegalArgumentException e) {
      return new TreeMap<>();
    }
  }

  /** What is said of somebody is of this provider, for us, and of now. */
  private static void holds(Identity read) {
    Instant now = Keys.CLOCK.instant();
    same("the issuer", ProviderTokens.ISSUER, read.subject().issuer());
    same("the audience", true, read.audience().contains(ProviderTokens.AUDIENCE));
    same("it has not ended", true, now.isBefore(read.end()));
    same("it was made", false, read.issued().isAfter(now.plus(SKEW)));
    same("the claim iss", ProviderTokens.ISSUER, String.valueOf(read.claims().get("iss")));
    same("the claim sub", read.subject().id(), String.valueOf(read.claims().get("sub")));
  }

  /** What is read is what stands there, as another reader reads it. */
  private static void holds(Identity read, SortedMap<String, String> claims) {
    if (claims.isEmpty()) {
      return;
    }
    same(
        "iss", ProviderTokens.ISSUER, CanonicalJson.string(claims.getOrDefault("iss", "0"), "iss"));
    same("sub", read.subject().id(), CanonicalJson.string(claims.getOrDefault("sub", "0"), "sub"));
    StringBuilder audience = new StringBuilder();
    CanonicalJson.writeString(ProviderTokens.AUDIENCE, audience);
    String aud = String.valueOf(claims.get("aud"));
    List<String> all = aud.startsWith("[") ? CanonicalJson.elements(aud) : List.of(aud);
    same("aud", true, all.contains(audience.toString()));
    BigDecimal now = BigDecimal.valueOf(Keys.CLOCK.instant().getEpochSecond());
    BigDecimal latest = now.add(BigDecimal.valueOf(SKEW.toSeconds() + 1));
    same("exp", true, number(claims, "exp").compareTo(now) > 0);
    same("iat", true, number(claims, "iat").compareTo(latest) < 0);
    if (claims.containsKey("nbf") && !"null".equals(claims.get("nbf"))) {
      same("nbf", true, number(claims, "nbf").compareTo(latest) < 0);
    }
  }

  private static BigDecimal number(Map<String, String> claims, String name) {
    return new BigDecimal(String.valueOf(claims.get(name)));
  }
}
