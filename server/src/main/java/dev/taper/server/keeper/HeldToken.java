package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as a keeper keeps it. Immutable.
 *
 * @param name what it is called
 * @param token the token
 * @param audiences the services for which alone it is used; empty for all
 * @param renew where it is renewed; null for nowhere
 * @param until when it is forgotten; null for never
 */
record HeldToken(
    String name,
    AgentToken token,
    List<String> audiences,
    KeeperRequest.@Nullable RenewAt renew,
    @Nullable Instant until) {
  private static final String FORMAT = "taper/1 keeper token";

  /** What is told of an authority: its words can be many times the size of its token. */
  private static final int MAX_WORDS = 4096;

  HeldToken {
    audiences = List.copyOf(audiences);
  }

  /**
   * Reads what {@link #stored} wrote.
   *
   * @throws KeeperRefusal if it is something else
   */
  static HeldToken read(String name, String json) {
    JsonMembers<KeeperRefusal> all = KeeperJson.stored(json, "the token " + name, FORMAT);
    try {
      JsonMembers<KeeperRefusal> renew = all.objectOrNull("renew");
      HeldToken read =
          new HeldToken(
              name,
              AgentToken.decode(all.text("token")),
              all.texts("audiences").stream().map(Canonical::audience).toList(),
              renew == null
                  ? null
                  : new KeeperRequest.RenewAt(
                      URI.create(renew.text("url")), Canonical.audience(renew.text("audience"))),
              KeeperJson.instantOrNull(all, "until"));
      all.end();
      return read;
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    } catch (IllegalArgumentException e) {
      throw KeeperRefusal.invalid("the token " + name + " is renewed at what is no URL");
    }
  }

  /** The text of its file. */
  String stored() {
    JsonFields at =
        renew == null
            ? null
            : new JsonFields().put("url", renew.url()).put("audience", renew.audience());
    return new JsonFields()
            .put("format", FORMAT)
            .put("token", token.encodeBase64())
            .put("audiences", audiences)
            .putIfPresent("renew", at)
            .putIfPresent("until", KeeperJson.seconds(until))
            .toJson()
        + "\n";
  }

  /**
   * What is told of it.
   *
   * @param key the name of its holder's key
   */
  JsonFields shown(String key) {
    DelegationChain chain = token.chain();
    EffectiveAuthority authority = chain.effectiveAuthority();
    List<DelegationHop> hops = chain.hops();
    return new JsonFields()
        .put("name", name)
        .put("token", token.encodeBase64())
        .put("key", key)
        .put("holder", String.valueOf(hops.get(hops.size() - 1).holderName()))
        .put("delegator", chain.delegator())
        .put("task", chain.task().id())
        .put("depth", chain.depth())
        .put("audiences", audiences)
        .put("authority", ShortText.of(authority.words(MAX_WORDS), MAX_WORDS))
        .putIfPresent("expires", KeeperJson.seconds(authority.expiry()))
        .putIfPresent("until", KeeperJson.seconds(until))
        .put("renews", renew != null);
  }

  /** True once it is to be forgotten. */
  boolean hasEnded(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /**
   * The service that a use is for.
   *
   * @param asked the one that is named; null for the only one there is
   * @throws KeeperRefusal {@code other_audience} if the token is kept for others; {@code
   *     audience_required} if there is not one alone
   */
  String audience(@Nullable String asked) {
    if (asked == null) {
      if (audiences.size() != 1) {
        throw KeeperRefusal.of(
            400, "audience_required", "say for which service: the token is kept for not just one");
      }
      return audiences.get(0);
    }
    if (!audiences.isEmpty() && !audiences.contains(asked)) {
      throw KeeperRefusal.of(
          403, "other_audience", "the token is kept for other services: " + audiences);
    }
    return asked;
  }
}
