package dev.taper.cli.io;

import dev.taper.operations.config.Profiles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives options the values of a profile. What stands on the command line wins. For one command
 * line.
 */
public final class ProfileDefaults implements IDefaultValueProvider {
  /** What stands between several values of one option; no value of a profile has it. */
  static final String BETWEEN = "\n";

  /** Arguments that are called otherwise than the setting. */
  private static final Map<String, String> OTHERWISE =
      Map.of("--from-audit", "audit", "LOG", "audit");

  /** Of these, one on the command line replaces the other one of the profile. */
  private static final Map<String, Set<String>> INSTEAD =
      Map.of(
          "audit-passphrase-file",
          Set.of("--audit-key", "--audit-passphrase-env"),
          "keys",
          Set.of("-p", "--public-key"),
          "public-key",
          Set.of("--keys"));

  private final Profiles.Profile profile;
  private final List<String> args;
  private final SortedSet<String> given = new TreeSet<>();

  private ProfileDefaults(Profiles.Profile profile, List<String> args) {
    this.profile = profile;
    this.args = List.copyOf(args);
  }

  /**
   * Has options take what a profile says.
   *
   * @param line whose options
   * @param profile the profile
   * @param args the command line
   */
  public static ProfileDefaults of(CommandLine line, Profiles.Profile profile, List<String> args) {
    ProfileDefaults defaults = new ProfileDefaults(profile, args);
    line.setDefaultValueProvider(defaults);
    return defaults;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    String setting = setting(argument);
    List<Profiles.Value> values = profile.values().get(setting);
    if (values == null || isReplaced(setting)) {
      return null;
    }
    given.add(argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel());
    StringJoiner joined = new StringJoiner(BETWEEN);
    values.forEach(value -> joined.add(value.text()));
    return joined.toString();
  }

  /** The setting of a profile that an argument takes its value from; perhaps there is none. */
  public static String setting(ArgSpec argument) {
    String name =
        argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    String otherwise = OTHERWISE.get(name);
    if (otherwise != null) {
      return otherwise;
    }
    return argument instanceof OptionSpec && name.startsWith("--") ? name.substring(2) : "";
  }

  private boolean isReplaced(String setting) {
    for (String option : INSTEAD.getOrDefault(setting, Set.of())) {
      for (String arg : args) {
        if (option.startsWith("--")
            ? arg.equals(option) || arg.startsWith(option + "=")
            : arg.startsWith(option)) {
          return true;
        }
      }
    }
    return false;
  }

  /** What to know of a command line that makes no sense; null if the profile has no part in it. */
  public @Nullable String hint() {
    return given.isEmpty()
        ? null
        : "the profile "
            + profile.name()
            + " gives "
            + String.join(", ", given)
            + "; "
            + ProfileChoice.NO_PROFILE
            + " leaves it out";
  }
}
