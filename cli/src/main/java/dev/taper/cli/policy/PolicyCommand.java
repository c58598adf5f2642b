package dev.taper.cli.policy;

import dev.taper.cli.io.CommandGroup;
import dev.taper.cli.io.Console;
import java.util.List;

/** {@code taper policy}, a group. */
public final class PolicyCommand extends CommandGroup {
  /** Runs in the given console. */
  public PolicyCommand(Console console) {
    super(
        console,
        "policy",
        List.of(
            new PolicyTestCommand(console),
            new PolicyCheckCommand(console),
            new PolicyFormatCommand(console),
            new PolicyExplainCommand(console),
            new PolicySuggestCommand(console)),
        "A service's policies: test, check, format, explain and suggest them.",
        "A policy is a file NAME.datalog; its cases stand beside it in NAME.cases.yaml.");
  }
}
