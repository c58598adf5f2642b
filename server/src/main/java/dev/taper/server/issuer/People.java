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
   * Remembers what a provider says of somebody, for renewals while the person is not there. What an
   * older token says is not news.
   *
   * @param identity of somebody who is known, from a token that was verified now
   * @throws dev.taper.TaperException if it cannot be remembered
   */
  void seen(Identity identity);

  /**
   * Who a delegator is, without the person being there: whether it may still delegate, and in which
   * roles.
   *
   * @param delegator as in the person's tokens
   * @return null if nobody is known, or the person may not delegate now
   */
  @Nullable Person again(String delegator);
}
