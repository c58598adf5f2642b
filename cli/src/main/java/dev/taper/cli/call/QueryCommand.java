package dev.taper.cli.call;

import dev.taper.JsonFields;
import dev.taper.authorizer.Authorization;
import dev.taper.authorizer.Authorizer;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Room;
import dev.taper.cli.policy.AuthorizerOptions;
import dev.taper.cli.policy.DecisionFields;
import dev.taper.cli.policy.GivenPolicies;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.Fact;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;

/** {@code taper query}. */
public final class QueryCommand extends JsonCommand {
  private final Value<List<String>> tokenAndRule =
      parameter(
              "0..*",
              "1..2",
              "[TOKEN] RULE",
              "File with the token, or - for standard input (default: the variable TAPER_TOKEN);"
                  + " then the rule.")
          .texts();

  private final Flag raw = flag("--raw-input", "The token is raw bytes, not base64url text.");

  private final Flag all =
      flag("--all", "Query the facts of all blocks, also of those that nobody vouches for.");

  private final PublicKeyInput key = part(new PublicKeyInput());
  private final AuthorizerOptions authorizer = part(new AuthorizerOptions());
  private final ParameterOptions params = part(new ParameterOptions());
  private final LimitOptions limits = part(new LimitOptions());

  /** Runs in the given console. */
  public QueryCommand(Console console) {
    super(
        console,
        "query",
        "Verify a token, evaluate it with your policies and print the facts that a rule derives.");
  }

  @Override
  protected ExitCode run() {
    String named = tokenAndRule.get().size() == 2 ? tokenAndRule.get().get(0) : null;
    String rule = tokenAndRule.get().get(tokenAndRule.get().size() - 1);
    EncodedInput source = new EncodedInput(TokenInput.source(console, named), raw.given());
    key.required();
    authorizer.check();
    UnverifiedToken unverified = tokens.read(source);
    RootKeys trusted = key.read(inputs, console.clock());
    Token verified = Tokens.checked(() -> unverified.verify(trusted));
    GivenPolicies policies = authorizer.policies(console, inputs, params);
    Authorizer request = policies.given().authorizer(verified).limits(limits.limits());
    authorizer.addRequest(request, policies, console.clock());
    Authorization authorization = request.run();
    List<Fact> answers = Queries.ask(authorization, rule, all.given(), params);
    return answer(
        () ->
            new JsonFields()
                .put("facts", new Room().fitAll(answers))
                .putAll(DecisionFields.effort(authorization)),
        () -> Queries.print(console.out(), answers));
  }
}
