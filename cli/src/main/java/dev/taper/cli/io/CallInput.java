package dev.taper.cli.io;

import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import org.jspecify.annotations.Nullable;

/** A call in one of the forms in which it is sent. */
public final class CallInput extends Arguments {
  private final CallOptions stated = part(new CallOptions());
  private final SentOptions sent = part(new SentOptions());

  /** True if a call is given. */
  @Override
  public boolean isGiven() {
    return stated.isGiven() || sent.isGiven();
  }

  /**
   * Refuses options that make sense only with a call, as there is none.
   *
   * @throws CliException if it is given
   */
  public void requireNothingElse() {
    stated.requireNothingElse();
    sent.check();
  }

  /**
   * Refuses anything but one call, and a call of no service.
   *
   * @throws CliException if it is given
   */
  public void check(boolean hasCatalog) {
    sent.check();
    if (stated.isGiven() && sent.isGiven()) {
      throw CliException.usage("--request, --http and --mcp exclude each other");
    }
    if (!isGiven()) {
      throw CliException.usage(
          hasCatalog || stated.namesService()
              ? "the call is missing: use --request FILE, --http or --mcp"
              : "the call and the service are missing: use --request FILE, --http or --mcp, and"
                  + " --audience SERVICE, such as svc:jira");
    }
    if (hasCatalog) {
      stated.requireNoReading();
    } else {
      stated.requireAudience();
    }
  }

  /**
   * Refuses to read the call by itself, because nothing says what it means.
   *
   * @throws CliException if it is no request that states its own meaning
   */
  public void requireMeaning(boolean hasCatalog) {
    if (!hasCatalog && sent.isGiven()) {
      throw CliException.usage(
          "nothing says what the call means: --http and --mcp need --catalog FILE");
    }
  }

  /** The service that is called: the one that is named, or the catalog's. */
  public String audience(@Nullable ToolCatalog catalog) {
    return catalog == null ? stated.requireAudience() : stated.audienceOr(catalog.audience());
  }

  /** Reads what goes over the wire. */
  public SentCall sent(Inputs inputs) {
    return sent.isGiven() ? sent.read(inputs) : stated.sent(inputs);
  }

  /** Reads the call, and what it means: by the catalog, or else by its own words. */
  public ToolCall call(Inputs inputs, @Nullable ToolCatalog catalog) {
    return catalog == null ? stated.read(inputs) : catalog.call(sent(inputs));
  }
}
