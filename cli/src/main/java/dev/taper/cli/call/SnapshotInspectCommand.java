package dev.taper.cli.call;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.EncodedInput;
import java.util.Objects;
import java.util.concurrent.Callable;
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
public final class SnapshotInspectCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

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

  /** Runs in the given console. */
  public SnapshotInspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    EncodedInput input = new EncodedInput(Source.ofFile(Objects.requireNonNull(file)), raw);
    return new SnapshotService(console)
        .run(input, query.query(params), limits::applyTo, json())
        .status();
  }
}
