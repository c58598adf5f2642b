package dev.taper.agent;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Condition;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.grant.Mismatch;
import dev.taper.agent.request.RequestFacts;
import dev.taper.authorizer.Explanation;
import dev.taper.authorizer.FailedCheck;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One check that refused a call, with who added it and why it failed.
 *
 * @param hop the hop whose block carries it; null for a check or policy of the service
 * @param check the check as Datalog text; empty if something was revoked, which is no check
 * @param wanted the same in words
 * @param reasons in what the call does not fit it, at least one
 * @param part the part of the service's policies it stands in; null for a hop, or if they have no
 *     parts
 */
public record Finding(
    @Nullable DelegationHop hop,
    String check,
    String wanted,
    List<String> reasons,
    @Nullable String part) {
  /** Copies the list. */
  public Finding {
    reasons = List.copyOf(reasons);
  }

  /** What a hop has against the call, or a service whose policies have no parts. */
  Finding(@Nullable DelegationHop hop, String check, String wanted, List<String> reasons) {
    this(hop, check, wanted, reasons, null);
  }

  /** What a failed check of a hop, or of the service, has against the call. */
  static Finding of(
      FailedCheck failed,
      @Nullable DelegationHop hop,
      RequestFacts facts,
      Explanation.@Nullable Part why) {
    Caveat caveat = Caveat.of(failed.check());
    List<String> reasons = new ArrayList<>();
    if (caveat instanceof Grants grants) {
      Grant nearest = grants.nearest(facts);
      for (Mismatch mismatch : nearest.mismatches(facts)) {
        reasons.add(mismatch.toString());
      }
    } else if (caveat instanceof Condition condition) {
      Mismatch mismatch = condition.mismatch(facts);
      if (mismatch != null) {
        reasons.add(mismatch.toString());
      }
    }
    if (reasons.isEmpty() && why != null) {
      why.queries().forEach(query -> reasons.add(Explanation.words(query)));
    }
    if (reasons.isEmpty()) {
      reasons.add("the check does not hold");
    }
    return new Finding(hop, failed.text(), caveat.words(), reasons, failed.part());
  }
}
