package dev.taper.cli.call;

import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.RootKeyInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.policy.AuthorizerInput;
import dev.taper.cli.policy.Policies;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.Json;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.datalog.RunLimits;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/** Verifies, evaluates and queries. */
public final class QueryService {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  /** Works in the given console. */
  public QueryService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** Verifies a token and prints what a query derives from its facts. */
  public ExitCode run(
      EncodedInput token,
      RootKeyInput rootKeys,
      AuthorizerInput authorizer,
      RunLimits limits,
      QueryInput query,
      boolean json) {
    UnverifiedToken unverified = tokens.read(token);
    RootKeys trusted = new Keys(console, inputs).rootKeys(rootKeys);
    Token verified = Tokens.checked(() -> unverified.verify(trusted));
    Policies policies = new Policies(console, inputs, authorizer);
    Authorizer request = policies.given().authorizer(verified).limits(limits);
    policies.addRequest(request);
    Authorization authorization = request.run();
    List<Fact> answers = Queries.ask(authorization, query);
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
