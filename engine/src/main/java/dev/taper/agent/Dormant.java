package dev.taper.agent;

import dev.taper.agent.grant.ApprovedBy;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A grant that would cover a refused call, if all that it requires were there.
 *
 * @param hop the hop that granted it
 * @param grant the grant
 * @param missing those of its requirements that are not there, at least one
 */
public record Dormant(DelegationHop hop, Grant grant, List<Requirement> missing) {
  /** Copies the list. */
  public Dormant {
    missing = List.copyOf(missing);
  }

  /** The keys whose approval would help, as text; empty if no approval is missing. */
  public List<String> approvers() {
    SortedSet<String> keys = new TreeSet<>();
    for (Requirement requirement : missing) {
      if (requirement instanceof ApprovedBy approved) {
        keys.addAll(approved.approvers());
      }
    }
    return List.copyOf(keys);
  }

  /** What to do, one step a line, as commands for the holder. */
  public List<String> advice() {
    List<String> steps = new ArrayList<>();
    for (Requirement requirement : missing) {
      steps.add(
          requirement instanceof ApprovedBy
              ? "have it " + requirement + ": taper escalate request"
              : "say why: taper justify");
    }
    return steps;
  }
}
