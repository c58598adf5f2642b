package dev.taper.cli.call;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.policy.AuthorizerOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to authorize, by what, and what to show of it. */
final class AuthorizeOptions {
  @Option(names = "--explain", description = "Say why.")
  boolean explain;

  @Option(
      names = "--as-caller",
      description =
          "With --request: print what the caller may read of the decision, and nothing of the"
              + " service's policies and facts.")
  boolean asCaller;

  @Mixin final TokenInput token = new TokenInput();
  @Mixin final PublicKeyInput key = new PublicKeyInput();
  @Mixin final AuthorizerOptions authorizer = new AuthorizerOptions();
  @Mixin final ParameterOptions params = new ParameterOptions();
  @Mixin final LimitOptions limits = new LimitOptions();
  @Mixin final QueryOptions query = new QueryOptions();
  @Mixin final SnapshotOptions snapshots = new SnapshotOptions();
  @Mixin final CallOptions call = new CallOptions();
  @Mixin final ApprovalOptions approvals = new ApprovalOptions();
  @Mixin final TokenKindOptions kind = new TokenKindOptions();
  @Mixin final AuditOptions audit = new AuditOptions();
  @Mixin final RegistryOption registry = new RegistryOption();
  @Mixin final JsonOption json = new JsonOption();

  /**
   * Refuses options that make no sense for a request that is decided by its facts.
   *
   * @throws CliException if it is given
   */
  void checkRequest() {
    call.requireNothingElse();
    kind.given()
        .add("--as-caller", asCaller)
        .add("--approval", approvals.isGiven())
        .add("--audit", audit.isGiven())
        .add("--registry", registry.isGiven())
        .refuseWithout("--request");
    key.required();
    authorizer.check();
    boolean unused = query.hasQuestion();
  }

  /**
   * Refuses options that make no sense for a call.
   *
   * @throws CliException if it is given
   */
  void checkCall() {
    if (asCaller && explain) {
      throw CliException.usage("a caller is not told what --explain adds: leave one of them out");
    }
    authorizer.check();
    new GivenOptions()
        .add("--fact", authorizer.hasFacts())
        .add(query.given())
        .add(snapshots.given())
        .refuse(
            "goes without --request, whose facts the verifier states",
            "go without --request, whose facts the verifier states");
    if (authorizer.isAtAnotherTime()) {
      // A decision at another time is a question: it uses up nothing and records nothing.
      new GivenOptions()
          .add("--audit", audit.isGiven())
          .add("--registry", registry.isGiven())
          .add(kind.memories())
          .refuse(
              "goes without --time: a decision at another time is a question, not an event",
              "go without --time: a decision at another time is a question, not an event");
    }
    key.required();
    call.required();
    kind.check();
  }
}
