package dev.taper.cli.policy;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code taper policy}, a group. */
@Command(
    name = "policy",
    description = {
      "A service's policies: test, check, format and explain them.",
      "A policy is a file NAME.datalog; its cases stand beside it in NAME.cases.yaml."
    })
public final class PolicyCommand extends CommandGroup {
  /** Runs in the given console. */
  public PolicyCommand(Console console) {
    super(console);
  }

  @Override
  protected List<Object> subcommands() {
    return List.of(
        new PolicyTestCommand(console),
        new PolicyCheckCommand(console),
        new PolicyFormatCommand(console),
        new PolicyExplainCommand(console));
  }
}
