package dev.taper.cli.call;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.JsonOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code taper snapshot inspect}. */
@Command(
    name = "inspect",
    description = {
      "Show a snapshot, decide it again and print the decision; exit 1 if it denies.",
      "It proves nothing: snapshots carry no signatures."
    })
final class SnapshotInspectCommand extends ConsoleCommand {
  @Parameters(
      index = "0",
      paramLabel = "SNAPSHOT",
      description = "File with the snapshot, or - for standard input.")
  private @Nullable String file;

  @Option(names = "--raw-input", description = "The snapshot is raw bytes, not base64url text.")
  private boolean raw;

  @Mixin private final QueryOptions query = new QueryOptions();
  @Mixin private final ParameterOptions params = new ParameterOptions();
  @Mixin private final LimitOptions limits = new LimitOptions();
  @Mixin private final JsonOption json = new JsonOption();

  SnapshotInspectCommand(Console console) {
    super(console);
  }

  @Override
  protected ExitCode run() {
    EncodedInput input = new EncodedInput(Source.ofFile(Objects.requireNonNull(file)), raw);
    boolean unused = query.hasQuestion();
    return new SnapshotService(console)
        .run(input, query, params, limits::applyTo, json.json());
  }
}
