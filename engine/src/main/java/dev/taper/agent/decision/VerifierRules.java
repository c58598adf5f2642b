package dev.taper.agent.decision;

import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.names.AgentDirectory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.agent.names.IssuerNames;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.RootKeys;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier works by and may be replaced while it runs: {@link Verifier#with}. Immutable, and
 * as thread-safe as its parts; every method that replaces something returns a changed copy.
 *
 * @param rootKeys the root keys that are trusted; none refuses every token
 * @param policies the service's policies
 * @param catalog the service's tools; null if callers state what their calls mean
 * @param directory which names and keys belong together; null if nobody knows
 * @param approverNames whose keys are whose, and who is in which group of approvers
 * @param issuerNames the stable names of issuers, by which the counters of budgets are found
 */
public record VerifierRules(
    RootKeys rootKeys,
    PolicySet policies,
    @Nullable ToolCatalog catalog,
    @Nullable AgentDirectory directory,
    ApproverNames approverNames,
    IssuerNames issuerNames) {
  /**
   * Checks that nothing is missing.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#INVALID_ARGUMENT} for null where it means
   *     nothing
   */
  public VerifierRules {
    Given.that(rootKeys, "the set of root keys that are trusted");
    Given.that(policies, "the verifier's policy set");
    Given.that(approverNames, "the list of approvers' names");
    Given.that(issuerNames, "the names of issuers");
  }

  /** Replaces the root keys. */
  public VerifierRules withRootKeys(RootKeys others) {
    return new VerifierRules(others, policies, catalog, directory, approverNames, issuerNames);
  }

  /** Replaces the policies. */
  public VerifierRules withPolicies(PolicySet others) {
    return new VerifierRules(rootKeys, others, catalog, directory, approverNames, issuerNames);
  }

  /** Replaces the catalog; null to do without. */
  public VerifierRules withCatalog(@Nullable ToolCatalog other) {
    return new VerifierRules(rootKeys, policies, other, directory, approverNames, issuerNames);
  }

  /** Replaces the directory. */
  public VerifierRules withDirectory(AgentDirectory other) {
    AgentDirectory given = Given.that(other, "the agent directory");
    return new VerifierRules(rootKeys, policies, catalog, given, approverNames, issuerNames);
  }

  /** Replaces the names of approvers. */
  public VerifierRules withApproverNames(ApproverNames others) {
    return new VerifierRules(rootKeys, policies, catalog, directory, others, issuerNames);
  }

  /** Replaces the names of issuers. */
  public VerifierRules withIssuerNames(IssuerNames others) {
    return new VerifierRules(rootKeys, policies, catalog, directory, approverNames, others);
  }

  /**
   * Replaces everybody's names: the directory, issuers, approvers and groups.
   *
   * @throws TaperException {@link dev.taper.ErrorCode#INVALID_NAMES} if it has approvers, and
   *     nobody looked at its signature
   */
  public VerifierRules withNames(NamesFile names) {
    Given.that(names, "the file of names");
    return withNames(
        names, names.approvers().isEmpty() ? ApproverNames.NONE : names.approverNames());
  }

  VerifierRules withNames(NamesFile names, ApproverNames approvers) {
    return withDirectory(names.directory())
        .withIssuerNames(names.issuerNames())
        .withApproverNames(approvers);
  }
}
