package dev.taper.cli.token;

import dev.taper.agent.Delegation;
import dev.taper.agent.Task;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Value;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a person or a service lets a first holder do. */
final class DelegationOptions extends Arguments {
  private final Value<@Nullable String> delegator =
      option(
              "--delegator",
              "NAME",
              "Whose authority it is, such as user:alice@acme.com; makes a delegation token.")
          .text();

  private final Value<@Nullable String> task =
      option("--task", "ID", "The task, such as T-4711.").text();

  private final Value<@Nullable String> purpose =
      option("--purpose", "TEXT", "What the task is for.").text();

  private final HolderOption holder = part(new HolderOption());
  private final TermsOptions terms = part(new TermsOptions());

  /** True if any of these options is used. */
  boolean isGiven() {
    return delegator.get() != null
        || task.get() != null
        || purpose.get() != null
        || holder.isGiven()
        || terms.isGiven();
  }

  /**
   * Refuses an incomplete delegation, and names all that is missing.
   *
   * @param hasKey whether there is a key to sign with
   * @throws CliException if something is
   */
  void check(boolean hasKey) {
    List<String> missing = new ArrayList<>();
    add(missing, delegator.get() == null, "--delegator NAME");
    add(missing, !holder.isGiven(), "--holder NAME=KEY");
    add(missing, task.get() == null, "--task ID");
    add(missing, !terms.hasGrant(), "--grant GRANT ('*' grants everything)");
    add(missing, terms.expires() == null, "--expires TIME (such as 1h, or never)");
    add(missing, !hasKey, "--key FILE");
    if (!missing.isEmpty()) {
      throw CliException.usage("a delegation token needs " + String.join(", ", missing) + " too");
    }
  }

  private static void add(List<String> missing, boolean isMissing, String option) {
    if (isMissing) {
      missing.add(option);
    }
  }

  /** The complete delegation. */
  Delegation read(Keys keys, Clock clock) {
    Delegation delegation =
        Delegation.by(Objects.requireNonNull(delegator.get()))
            .to(holder.read(keys))
            .task(new Task(Objects.requireNonNull(task.get()), purpose.get()));
    if ("never".equals(terms.expires())) {
      delegation = delegation.withoutExpiry();
    }
    return terms.addTo(delegation, clock);
  }
}
