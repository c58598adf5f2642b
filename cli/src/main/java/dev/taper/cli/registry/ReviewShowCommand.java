package dev.taper.cli.registry;

import dev.taper.cli.io.Console;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.io.RegistryOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code taper review show}. */
@Command(name = "show", description = "Show a review and its items, or the list of all reviews.")
public final class ReviewShowCommand implements Callable<Integer>, JsonOption.Holder {
  private final Console console;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REVIEW",
      description = "The review's number. Default: all reviews.")
  private @Nullable Integer id;

  @Mixin private final RegistryOption registry = new RegistryOption();
  @Mixin private final JsonOption json = new JsonOption();

  /** Runs in the given console. */
  public ReviewShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public boolean json() {
    return json.json();
  }

  @Override
  public Integer call() {
    return new ReviewService(console).show(registry.required(), id, json()).status();
  }
}
