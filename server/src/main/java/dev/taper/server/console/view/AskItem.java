package dev.taper.server.console.view;

import dev.taper.agent.approval.AskStatus;
import dev.taper.integrations.http.AskQueue.Standing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ask as the console shows it. Immutable and thread-safe.
 *
 * @param name what it is found by, 64 hexadecimal digits
 * @param until when it ends, in seconds since 1970
 * @param audience the service
 * @param status how it stands
 * @param counts whether a certain key is an approver's; null if nobody asked
 * @param alike how many other open asks are by the same key, for the same tool
 * @param standing whether an approval would help
 * @param before what was approved before; null if nobody knows
 */
public record AskItem(
    String name,
    long until,
    String audience,
    AskStatus status,
    @Nullable Boolean counts,
    int alike,
    Standing standing,
    @Nullable Before before) {
  /**
   * What was approved for a holder before.
   *
   * @param approved how many approvals were recorded
   * @param used how many calls were allowed by them
   * @param sameTool how many of these calls were of the same tool
   * @param denied how many of the holder's calls were denied
   * @param calls the newest of these approvals and calls, the newest first
   */
  public record Before(int approved, int used, int sameTool, int denied, List<Call> calls) {
    /** Copies the list. */
    public Before {
      calls = List.copyOf(calls);
    }
  }

  /** A call that was approved, or allowed by an approval. */
  public record Call(
      Instant time,
      long sequence,
      String kind,
      String tool,
      @Nullable String resource,
      @Nullable String task) {}

  /** How many characters it has, about. */
  int size() {
    int size = status.request().length() + 512;
    for (String approval : status.approvals()) {
      size += approval.length();
    }
    return size;
  }
}
