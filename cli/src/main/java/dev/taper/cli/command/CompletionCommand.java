package dev.taper.cli.command;

import dev.taper.cli.io.Console;
import dev.taper.cli.option.HelpMixin;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code taper completion}. */
@Command(
    name = "completion",
    description = {
      "Print a completion script.",
      "Use: source <(taper completion), in the shell or its start-up file."
    })
public final class CompletionCommand implements Runnable {
  /** The shells that scripts exist for. */
  enum Shell {
    bash,
    zsh
  }

  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SHELL",
      defaultValue = "bash",
      description = "${COMPLETION-CANDIDATES}. One script serves both.")
  private Shell shell = Shell.bash;

  @Mixin private final HelpMixin help = new HelpMixin();

  /** Runs in the given console. */
  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    // The script finds out which of the shells it runs in.
    console
        .out()
        .print(AutoComplete.bash("taper", Objects.requireNonNull(spec).root().commandLine()));
  }
}
