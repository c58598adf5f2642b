package dev.taper.cli.policy;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
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
          + " predicates that nobody states, wrong numbers and types of terms, and invalid regular"
          + " expressions. Exit 0 if nothing is found, else 1."
    })
public final class PolicyCheckCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Policies, or folders of them.")
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
