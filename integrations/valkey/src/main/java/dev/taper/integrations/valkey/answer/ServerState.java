package dev.taper.integrations.valkey.answer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself: whether it is the one that writes, and whether it keeps what it
 * confirms. Immutable.
 *
 * @param primary true if it is no replica
 * @param history its replication id, which it gets anew with each start and each promotion
 * @param promoted true if it may have followed another server since its start
 * @param rewriting true if its log is being written anew, so that a log that was just switched on
 *     may not be whole
 * @param shortcomings what keeps it from being durable; empty if it is
 */
public record ServerState(
    boolean primary,
    String history,
    boolean promoted,
    boolean rewriting,
    List<String> shortcomings) {
  /** The settings that say whether a server is durable, each with the value that it must have. */
  private static final Map<String, String> DURABLE =
      Map.of(
          "appendonly", "yes",
          "appendfsync", "always",
          "no-appendfsync-on-rewrite", "no",
          "maxmemory-policy", "noeviction");

  /** The names of the settings that must be asked for. */
  public static final List<String> SETTINGS = DURABLE.keySet().stream().sorted().toList();

  /**
   * Reads what a server said.
   *
   * @param info the answer to INFO
   * @param settings the settings that it told; one that is missing is not known
   */
  public static ServerState of(String info, Map<String, String> settings) {
    Map<String, String> told = new HashMap<>();
    for (String line : info.split("\r?\n", -1)) {
      int end = line.indexOf(':');
      if (end > 0) {
        told.put(line.substring(0, end), line.substring(end + 1));
      }
    }
    List<String> shortcomings = new ArrayList<>();
    for (String name : SETTINGS) {
      String wanted = DURABLE.get(name);
      String is = settings.get(name);
      if (is == null) {
        shortcomings.add("it does not tell whether " + name + " is " + wanted);
      } else if (!is.equals(wanted)) {
        shortcomings.add(name + " is " + is + " and must be " + wanted);
      }
    }
    return new ServerState(
        "master".equals(told.get("role")),
        told.getOrDefault("master_replid", ""),
        !"-1".equals(told.get("second_repl_offset")),
        !isZero(told.get("aof_rewrite_in_progress")) || !isZero(told.get("aof_rewrite_scheduled")),
        List.copyOf(shortcomings));
  }

  private static boolean isZero(@Nullable String number) {
    return "0".equals(number);
  }

  /** True if it keeps what it confirms, whenever it ends. */
  public boolean isDurable() {
    return shortcomings.isEmpty();
  }
}
