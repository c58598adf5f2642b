package dev.taper.agent.decision;

import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.Grant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The approvals and justifications that a call lacks, if it is refused for nothing else: those that
 * grants of the chain ask for, and those that the service's policies ask for. Immutable and
 * thread-safe.
 *
 * @param hop the first hop whose grant asks for something; null if only the service does
 * @param grant the grant, which covers the call; null if only the service asks for something
 * @param missing what grants of the chain ask for and the call lacks
 * @param ofService what the service's policies ask for and the call lacks
 */
public record MissingActivation(
    @Nullable DelegationHop hop,
    @Nullable Grant grant,
    List<Activation> missing,
    List<Activation> ofService) {
  /** Copies the lists. */
  public MissingActivation {
    missing = List.copyOf(missing);
    ofService = List.copyOf(ofService);
  }

  /** True if an approval is missing, whosesoever. */
  public boolean isApprovalMissing() {
    for (Activation activation : shown(true)) {
      if (activation.kind() == Activation.Kind.APPROVED) {
        return true;
      }
    }
    return false;
  }

  /**
   * The keys whose approval would help, as text; those of groups, which only the verifier knows,
   * are not among them.
   */
  public List<String> approvers() {
    SortedSet<String> keys = new TreeSet<>(keys(missing));
    keys.addAll(keys(ofService));
    return List.copyOf(keys);
  }

  /** The approvers whom the chain's own grants name, as every holder can read. */
  public List<String> approversOfGrants() {
    return List.copyOf(keys(missing));
  }

  private static SortedSet<String> keys(Collection<Activation> activations) {
    SortedSet<String> keys = new TreeSet<>();
    activations.forEach(activation -> keys.addAll(activation.approvers()));
    return keys;
  }

  /**
   * What is missing, as it is shown.
   *
   * @param published true if the reader may know whom the service's policies name
   */
  List<Activation> shown(boolean published) {
    List<Activation> shown = new ArrayList<>(missing);
    if (published) {
      shown.addAll(ofService);
    }
    return shown;
  }

  /** True if something is missing that the reader may not know. */
  boolean isHidden(boolean published) {
    return !published && !ofService.isEmpty();
  }

  /** How many are missing; no key, because an approver may be the service's secret. */
  @Override
  public String toString() {
    return "MissingActivation("
        + (hop == null ? "" : "hop " + hop.block() + ", ")
        + (missing.size() + ofService.size())
        + " missing)";
  }
}
