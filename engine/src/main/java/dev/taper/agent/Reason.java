package dev.taper.agent;

import dev.taper.agent.call.ShortText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One check that refused a call, with who added it and why it failed. Text that is very long is cut
 * and ends in an ellipsis. Immutable and thread-safe.
 *
 * @param hop the hop whose block carries it; null for a check or policy of the service
 * @param check the check as Datalog text; empty if something was revoked, which is no check, and of
 *     what a service has against the call, where the caller is told
 * @param wanted the check in words
 * @param details in what the call does not fit it, at least one
 * @param part the part of the service's policies it stands in; null for a hop, or if they have no
 *     parts
 */
public record Reason(
    @Nullable DelegationHop hop,
    String check,
    String wanted,
    List<String> details,
    @Nullable String part) {
  /** The most characters of a check. */
  public static final int MAX_CHECK = 4096;

  /** The most characters of a detail, and of a check in words. */
  public static final int MAX_WORDS = 1024;

  /** The most details of one check. */
  public static final int MAX_DETAILS = 32;

  /** What every caller is told of what a service has against its call. */
  static final Reason OF_SERVICE =
      new Reason(null, "", "", List.of("the service's policies refuse it"), null);

  /** Copies the list, and cuts what is too long. */
  public Reason {
    check = ShortText.of(check, MAX_CHECK);
    wanted = ShortText.of(wanted, MAX_WORDS);
    List<String> shown = new ArrayList<>();
    for (String detail : details.subList(0, Math.min(details.size(), MAX_DETAILS))) {
      shown.add(ShortText.of(detail, MAX_WORDS));
    }
    details = List.copyOf(shown);
  }

  /** What a hop has against the call. */
  static Reason of(DelegationHop hop, String check, String wanted, List<String> details) {
    return new Reason(hop, check, wanted, details, null);
  }

  /**
   * Cuts reasons to a length that all of them have together: the first keep their words, of the
   * others stays where they stand and an ellipsis.
   *
   * @param most about how many characters
   * @param reasons any number
   */
  static List<Reason> within(int most, List<Reason> reasons) {
    int left = most;
    List<Reason> shown = new ArrayList<>(reasons.size());
    for (Reason reason : reasons) {
      Reason cut = reason.length() <= left ? reason : reason.cut(left);
      left = Math.max(0, left - cut.length());
      shown.add(cut);
    }
    return List.copyOf(shown);
  }

  private int length() {
    int length = check.length() + wanted.length();
    for (String detail : details) {
      length += detail.length();
    }
    return length;
  }

  /** The details that there is room for: they are what people read; at least an ellipsis. */
  private Reason cut(int room) {
    int left = room;
    List<String> some = new ArrayList<>();
    for (String detail : details) {
      left -= detail.length();
      if (left < 0) {
        some.add("…");
        break;
      }
      some.add(detail);
    }
    return new Reason(hop, "", "", some, part);
  }

  /** Where it stands; not why, which may hold an argument's value. */
  @Override
  public String toString() {
    String where = part == null ? "the service" : "the service's part " + part;
    return "Reason(" + (hop == null ? where : "hop " + hop.block()) + ")";
  }
}
