package dev.taper.server.issuer;

import dev.taper.server.oidc.Identity;
import org.jspecify.annotations.Nullable;

/** Knows who may delegate, and as whom. Asked at every exchange and renewal. Thread-safe. */
public interface People {
  /**
   * Who somebody is that a provider vouches for now. It goes by issuer and subject alone, never by
   * an e-mail address or a user name.
   *
   * @return null if nobody is known, or the person may not delegate now
   */
  @Nullable Person of(Identity identity);

  /**
   * Who a delegator is, without the person being there: whether it may still delegate, and in which
   * roles.
   *
   * @param delegator as in the person's tokens
   * @return null if nobody is known, or the person may not delegate now
   */
  @Nullable Person again(String delegator);
}
