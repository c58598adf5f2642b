package dev.taper.agent.decision;

import dev.taper.agent.call.ShortText;
import dev.taper.agent.delegation.DelegationHop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One check that refused a call, with who added it and why it failed. Text that is very long is cut
 * and ends in an ellipsis. Immutable and thread-safe.
 *
 * @param hop the hop whose block carries it; null for a check or policy of the service
 * @param check the check as Datalog text; empty if something was revoked, which is no check, and
 *     where the caller is only told that the service refuses the call
 * @param wanted the check in words
 * @param details the points in which the call does not fit it, at least one
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

  private static final String ELLIPSIS = "…";

  /** The reason that every caller is given if the service refuses its call. */
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

  /** The reason why a hop refuses the call. */
  static Reason of(DelegationHop hop, String check, String wanted, List<String> details) {
    return new Reason(hop, check, wanted, details, null);
  }

  /** The reason in place of one for which there is no room: see {@link #within}. */
  static Reason leftOut(DelegationHop hop) {
    return new Reason(hop, "", "", List.of(ELLIPSIS), null);
  }

  /**
   * Cuts reasons to one length for all of them: the first keep their words, the others keep their
   * place and an ellipsis.
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

  /** How many characters it has. */
  int length() {
    int length = check.length() + wanted.length();
    for (String detail : details) {
      length += detail.length();
    }
    return length;
  }

  /**
   * Keeps the details that there is room for, as people read those; an ellipsis stands for the
   * rest.
   */
  private Reason cut(int room) {
    int left = room;
    List<String> some = new ArrayList<>();
    for (String detail : details) {
      left -= detail.length();
      if (left < 0) {
        some.add(ELLIPSIS);
        break;
      }
      some.add(detail);
    }
    return new Reason(hop, "", "", some, part);
  }

  /** Where the check stands; not why it failed, which may hold an argument's value. */
  @Override
  public String toString() {
    String where = part == null ? "the service" : "the service's part " + part;
    return "Reason(" + (hop == null ? where : "hop " + hop.block()) + ")";
  }
}
