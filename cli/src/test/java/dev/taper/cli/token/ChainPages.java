package dev.taper.cli.token;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.cli.io.KeyNames;
import java.time.Instant;

/** Pages of tokens that are too long for the command line's own limits. */
public final class ChainPages {
  private ChainPages() {}

  /** The page of a token that nobody verified. */
  public static String of(AgentToken token, Instant now) {
    TokenView view = TokenView.of(token.token(), null, null);
    return new ChainPage(ChainView.of(token.chain(), view, now), KeyNames.NONE).write();
  }
}
