package dev.taper.cli.call;

import dev.taper.ErrorCode;
import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Room;
import dev.taper.cli.output.Style;
import dev.taper.cli.policy.DecisionFields;
import dev.taper.cli.policy.GivenPolicies;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/** {@code taper authorize}. */
public final class AuthorizeCommand extends JsonCommand {
  private final AuthorizeOptions options = part(new AuthorizeOptions());

  /** Runs in the given console. */
  public AuthorizeCommand(Console console) {
    super(
        console,
        "authorize",
        "Verify a token and decide a request by its checks and your policies.",
        "With --request, --http or --mcp: decide one call with a delegation token and its holder's"
            + " proof. Policies are optional then; the default allows what the chain allows. The"
            + " catalog of the service says what the call means; without it, the request itself does.",
        "Prints ALLOWED (exit 0) or DENIED (exit 1). An evaluation that fails or reaches a limit is"
            + " a refusal as well (exit 1), told apart by its code.");
  }

  @Override
  protected ExitCode run() {
    if (options.call.isGiven() || options.offer.given()) {
      options.checkCall();
      Console shown = json.given() ? console : options.kind.names(console).on(console);
      return new CallService(shown, options, json.given()).run();
    }
    options.checkRequest();
    UnverifiedToken unverified = tokens.read(options.token.input(console));
    RootKeys rootKeys = options.key.read(inputs, console.clock());
    Token token = Tokens.checked(() -> unverified.verify(rootKeys));
    GivenPolicies policies = options.authorizer.policies(console, inputs, options.params);
    PolicySet policySet = policies.required();
    RunLimits limits = options.limits.limits();
    options.snapshots.savePolicies(tokens, () -> policySet.snapshot(limits));
    Authorizer authorizer = policySet.authorizer(token).limits(limits);
    options.authorizer.addRequest(authorizer, policies, console.clock());
    try {
      return decide(authorizer);
    } catch (TaperException e) {
      deniedBy(e);
      throw e;
    }
  }

  private ExitCode decide(Authorizer authorizer) {
    Authorization authorization = authorizer.run();
    Decision decision = authorization.decide();
    List<Fact> answers = options.query.ask(authorization, options.params);
    options.snapshots.saveAuthorization(tokens, authorization::snapshot);
    if (json.given()) {
      JsonFields fields =
          DecisionFields.of(decision, options.explain.given())
              .putAll(DecisionFields.effort(authorization));
      if (options.query.hasQuestion()) {
        fields.put("query", new Room().fitAll(answers));
      }
      printJson(fields);
    } else {
      new DecisionText(console.out(), Style.out(console)).print(decision, options.explain.given());
      Queries.print(console.out(), answers);
    }
    if (!decision.allowed()) {
      options.authorizer.warnIfNeverAllowing(console, inputs, options.params);
    }
    return decision.allowed() ? ExitCode.OK : ExitCode.DENIED;
  }

  /** Denies what cannot be evaluated, and says so; the error itself is reported as any other. */
  private void deniedBy(TaperException e) {
    ErrorCode.Category category = e.code().category();
    boolean refusal =
        category == ErrorCode.Category.EXECUTION || category == ErrorCode.Category.LIMIT;
    if (refusal && !json.given()) {
      print(Style.out(console).bad("DENIED") + "  " + e.code().text());
    }
  }
}
