package dev.taper.cli.config;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.Observations;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.policy.LibraryConfig;
import dev.taper.cli.policy.ServeHeap;
import dev.taper.operations.Place;
import dev.taper.operations.config.ExplainedSetting;
import dev.taper.operations.config.Profiles;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Probes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code taper config check}. */
final class ConfigCheckCommand extends JsonCommand {
  /** How wide the names of a service's settings are; those of profiles may be longer. */
  private static final int NAMES = 21;

  private final Value<String> file =
      parameter("0", "1", "FILE", "The configuration: a file in YAML or properties.")
          .requiredText();

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
    Checkup checkup = new Checkup();
    Profiles profiles = Profiles.load(console.resolve(file.get()));
    if (profiles.areAll()) {
      profiles.check(checkup);
      return print(null, values(profiles), checkup);
    }
    TaperConfig config = LibraryConfig.load(console, file.get());
    checkup.look("clock", Probes.clock(console.clock().instant()));
    config.check(checkup, ServeHeap.bytes(console));
    profiles.check(checkup);
    List<ExplainedSetting> settings = new ArrayList<>(config.explain());
    settings.addAll(values(profiles));
    return print(config.audience(), settings, checkup);
  }

  private static List<ExplainedSetting> values(Profiles profiles) {
    List<ExplainedSetting> settings = new ArrayList<>();
    for (String name : profiles.names()) {
      profiles
          .profile(name)
          .values()
          .forEach(
              (setting, some) ->
                  some.forEach(
                      value ->
                          settings.add(
                              new ExplainedSetting(
                                  "profiles." + name + "." + setting,
                                  true,
                                  value.text() + " (" + value.where() + ")"))));
    }
    return settings;
  }

  private ExitCode print(
      @Nullable String audience, List<ExplainedSetting> settings, Checkup checkup) {
    if (json.given()) {
      printJson(fields(audience, settings, checkup));
    } else {
      Style style = Style.out(console);
      int longest = NAMES;
      for (ExplainedSetting setting : settings) {
        longest = Math.max(longest, setting.name().length());
      }
      for (ExplainedSetting setting : settings) {
        String name = String.format(Locale.ROOT, "%-" + longest + "s", setting.name());
        print(
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

  private JsonFields fields(
      @Nullable String audience, List<ExplainedSetting> settings, Checkup checkup) {
    return new JsonFields()
        .put("version", 1)
        .put("file", Place.shown(file.get()))
        .putIfPresent("audience", audience)
        .rows("settings", settings, ConfigCheckCommand::fields)
        .putAll(Observations.fields(checkup, console.clock().instant()));
  }

  private static JsonFields fields(ExplainedSetting setting) {
    return new JsonFields()
        .put("name", setting.name())
        .put("given", setting.given())
        .put("text", setting.text());
  }
}
