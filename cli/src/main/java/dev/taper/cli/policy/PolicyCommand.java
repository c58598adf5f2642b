package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code taper policy}, a group. */
@Command(
    name = "policy",
    description = {
      "A service's policies: test, check, format and explain them.",
      "A policy is a file NAME.datalog; its cases stand beside it in NAME.cases.yaml."
    })
public final class PolicyCommand implements Runnable {
  private @Nullable CommandSpec spec;

  private final Console console;

  /** Runs in the given console. */
  public PolicyCommand(Console console) {
    this.console = console;
  }

  /** Called by picocli; adds the subcommands. */
  @Spec
  void spec(CommandSpec newSpec) {
    this.spec = newSpec;
    newSpec.addSubcommand("test", new CommandLine(new PolicyTestCommand(console)));
    newSpec.addSubcommand("check", new CommandLine(new PolicyCheckCommand(console)));
    newSpec.addSubcommand("fmt", new CommandLine(new PolicyFormatCommand(console)));
    newSpec.addSubcommand("explain", new CommandLine(new PolicyExplainCommand(console)));
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "policy needs: test, check, fmt or explain");
  }
}
