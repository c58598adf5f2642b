package dev.taper.cli.io;

import dev.taper.operations.config.ProfileChoice;
import dev.taper.operations.config.Profiles;
import java.util.List;
import java.util.Map;
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
  /** Arguments that are called otherwise than the setting. */
  private static final Map<String, String> OTHERWISE =
      Map.of("--from-audit", "audit", "LOG", "audit");

  private final ProfileChoice.Defaults defaults;

  private ProfileDefaults(ProfileChoice.Defaults defaults) {
    this.defaults = defaults;
  }

  /**
   * Has options take what a profile says.
   *
   * @param line whose options
   * @param profile the profile
   * @param args the command line
   * @return what was taken, once the line is parsed
   */
  public static ProfileChoice.Defaults of(
      CommandLine line, Profiles.Profile profile, List<String> args) {
    ProfileChoice.Defaults defaults = new ProfileChoice.Defaults(profile, args);
    line.setDefaultValueProvider(new ProfileDefaults(defaults));
    return defaults;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return defaults.of(setting(argument), name(argument));
  }

  /** The setting of a profile that an argument takes its value from; perhaps there is none. */
  public static String setting(ArgSpec argument) {
    String name = name(argument);
    String otherwise = OTHERWISE.get(name);
    if (otherwise != null) {
      return otherwise;
    }
    return argument instanceof OptionSpec && name.startsWith("--") ? name.substring(2) : "";
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
