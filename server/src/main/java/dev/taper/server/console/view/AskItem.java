package dev.taper.server.console.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ask as the console shows it. Immutable and thread-safe.
 *
 * @param name what it is found by, 64 hexadecimal digits
 * @param state how far it is
 * @param until when it ends, in seconds since 1970
 * @param audience the service
 * @param request the request for approval as JSON
 * @param approvals those that came, in base64url
 * @param refusal why somebody refused; null if nobody did
 * @param counts whether a certain key is an approver's; null if nobody asked
 * @param alike how many other open asks are by the same key, for the same tool
 * @param impossible why no approval would help; null if one would
 * @param before what was approved before; null if nobody knows
 */
public record AskItem(
    String name,
    String state,
    long until,
    String audience,
    String request,
    List<String> approvals,
    @Nullable String refusal,
    @Nullable Boolean counts,
    int alike,
    @Nullable Problem impossible,
    @Nullable Before before) {
  /** Copies the list. */
  public AskItem {
    approvals = List.copyOf(approvals);
  }

  /**
   * What is wrong.
   *
   * @param code a stable code
   * @param detail a sentence; null if the code says it all
   */
  public record Problem(String code, @Nullable String detail) {}

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
    int size = request.length() + 512;
    for (String approval : approvals) {
      size += approval.length();
    }
    return size;
  }
}
