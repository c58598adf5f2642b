package dev.taper.cli.call;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.policy.AuthorizerOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper query}. */
@Command(
    name = "query",
    description = {
      "Verify a token, evaluate it with your policies and print the facts that a rule derives.",
      "Example: taper query token --public-key root.pub 'right($r) <- right($r)'"
    })
public final class QueryCommand extends ConsoleCommand {
  @Parameters(
      arity = "1..2",
      paramLabel = "[TOKEN] RULE",
      hideParamSyntax = true,
      description =
          "File with the token, or - for standard input (default: the variable TAPER_TOKEN);"
              + " then the rule.")
  private List<String> tokenAndRule = new ArrayList<>();

  @Option(names = "--raw-input", description = "The token is raw bytes, not base64url text.")
  private boolean raw;

  @Option(
      names = "--all",
      description = "Query the facts of all blocks, also of those that nobody vouches for.")
  private boolean all;

  @Mixin private final PublicKeyInput key = new PublicKeyInput();
  @Mixin private final AuthorizerOptions authorizer = new AuthorizerOptions();
  @Mixin private final ParameterOptions params = new ParameterOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public QueryCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    String token = tokenAndRule.size() == 2 ? tokenAndRule.get(0) : null;
    String rule = tokenAndRule.get(tokenAndRule.size() - 1);
    return new QueryService(console)
        .run(
            new EncodedInput(TokenInput.source(console, token), raw),
            key.required(),
            authorizer.check(),
            params,
            limits.limits(),
            rule,
            all,
            json.json());
  }
}
