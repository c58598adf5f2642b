package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.token.Token;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens. They are of no use without their holders' keys, and are stored as they are. */
final class TokenShelf {
  /** The most tokens. */
  static final int MAX = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(TokenShelf.class);

  private final @Nullable EntryFolder files;
  private final Clock clock;
  private final SortedMap<String, HeldToken> tokens = new TreeMap<>(); // guarded by this

  /**
   * Reads which tokens there are.
   *
   * @param files where they are stored; null to keep them in this process alone
   * @throws KeeperRefusal if what is stored is no token
   */
  TokenShelf(@Nullable EntryFolder files, Clock clock) {
    this.files = files;
    this.clock = clock;
    if (files != null) {
      files.read().forEach((name, json) -> tokens.put(name, HeldToken.read(name, json)));
    }
  }

  synchronized List<HeldToken> list() {
    return List.copyOf(tokens.values());
  }

  /**
   * One token.
   *
   * @throws KeeperRefusal {@code unknown_token}
   */
  synchronized HeldToken get(String name) {
    HeldToken token = tokens.get(name);
    if (token == null) {
      throw KeeperRefusal.of(404, "unknown_token", "the keeper has no token of that name");
    }
    return token;
  }

  /**
   * A token and the service that it is used for.
   *
   * @param token the token
   * @param audience the service
   */
  record Use(AgentToken token, String audience) {}

  /**
   * The token of a request, for a service.
   *
   * @param given its name, or the token
   * @param audience the service; null for the token's only one
   * @throws KeeperRefusal {@code unknown_token}; {@code audience_required}; {@code other_audience};
   *     {@code not_held}
   */
  Use use(String given, @Nullable String audience) {
    HeldToken kept = RequestReader.isName(given) ? get(given) : ofText(given);
    if (kept != null) {
      return new Use(kept.token(), kept.audience(audience));
    }
    if (audience == null) {
      throw KeeperRefusal.of(
          400, "audience_required", "say for which service: the keeper does not keep this token");
    }
    return new Use(held(given), audience);
  }

  /**
   * The token of a request.
   *
   * @param given its name, or the token
   * @throws KeeperRefusal {@code unknown_token}; {@code not_held}
   */
  AgentToken token(String given) {
    return RequestReader.isName(given) ? get(given).token() : held(given);
  }

  /**
   * Reads a token that somebody holds.
   *
   * @throws KeeperRefusal {@code not_held}, or what is wrong with it
   */
  static AgentToken held(String text) {
    try {
      AgentToken token = AgentToken.decode(text);
      if (token.token().kind() == Token.Kind.HELD) {
        return token;
      }
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    }
    throw KeeperRefusal.of(
        409, "not_held", "a keeper uses tokens that a key holds; this one needs no key");
  }

  /** The token with this text; null if it is not kept. */
  synchronized @Nullable HeldToken ofText(String text) {
    for (HeldToken each : tokens.values()) {
      if (each.token().encodeBase64().equals(text)) {
        return each;
      }
    }
    return null;
  }

  /**
   * Keeps a token.
   *
   * @throws KeeperRefusal {@code token_exists}; {@code tokens_full}; {@code store_unavailable}
   */
  synchronized void put(HeldToken token, boolean replaces) {
    if (!replaces && tokens.containsKey(token.name())) {
      throw KeeperRefusal.of(409, "token_exists", "there is a token of that name: replace it");
    }
    if (!tokens.containsKey(token.name()) && tokens.size() >= MAX) {
      throw KeeperRefusal.of(507, "tokens_full", "the keeper has as many tokens as it can");
    }
    if (files != null) {
      files.write(token.name(), token.stored());
    }
    tokens.put(token.name(), token);
  }

  /**
   * Forgets a token.
   *
   * @throws KeeperRefusal {@code unknown_token}; {@code store_unavailable}
   */
  synchronized void forget(String name) {
    HeldToken forgotten = get(name);
    tokens.remove(forgotten.name());
    if (files != null) {
      files.delete(name);
    }
  }

  /** Forgets the tokens whose time has come. */
  synchronized void forgetEnded() {
    Instant now = clock.instant();
    for (HeldToken token : list()) {
      if (token.hasEnded(now)) {
        tryToForget(token);
      }
    }
  }

  private void tryToForget(HeldToken token) {
    try {
      forget(token.name());
      LOG.info("forgot the token {}: its time had come", token.name());
    } catch (KeeperRefusal e) {
      LOG.warn("a token is not used any more, but could not be deleted: {}", e.detail());
    }
  }
}
