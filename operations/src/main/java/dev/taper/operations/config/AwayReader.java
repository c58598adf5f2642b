package dev.taper.operations.config;

import dev.taper.operations.OperationException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads how little a service asks the stores that it shares: what it does while one is away, and
 * what it takes from one in advance.
 */
final class AwayReader {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final int MOST_PARTS = 10_000;

  private AwayReader() {}

  /** The section {@code proofs-alone}; null without it. */
  static Settings.@Nullable ProofsAlone proofsAlone(Section top) {
    Section section = top.section("proofs-alone");
    if (section == null) {
      return null;
    }
    section.expect("longest", "calls");
    Duration longest =
        section.needed(
            "longest", "how long it goes on without its replay memory", AwayReader::upToAnHour);
    int calls =
        section.needed(
            "calls",
            "how many calls go ahead without it",
            text -> SettingsReader.number(text, 1, SettingsReader.MOST_CALLS, "calls"));
    section.end();
    return new Settings.ProofsAlone(longest, calls);
  }

  /** The section {@code leases}, by the names of stores of budgets. */
  static SortedMap<String, Settings.Lease> leases(Section top) {
    SortedMap<String, Settings.Lease> leases = new TreeMap<>();
    Section all = top.section("leases");
    if (all == null) {
      return leases;
    }
    for (String store : all.names()) {
      Section own = all.section(store);
      if (own == null) {
        continue;
      }
      own.expect("parts", "longest");
      int parts =
          own.needed(
              "parts",
              "how many leases a limit is",
              text -> SettingsReader.number(text, 2, MOST_PARTS, "leases"));
      Duration longest = own.optional("longest", LEASE, AwayReader::upToAnHour);
      own.end();
      leases.put(store, new Settings.Lease(parts, longest));
    }
    return leases;
  }

  /** Refuses what the stores of a service cannot have. */
  static void requireFitting(Settings settings) {
    if (settings.proofsAlone() != null && settings.replayMemory().place() == null) {
      throw Setting.wrong(
          settings.place("proofs-alone"),
          "the replay-memory is of this process alone, and always answers");
    }
    for (String store : settings.leases().keySet()) {
      Settings.Kept kept = settings.budgets().get(store);
      if (kept == null) {
        throw Setting.wrong(
            settings.place("leases." + store), "there is no store of budgets of that name");
      }
      if (kept.place() == null) {
        throw Setting.wrong(
            settings.place("leases." + store),
            "the budgets of " + Setting.shown(store) + " are counted in this process anyway");
      }
    }
  }

  private static Duration upToAnHour(String text) {
    Duration time = Times.parseDuration(text);
    if (time.compareTo(SECOND) < 0 || time.compareTo(HOUR) > 0) {
      throw OperationException.usage("not between 1s and 1h: " + Setting.shown(text));
    }
    return time;
  }
}
