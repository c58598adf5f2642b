package dev.taper.server.issuer;

import dev.taper.server.oidc.Identity;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where it comes from that an agent may act for a person. A subject token alone says nothing. */
enum Consent {
  /** The subject token names the agent in {@code may_act} (RFC 8693). */
  MAY_ACT,
  /** The subject token was issued to the agent's own client ({@code azp}). */
  AZP,
  /** The person confirmed this very exchange. */
  CONFIRMED,
  /** It was given when the token was first issued. */
  RENEWED;

  private static final String SUB = "sub";

  /** The consent in lower case, as policies and records have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a subject token says of an agent. Where it says who may act, that is all who may: being
   * issued to another's client is no consent then.
   *
   * @return null if the person has to be asked
   */
  static @Nullable Consent of(Identity identity, EnrolledAgent agent) {
    if (identity.claims().containsKey("may_act")) {
      return identity.claims().get("may_act") instanceof Map<?, ?> actor
              && isOf(actor, identity, agent)
          ? MAY_ACT
          : null;
    }
    String party = identity.party();
    return party != null && agent.isClient(identity.subject().issuer(), party) ? AZP : null;
  }

  private static boolean isOf(Map<?, ?> actor, Identity identity, EnrolledAgent agent) {
    Object issuer = actor.get("iss");
    String own = identity.subject().issuer();
    return (issuer == null || issuer.equals(own))
        && actor.get(SUB) instanceof String name
        && (agent.name().equals(name) || agent.isClient(own, name));
  }
}
