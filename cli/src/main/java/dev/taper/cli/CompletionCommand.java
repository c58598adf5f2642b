package dev.taper.cli;

import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code taper completion}. */
@Command(
    name = "completion",
    description = {
      "Print a completion script.",
      "Use: source <(taper completion bash), in the shell or its start-up file."
    })
public final class CompletionCommand implements Runnable {
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      description = "${COMPLETION-CANDIDATES}. Default: bash.")
  private String shell = "bash";

  /** Runs in the given console. */
  public CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (!new Shells().contains(shell)) {
      throw CliException.usage("there is no completion for " + shell + ", only for bash and zsh");
    }
    // One script serves both shells: it finds out which one it runs in.
    console
        .out()
        .print(AutoComplete.bash("taper", Objects.requireNonNull(spec).root().commandLine()));
  }

  /** The shells that the script is for. */
  static final class Shells extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Shells() {
      super(List.of("bash", "zsh"));
    }
  }
}
