package dev.taper.cli.config;

import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Json;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.Observations;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.policy.LibraryConfig;
import dev.taper.operations.Place;
import dev.taper.operations.config.ExplainedSetting;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Probes;
import java.util.Locale;

/** {@code taper config check}. */
final class ConfigCheckCommand extends ConsoleCommand {
  private final Value<String> file =
      parameter("0", "1", "FILE", "The configuration: a file in YAML or properties.")
          .requiredText();

  private final JsonOption json = part(new JsonOption());

  ConfigCheckCommand(Console console) {
    super(
        console,
        "check",
        "Say what a configuration means, and whether everything that it names is right.",
        "It makes and changes nothing, and shows no secret. Exit 0 if nothing is wrong, 1 if"
            + " something that it names is, 2 if the configuration itself is.");
  }

  @Override
  protected ExitCode run() {
    TaperConfig config = LibraryConfig.load(console, file.get());
    Checkup checkup = new Checkup();
    checkup.look("clock", Probes.clock(console.clock().instant()));
    config.check(checkup);
    if (json.json()) {
      print(config, checkup);
    } else {
      Style style = Style.out(console);
      for (ExplainedSetting setting : config.explain()) {
        String name = String.format(Locale.ROOT, "%-21s", setting.name());
        console
            .out()
            .println(
                (setting.given() ? style.good(name) : name)
                    + "  "
                    + SafeText.line(setting.text())
                    + (setting.given() ? "" : " (default)"));
      }
      console.out().println();
      Observations.print(console, checkup);
    }
    return checkup.healthy() ? ExitCode.OK : ExitCode.DENIED;
  }

  private void print(TaperConfig config, Checkup checkup) {
    Json.object(
        console.out(),
        out -> {
          out.writeNumberField("version", 1);
          out.writeStringField("file", Place.shown(file.get()));
          out.writeStringField("audience", config.audience());
          out.writeArrayFieldStart("settings");
          for (ExplainedSetting setting : config.explain()) {
            out.writeStartObject();
            out.writeStringField("name", setting.name());
            out.writeBooleanField("given", setting.given());
            out.writeStringField("text", setting.text());
            out.writeEndObject();
          }
          out.writeEndArray();
          Observations.write(out, checkup, console.clock().instant());
        });
  }
}
