package dev.taper.cli.registry;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Count;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Waiting;
import dev.taper.operations.config.Times;
import dev.taper.operations.registry.RegistryAccess;
import java.time.Instant;

/** {@code taper registry forget}. */
final class RegistryForgetCommand extends JsonCommand {
  private final Value<String> endedBefore =
      option("--ended-before", "DURATION", "How long ago they ended at least, such as 90d.")
          .requiredText();

  private final RegistryOption registry = part(new RegistryOption());

  RegistryForgetCommand(Console console) {
    super(
        console,
        "forget",
        "Delete delegations that ended, with their uses; those under review stay.");
  }

  @Override
  protected ExitCode run() {
    RegistryAccess access = new RegistryAccess(console.workplace(), registry.required());
    Instant before = console.clock().instant().minus(Times.parseDuration(endedBefore.get()));
    int forgotten =
        Waiting.during(console, "forgetting what ended", json.given(), () -> access.forget(before));
    return answer(
        () -> new JsonFields().put("forgotten", forgotten),
        () -> print("Forgot " + Count.of(forgotten, "delegation") + "."));
  }
}
