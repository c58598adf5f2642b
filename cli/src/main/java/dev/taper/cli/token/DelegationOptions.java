package dev.taper.cli.token;

import dev.taper.cli.io.CliException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a person or a service lets a first holder do. */
public final class DelegationOptions {
  @Option(
      names = "--delegator",
      paramLabel = "NAME",
      description = "Whose authority it is, such as user:alice@acme.com; makes a delegation token.")
  private @Nullable String delegator;

  @Option(names = "--task", paramLabel = "ID", description = "The task, such as T-4711.")
  private @Nullable String task;

  @Option(names = "--purpose", paramLabel = "TEXT", description = "What the task is for.")
  private @Nullable String purpose;

  @Mixin private final HolderOption holder = new HolderOption();
  @Mixin private final TermsOptions terms = new TermsOptions();

  /** True if any of these options is used. */
  public boolean isGiven() {
    return delegator != null
        || task != null
        || purpose != null
        || holder.input() != null
        || terms.isGiven();
  }

  /**
   * The delegation.
   *
   * @throws CliException if something is missing
   */
  public DelegationInput input() {
    TermsInput granted = terms.input();
    HolderInput first = holder.input();
    if (delegator == null || first == null || task == null) {
      throw CliException.usage(
          "a delegation token needs --delegator NAME, --holder NAME=KEY and --task ID");
    }
    if (granted.grants().isEmpty()) {
      throw CliException.usage("a delegation token needs --grant; '*' grants everything");
    }
    if (granted.expires() == null) {
      throw CliException.usage("a delegation token needs --expires, such as 1h, or never");
    }
    return new DelegationInput(delegator, first, task, purpose, granted);
  }
}
