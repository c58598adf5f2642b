package dev.taper.cli.call;

import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Json;
import dev.taper.cli.policy.AuthorizerOptions;
import dev.taper.cli.policy.GivenPolicies;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/** Verifies, evaluates and queries. */
final class QueryService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  QueryService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /**
   * Verifies a token and prints what a query derives from its facts.
   *
   * @param token the token
   * @param rootKeys which root keys to trust
   * @param options the policies and the request
   * @param params values of parameters
   * @param limits what the evaluation may use up
   * @param rule a rule as Datalog text; its head is the form of the answers
   * @param all whether to ask the facts of all blocks, also those that nobody vouches for
   * @param json whether to print JSON
   */
  ExitCode run(
      EncodedInput token,
      PublicKeyInput rootKeys,
      AuthorizerOptions options,
      ParameterOptions params,
      RunLimits limits,
      String rule,
      boolean all,
      boolean json) {
    UnverifiedToken unverified = tokens.read(token);
    RootKeys trusted = rootKeys.read(inputs, console.clock());
    Token verified = Tokens.checked(() -> unverified.verify(trusted));
    GivenPolicies policies = options.policies(console, inputs, params);
    Authorizer request = policies.given().authorizer(verified).limits(limits);
    options.addRequest(request, policies, console.clock());
    Authorization authorization = request.run();
    List<Fact> answers = Queries.ask(authorization, rule, all, params);
    if (json) {
      Json.object(
          console.out(),
          out -> {
            Queries.write(out, "facts", answers);
            DecisionJson.effort(out, authorization);
          });
    } else {
      Queries.print(console.out(), answers);
    }
    return ExitCode.OK;
  }
}
