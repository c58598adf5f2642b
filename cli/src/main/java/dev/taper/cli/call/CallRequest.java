package dev.taper.cli.call;

import dev.taper.cli.io.AuditTarget;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.RevocationListInput;
import dev.taper.cli.io.RootKeyInput;
import dev.taper.cli.policy.AuthorizerInput;
import dev.taper.cli.io.Place;
import dev.taper.cli.io.Source;
import dev.taper.datalog.RunLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What call to decide, by what, and how to show it.
 *
 * @param token the token
 * @param rootKeys which root keys to trust
 * @param call the call
 * @param manner how the token is presented
 * @param authorizer the service's policies, possibly none, and the time
 * @param limits what the evaluation may use up
 * @param audit the audit log, or null
 * @param explain whether to show the Datalog behind the decision too
 * @param json whether to print JSON
 * @param registry the registry that is told of the call, or null
 * @param asCaller whether to show what the caller may read, instead of what the operator may
 */
public record CallRequest(
    EncodedInput token,
    RootKeyInput rootKeys,
    RequestInput call,
    Manner manner,
    AuthorizerInput authorizer,
    RunLimits limits,
    @Nullable AuditTarget audit,
    boolean explain,
    boolean json,
    @Nullable String registry,
    boolean asCaller) {
  /**
   * How a token is presented, and what the service makes of it.
   *
   * @param proof the holder's proof, or null
   * @param acceptBearer whether to take bearer tokens
   * @param acceptSealed whether to take sealed tokens
   * @param directory names and their keys as JSON, or null
   * @param replayCache folder that remembers used proofs, or null
   * @param approvalUses database that remembers used approvals, or null
   * @param revocations the list of what is revoked; null to look nothing up
   * @param sharedPredicates names of the policies' predicates that tokens may see
   */
  public record Manner(
      @Nullable Source proof,
      boolean acceptBearer,
      boolean acceptSealed,
      @Nullable Source directory,
      @Nullable String replayCache,
      Place.@Nullable Sql approvalUses,
      @Nullable RevocationListInput revocations,
      List<String> sharedPredicates) {
    /** Copies the list. */
    public Manner {
      sharedPredicates = List.copyOf(sharedPredicates);
    }
  }
}
