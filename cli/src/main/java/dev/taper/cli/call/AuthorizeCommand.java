package dev.taper.cli.call;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.policy.AuthorizerOptions;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.policy.AuthorizerInput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code taper authorize}. */
@Command(
    name = "authorize",
    description = {
      "Verify a token and decide a request by its checks and your policies.",
      "With --request: decide one call with a delegation token and its holder's proof. Policies are"
          + " optional then; the default allows what the chain allows.",
      "Prints ALLOWED (exit 0) or DENIED (exit 1). An evaluation that fails or reaches a limit is"
          + " a refusal as well (exit 1), told apart by its code."
    })
public final class AuthorizeCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Option(names = "--explain", description = "Say why.")
  private boolean explain;

  @Option(
      names = "--as-caller",
      description =
          "With --request: print what the caller may read of the decision, and nothing of the"
              + " service's policies and facts.")
  private boolean asCaller;

  @Mixin private final TokenInput token = new TokenInput();
  @Mixin private final PublicKeyInput key = new PublicKeyInput();
  @Mixin private final AuthorizerOptions authorizer = new AuthorizerOptions();
  @Mixin private final ParameterOptions params = new ParameterOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();
  @Mixin private final QueryOptions query = new QueryOptions();
  @Mixin private final SnapshotOptions snapshots = new SnapshotOptions();
  @Mixin private final CallOptions call = new CallOptions();
  @Mixin private final TokenKindOptions manner = new TokenKindOptions();
  @Mixin private final AuditOptions audit = new AuditOptions();
  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public AuthorizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    if (call.isGiven()) {
      return new CallService(console).run(callRequest()).status();
    }
    call.requireNothingElse();
    if (asCaller || manner.isGiven() || audit.target() != null || registry.address() != null) {
      throw CliException.usage("options for delegation tokens, such as --proof, need --request");
    }
    AuthorizeRequest request =
        new AuthorizeRequest(
            token.input(console),
            key.required(),
            authorizer.input(params),
            limits.limits(),
            query.query(params),
            snapshots.targets(),
            explain,
            json());
    return new AuthorizeService(console).run(request).status();
  }

  private CallRequest callRequest() {
    if (asCaller && explain) {
      throw CliException.usage("a caller is not told what --explain adds: leave one of them out");
    }
    AuthorizerInput policies = authorizer.input(params);
    if (!policies.facts().isEmpty() || query.isGiven() || snapshots.isGiven()) {
      throw CliException.usage(
          "the verifier states the facts of --request: no --fact, --query or snapshots");
    }
    if (!policies.time().equals("now") && (audit.target() != null || registry.address() != null)) {
      throw CliException.usage(
          "a decision at another time is a question, not an event: --time goes without --audit and"
              + " --registry");
    }
    return new CallRequest(
        token.input(console),
        key.required(),
        call.input(),
        manner.input(),
        policies,
        limits.limits(),
        audit.target(),
        explain,
        json(),
        registry.address(),
        asCaller);
  }
}
