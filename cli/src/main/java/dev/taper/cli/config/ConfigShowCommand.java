package dev.taper.cli.config;

import dev.taper.JsonFields;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.operations.config.ProfileChoice;
import dev.taper.operations.config.Profiles;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/** {@code taper config show}. */
final class ConfigShowCommand extends JsonCommand {
  /** What else a command takes from the environment; the values are secrets. */
  private static final List<String> VARIABLES = List.of("TAPER_PRIVATE_KEY", "TAPER_TOKEN");

  ConfigShowCommand(Console console) {
    super(
        console,
        "show",
        "Show which profile gives options their values, and where each value comes from.",
        "An option on the command line wins. The file is the one of taper --config FILE config show,"
            + " else of the variable TAPER_CONFIG, else ~/.config/taper/config.yaml; the profile is"
            + " the one of --profile, else of the variable TAPER_PROFILE, else none.");
  }

  @Override
  protected ExitCode run() {
    ProfileChoice choice =
        ProfileChoice.of(
            option(ProfileChoice.CONFIG),
            option(ProfileChoice.PROFILE),
            Boolean.TRUE.equals(value(ProfileChoice.NO_PROFILE)),
            console.env(),
            console.workplace());
    boolean there = Files.exists(choice.file());
    SortedSet<String> names =
        there || choice.profile() != null ? Profiles.load(choice.file()).names() : new TreeSet<>();
    Profiles.Profile profile = choice.read();
    SortedMap<String, List<Profiles.Value>> values =
        profile == null ? new TreeMap<>() : profile.values();
    return answer(
        () -> fields(choice, there, names, values), () -> print(choice, there, names, values));
  }

  private @Nullable Object value(String name) {
    OptionSpec option = spec().root().findOption(name);
    return option == null ? null : option.getValue();
  }

  private @Nullable String option(String name) {
    Object value = value(name);
    return value == null ? null : value.toString();
  }

  private void print(
      ProfileChoice choice,
      boolean there,
      SortedSet<String> names,
      SortedMap<String, List<Profiles.Value>> values) {
    Style style = Style.out(console);
    line("file", choice.file() + (there ? "" : ", which is not there"), choice.fileFrom());
    line("profiles", names.isEmpty() ? "none" : String.join(", ", names), "the file");
    line("profile", choice.profile() == null ? "none" : choice.profile(), choice.profileFrom());
    values.forEach(
        (setting, some) ->
            some.forEach(value -> line("--" + setting, value.text(), value.where())));
    for (String variable : VARIABLES) {
      if (console.variable(variable) != null) {
        line("$" + variable, style.dim("not shown"), "the environment");
      }
    }
  }

  private void line(String name, String value, String from) {
    print(
        Style.out(console).bold(String.format(Locale.ROOT, "%-20s", name))
            + SafeText.line(value)
            + "  ("
            + SafeText.line(from)
            + ")");
  }

  private JsonFields fields(
      ProfileChoice choice,
      boolean there,
      SortedSet<String> names,
      SortedMap<String, List<Profiles.Value>> values) {
    List<JsonFields> rows = new ArrayList<>();
    values.forEach(
        (setting, some) ->
            some.forEach(
                value ->
                    rows.add(
                        new JsonFields()
                            .put("option", "--" + setting)
                            .put("value", value.text())
                            .put("from", value.where()))));
    return new JsonFields()
        .put("file", choice.file())
        .put("file_from", choice.fileFrom())
        .put("there", there)
        .put("profiles", names)
        .putIfPresent("profile", choice.profile())
        .put("profile_from", choice.profileFrom())
        .put("values", rows)
        .put(
            "variables",
            VARIABLES.stream().filter(name -> console.variable(name) != null).toList());
  }
}
