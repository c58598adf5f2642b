package dev.taper.operations.trail;

import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Policy;
import java.util.List;

/**
 * The narrowest grants and policies that would have allowed the calls that an audit log shows: a
 * proposal to be read, since what was seen is not what should be allowed. Immutable and
 * thread-safe.
 *
 * @param holders grants for each holder at each service, sorted
 * @param services policies for each service, sorted
 * @param calls how many calls they would have allowed
 * @param activated how many of these calls rested on an approval or a justification, which the
 *     proposal does not ask for
 * @param unproven how many calls went ahead of which nobody knows who made them; they count for
 *     nothing here
 * @param unfit how many calls have a name that no grant can have
 * @param isWider true if there were so many resources that some grants and policies name prefixes
 *     or none instead
 */
public record SuggestedAccess(
    List<ForHolder> holders,
    List<ForService> services,
    long calls,
    long activated,
    long unproven,
    long unfit,
    boolean isWider) {
  /** Copies the lists. */
  public SuggestedAccess {
    holders = List.copyOf(holders);
    services = List.copyOf(services);
  }

  /**
   * What one holder would need at one service.
   *
   * @param holder its name; empty for whoever has a bearer token
   * @param audience the service
   * @param grants alternatives, none of which can be left out
   */
  public record ForHolder(String holder, String audience, List<Grant> grants) {
    /** Copies the list. */
    public ForHolder {
      grants = List.copyOf(grants);
    }
  }

  /**
   * What one service would have to allow.
   *
   * @param audience the service
   * @param grants what its policies allow, alternatives, none of which can be left out
   */
  public record ForService(String audience, List<Grant> grants) {
    /** Copies the list. */
    public ForService {
      grants = List.copyOf(grants);
    }

    /** The policies as Datalog, one a line. */
    public String policies() {
      StringBuilder out = new StringBuilder();
      for (Grant grant : grants) {
        Policy policy = new Policy(Policy.Kind.ALLOW, Grants.of(grant).check().queries());
        out.append(policy).append(";\n");
      }
      return out.toString();
    }
  }
}
