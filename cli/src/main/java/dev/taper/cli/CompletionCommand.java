package dev.taper.cli;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Names;
import dev.taper.cli.io.Value;
import java.util.List;
import picocli.AutoComplete;

/** {@code taper completion}. */
public final class CompletionCommand extends ConsoleCommand {
  /** Runs in the given console. */
  public CompletionCommand(Console console) {
    super(
        console,
        "completion",
        "Print a completion script.",
        "Load it in the shell, or in its start-up file.");
    // One script serves both shells: it finds out which one it runs in. So the name is only
    // checked.
    Value<String> unused =
        parameter("0", "0..1", "SHELL", "${COMPLETION-CANDIDATES}. Default: bash.")
            .oneOf(new Names<>(List.of("bash", "zsh"), shell -> shell), "bash");
  }

  @Override
  protected ExitCode run() {
    console.out().print(AutoComplete.bash("taper", spec().root().commandLine()));
    return ExitCode.OK;
  }
}
