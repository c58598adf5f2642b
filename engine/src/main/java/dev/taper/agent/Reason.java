package dev.taper.agent;

import dev.taper.agent.call.ShortText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One check that refused a call, with who added it and why it failed. Text that is very long is cut
 * and ends in an ellipsis.
 *
 * @param hop the hop whose block carries it; null for a check or policy of the service
 * @param check the check as Datalog text; empty if something was revoked, which is no check, and of
 *     what a service has against the call, where the caller is told
 * @param wanted the same in words
 * @param reasons in what the call does not fit it, at least one
 * @param part the part of the service's policies it stands in; null for a hop, or if they have no
 *     parts
 */
public record Reason(
    @Nullable DelegationHop hop,
    String check,
    String wanted,
    List<String> reasons,
    @Nullable String part) {
  /** The most characters of a check. */
  public static final int MAX_CHECK = 4096;

  /** The most characters of a reason, and of a check in words. */
  public static final int MAX_WORDS = 1024;

  /** The most reasons of one check. */
  public static final int MAX_REASONS = 32;

  /** What every caller is told of what a service has against its call. */
  static final Reason OF_SERVICE =
      new Reason(null, "", "", List.of("the service's policies refuse it"));

  /** Copies the list, and cuts what is too long. */
  public Reason {
    check = ShortText.of(check, MAX_CHECK);
    wanted = ShortText.of(wanted, MAX_WORDS);
    List<String> shown = new ArrayList<>();
    for (String reason : reasons.subList(0, Math.min(reasons.size(), MAX_REASONS))) {
      shown.add(ShortText.of(reason, MAX_WORDS));
    }
    reasons = List.copyOf(shown);
  }

  /** What a hop has against the call, or a service whose policies have no parts. */
  Reason(@Nullable DelegationHop hop, String check, String wanted, List<String> reasons) {
    this(hop, check, wanted, reasons, null);
  }

  /** Where it stands; not why, which may hold an argument's value. */
  @Override
  public String toString() {
    String where = part == null ? "the service" : "the service's part " + part;
    return "Finding(" + (hop == null ? where : "hop " + hop.block()) + ")";
  }
}
