package dev.taper.cli.policy;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.call.RequestInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
      "Exit 0 if the policies allow the call, else 1."
    })
public final class PolicyExplainCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|NAME",
      description = "Policies, as files or by their names in the library; in order.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = {"-r", "--request"},
      required = true,
      paramLabel = "FILE",
      description = "File with the call as JSON, or -.")
  private String request = "";

  @Option(
      names = "--audience",
      paramLabel = "SERVICE",
      defaultValue = "svc:test",
      description = "The service that is called. Default: ${DEFAULT-VALUE}.")
  private String audience = "";

  @Option(
      names = "--free-text",
      paramLabel = "ARG",
      description = "An argument that is neither a URL nor a path, whatever it looks like.")
  private List<String> freeText = new ArrayList<>();

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

  @Mixin private final PublicKeyInput key = new PublicKeyInput();
  @Mixin private final ParameterOptions params = new ParameterOptions();

  /** Runs in the given console. */
  public PolicyExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (token == null && (directory != null || key.input() != null)) {
      throw CliException.usage("--public-key, --keys and --directory need --token");
    }
    List<Source> sources = policies.stream().map(Source::ofFile).toList();
    return new ExplainService(console)
        .run(
            new ExplainRequest(
                new AuthorizerInput(sources, null, facts, time, params.params()),
                new RequestInput(Source.ofFile(request), freeText, audience),
                token == null ? null : new EncodedInput(Source.ofFile(token), false),
                token == null ? null : key.required(),
                directory == null ? null : Source.ofFile(directory)))
        .status();
  }
}
