package dev.taper.cli.revocation;

import dev.taper.JsonFields;
import dev.taper.cli.output.SafeText;
import dev.taper.store.registry.Delegated;
import java.io.PrintStream;
import java.util.List;

/** Living delegations, where they are listed because of what they rest on. */
public final class DelegationRows {
  /** How many are printed. */
  private static final int MAX_ROWS = 20;

  private DelegationRows() {}

  /** Prints rows; of those that are too many, the number. */
  public static void print(PrintStream out, List<String> rows) {
    rows.stream().limit(MAX_ROWS).forEach(row -> out.println("  " + SafeText.line(row)));
    if (rows.size() > MAX_ROWS) {
      out.println("  and " + (rows.size() - MAX_ROWS) + " more; --json has all");
    }
  }

  /** One of them. */
  public static JsonFields row(Delegated delegation) {
    return new JsonFields()
        .put("id", delegation.id())
        .put("holder", delegation.holderName())
        .put("holder_key", delegation.holderKey())
        .put("from", delegation.grantor())
        .put("delegator", delegation.delegator())
        .put("task", delegation.task())
        .put("granted", delegation.granted())
        .putIfPresent("ends_at", delegation.endsAt());
  }
}
