package dev.taper.cli.io;

import dev.taper.operations.config.Profiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which profile gives options their values, and from which file.
 *
 * @param file the configuration that has the profiles
 * @param fileFrom how it was found
 * @param profile the name of the profile, or null for none
 * @param profileFrom how it was chosen
 */
public record ProfileChoice(
    Path file, String fileFrom, @Nullable String profile, String profileFrom) {
  /** The option that names a profile. */
  public static final String PROFILE = "--profile";

  /** The option that leaves out the profile that the environment names. */
  public static final String NO_PROFILE = "--no-profile";

  /** The option that names the configuration with the profiles. */
  public static final String CONFIG = "--config";

  private static final String PROFILE_VARIABLE = "TAPER_PROFILE";
  private static final String CONFIG_VARIABLE = "TAPER_CONFIG";

  /**
   * Chooses: what the command line says, else the environment, else no profile, and the file at its
   * usual place.
   *
   * @param config what the option says, or null
   * @param profile what the option says, or null
   * @param none whether no profile is wanted
   * @throws CliException if one is wanted and none, too
   */
  public static ProfileChoice of(
      Console console, @Nullable String config, @Nullable String profile, boolean none) {
    if (none && profile != null) {
      throw CliException.usage(PROFILE + " and " + NO_PROFILE + " exclude each other");
    }
    String fileFrom = "its usual place";
    Path file = usualPlace(console);
    String variable = console.variable(CONFIG_VARIABLE);
    if (config != null) {
      fileFrom = CONFIG;
      file = console.resolve(config);
    } else if (variable != null) {
      fileFrom = "$" + CONFIG_VARIABLE;
      file = console.resolve(variable);
    }
    if (none) {
      return new ProfileChoice(file, fileFrom, null, NO_PROFILE);
    } else if (profile != null) {
      return new ProfileChoice(file, fileFrom, profile, PROFILE);
    }
    String named = console.variable(PROFILE_VARIABLE);
    return new ProfileChoice(
        file, fileFrom, named, named == null ? "nothing names one" : "$" + PROFILE_VARIABLE);
  }

  /** Where the configuration of a person stands: as other programs have it. */
  private static Path usualPlace(Console console) {
    String base = console.variable("XDG_CONFIG_HOME");
    String home = console.variable("HOME");
    Path folder =
        base != null && Path.of(base).isAbsolute()
            ? Path.of(base)
            : Path.of(home == null ? System.getProperty("user.home") : home).resolve(".config");
    return folder.resolve("taper").resolve("config.yaml");
  }

  /**
   * Reads the profile; null if none is chosen, and then no file is looked at.
   *
   * @throws dev.taper.operations.OperationException if there is no such profile, or the file cannot
   *     be read, makes no sense or can be changed by others
   */
  public Profiles.@Nullable Profile read() {
    return profile == null ? null : Profiles.load(file).profile(profile);
  }
}
