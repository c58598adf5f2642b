package dev.taper.cli.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.authorizer.Decision;
import dev.taper.authorizer.PolicySet;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.Style;
import dev.taper.cli.policy.DecisionJson;
import dev.taper.cli.policy.GivenPolicies;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/** Verifies and authorizes. */
final class AuthorizeService extends ConsoleService {
  AuthorizeService(Console console) {
    super(console);
  }

  /** Verifies a token and decides a request; the exit code says whether it is allowed. */
  ExitCode run(AuthorizeOptions options) {
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
      return decide(options, authorizer);
    } catch (TaperException e) {
      deniedBy(e, options.json.json());
      throw e;
    }
  }

  private ExitCode decide(AuthorizeOptions options, Authorizer authorizer) {
    Authorization authorization = authorizer.run();
    Decision decision = authorization.decide();
    List<Fact> answers = options.query.ask(authorization, options.params);
    options.snapshots.saveAuthorization(tokens, authorization::snapshot);
    if (options.json.json()) {
      Json.object(
          console.out(),
          json -> {
            DecisionJson.write(json, decision, options.explain.given());
            DecisionJson.effort(json, authorization);
            if (options.query.hasQuestion()) {
              Queries.write(json, "query", answers);
            }
          });
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
  private void deniedBy(TaperException e, boolean json) {
    ErrorCode.Category category = e.code().category();
    boolean refusal =
        category == ErrorCode.Category.EXECUTION || category == ErrorCode.Category.LIMIT;
    if (refusal && !json) {
      console.out().println(Style.out(console).bad("DENIED") + "  " + e.code().text());
    }
  }
}
