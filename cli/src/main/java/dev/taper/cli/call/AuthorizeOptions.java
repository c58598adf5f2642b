package dev.taper.cli.call;

import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.policy.AuthorizerOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is authorized, by what, and what is shown of it. */
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
  @Mixin final TokenKindOptions kind = new TokenKindOptions();
  @Mixin final AuditOptions audit = new AuditOptions();
  @Mixin final RegistryOption registry = new RegistryOption();
  @Mixin final JsonOption json = new JsonOption();

  /**
   * Refuses what makes no sense where a request is decided by its facts.
   *
   * @throws CliException if it is given
   */
  void checkRequest() {
    call.requireNothingElse();
    if (asCaller || kind.isGiven() || audit.isGiven() || registry.isGiven()) {
      throw CliException.usage("options for delegation tokens, such as --proof, need --request");
    }
    key.required();
    authorizer.check();
    boolean unused = query.hasQuestion();
  }

  /**
   * Refuses what makes no sense where a call is decided.
   *
   * @throws CliException if it is given
   */
  void checkCall() {
    if (asCaller && explain) {
      throw CliException.usage("a caller is not told what --explain adds: leave one of them out");
    }
    authorizer.check();
    if (authorizer.hasFacts() || query.isGiven() || snapshots.isGiven()) {
      throw CliException.usage(
          "the verifier states the facts of --request: no --fact, --query or snapshots");
    }
    if (authorizer.isAtAnotherTime() && (audit.isGiven() || registry.isGiven())) {
      throw CliException.usage(
          "a decision at another time is a question, not an event: --time goes without --audit and"
              + " --registry");
    }
    key.required();
    call.required();
    kind.check();
  }
}
