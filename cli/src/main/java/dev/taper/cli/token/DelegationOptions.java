package dev.taper.cli.token;

import dev.taper.agent.Delegation;
import dev.taper.agent.Task;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Keys;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a person or a service lets a first holder do. */
final class DelegationOptions {
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
  boolean isGiven() {
    return delegator != null
        || task != null
        || purpose != null
        || holder.isGiven()
        || terms.isGiven();
  }

  /**
   * Refuses an incomplete delegation.
   *
   * @throws CliException if something is
   */
  void check() {
    if (delegator == null || !holder.isGiven() || task == null) {
      throw CliException.usage(
          "a delegation token needs --delegator NAME, --holder NAME=KEY and --task ID");
    }
    if (!terms.hasGrant()) {
      throw CliException.usage("a delegation token needs --grant; '*' grants everything");
    }
    if (terms.expires() == null) {
      throw CliException.usage("a delegation token needs --expires, such as 1h, or never");
    }
  }

  /** The complete delegation. */
  Delegation read(Keys keys, Clock clock) {
    Delegation delegation =
        Delegation.by(Objects.requireNonNull(delegator))
            .to(holder.read(keys))
            .task(new Task(Objects.requireNonNull(task), purpose));
    if ("never".equals(terms.expires())) {
      delegation = delegation.withoutExpiry();
    }
    return terms.addTo(delegation, clock);
  }
}
