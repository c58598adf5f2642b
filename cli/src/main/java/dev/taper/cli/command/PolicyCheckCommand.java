package dev.taper.cli.command;

import dev.taper.cli.io.Console;
import dev.taper.cli.option.JsonOption;
import dev.taper.cli.policy.PolicyCheckService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code taper policy check}. */
@Command(
    name = "check",
    description = {
      "Look for mistakes in policies without running them.",
      "Finds text that does not parse, unsafe variables, unreachable policies and alternatives,"
          + " predicates that nobody states, wrong numbers and types of terms, invalid regular"
          + " expressions, and what refuses every call. Exit 0 if nothing is found, else 1.",
      "What is named one by one is also checked as the set that a service loads, in that order."
    })
public final class PolicyCheckCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|NAME",
      description = "Policies, as files or by their names in the library, or folders of them.")
  private List<String> places = new ArrayList<>();

  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public PolicyCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new PolicyCheckService(console).run(places, json()).status();
  }
}
