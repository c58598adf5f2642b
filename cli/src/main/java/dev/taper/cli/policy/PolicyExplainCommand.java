package dev.taper.cli.policy;

import dev.taper.agent.call.CallFacts;
import dev.taper.cli.io.CallOptions;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.operations.config.Times;
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper policy explain}. */
@Command(
    name = "explain",
    description = {
      "Show step by step how policies decide about a call: facts, rules, checks, policies.",
      "Without a token only what the service knows of the call counts. With one, its signatures are"
          + " verified but no proof is asked for: this explains, use authorize to decide.",
      "Without --audience the service is svc:test. Exit 0 if the policies allow the call, else 1."
    })
final class PolicyExplainCommand extends ConsoleCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|NAME",
      description = "Policies, as files or by their names in the library; in order.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = {"-f", "--fact"},
      paramLabel = "FACT",
      description = "A fact that the service states, such as: allowed_tool(\"jira.get\")")
  private List<String> facts = new ArrayList<>();

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "now",
      description = "The time fact: now (the default), none, a date, or +15m for later than now.")
  private String time = "now";

  @Option(names = "--token", paramLabel = "FILE", description = "A delegation token, or -.")
  private @Nullable String token;

  @Option(
      names = "--directory",
      paramLabel = "FILE",
      description = "Names and their keys as JSON, for holder_verified.")
  private @Nullable String directory;

  @Mixin private final CallOptions call = new CallOptions();
  @Mixin private final PublicKeyInput key = new PublicKeyInput();
  @Mixin private final ParameterOptions params = new ParameterOptions();

  PolicyExplainCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    if (token == null) {
      key.given().add("--directory", directory != null).refuseWithout("--token");
    }
    if (token != null) {
      key.required();
    }
    Inputs inputs = new Inputs(console);
    ExplainService service = new ExplainService(console, inputs);
    GivenPolicies given =
        new GivenPolicies(
            console, inputs, policies.stream().map(Source::ofFile).toList(), null, params);
    VerifiedChain chain = token == null ? null : service.token(token, key);
    CallFacts stated = call.read(inputs).facts().audience(call.audienceOr("svc:test"));
    if (!time.equals("none")) {
      stated = stated.time(Times.at(console.clock(), time));
    }
    return service.run(given, service.facts(stated, chain, directory), given.facts(facts), chain);
  }
}
