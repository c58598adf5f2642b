package dev.taper.operations.config;

import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
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

  /** The option before the command that names the configuration with the profiles. */
  public static final String CONFIG = "--config";

  private static final String PROFILE_VARIABLE = "TAPER_PROFILE";
  private static final String CONFIG_VARIABLE = "TAPER_CONFIG";

  /**
   * Chooses by a command line that is not parsed yet, for the profile gives defaults.
   *
   * @param args the command line
   * @param environment its variables
   * @param here where relative paths start
   * @throws OperationException {@code usage} if a profile is wanted and none, too
   */
  public static ProfileChoice ofLine(
      List<String> args, Map<String, String> environment, Workplace here) {
    String config = null;
    String profile = null;
    boolean none = false;
    boolean before = true; // a command can have an option --config of its own
    for (int i = 0; i < args.size() && !args.get(i).equals("--"); i++) {
      String arg = args.get(i);
      String next = i + 1 < args.size() ? args.get(i + 1) : null;
      if (arg.equals(NO_PROFILE)) {
        none = true;
      } else if (arg.startsWith(PROFILE + "=")) {
        profile = arg.substring(PROFILE.length() + 1);
      } else if (arg.equals(PROFILE) && next != null) {
        profile = next;
        i++;
      } else if (before && arg.startsWith(CONFIG + "=")) {
        config = arg.substring(CONFIG.length() + 1);
      } else if (before && arg.equals(CONFIG) && next != null) {
        config = next;
        i++;
      } else if (!arg.startsWith("-")) {
        before = false;
      }
    }
    return of(config, profile, none, environment, here);
  }

  /**
   * Chooses: what options say, else the environment, else no profile, and the file at its usual
   * place.
   *
   * @param config what the option says, or null
   * @param profile what the option says, or null
   * @param none whether no profile is wanted
   * @param environment its variables
   * @param here where relative paths start
   * @throws OperationException {@code usage} if a profile is wanted and none, too
   */
  public static ProfileChoice of(
      @Nullable String config,
      @Nullable String profile,
      boolean none,
      Map<String, String> environment,
      Workplace here) {
    if (none && profile != null) {
      throw OperationException.usage(PROFILE + " and " + NO_PROFILE + " exclude each other");
    }
    String variable = environment.getOrDefault(CONFIG_VARIABLE, "");
    Path file = usualPlace(environment);
    String fileFrom = "its usual place";
    if (config != null) {
      fileFrom = CONFIG;
      file = here.resolve(config);
    } else if (!variable.isEmpty()) {
      fileFrom = "$" + CONFIG_VARIABLE;
      file = here.resolve(variable);
    }
    if (none) {
      return new ProfileChoice(file, fileFrom, null, NO_PROFILE);
    } else if (profile != null) {
      return new ProfileChoice(file, fileFrom, profile, PROFILE);
    }
    String named = environment.getOrDefault(PROFILE_VARIABLE, "");
    return named.isEmpty()
        ? new ProfileChoice(file, fileFrom, null, "nothing names one")
        : new ProfileChoice(file, fileFrom, named, "$" + PROFILE_VARIABLE);
  }

  /** Where the configuration of a person stands: as other programs have it. */
  private static Path usualPlace(Map<String, String> environment) {
    String base = environment.getOrDefault("XDG_CONFIG_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    Path folder =
        Path.of(base).isAbsolute()
            ? Path.of(base)
            : Path.of(home.isEmpty() ? System.getProperty("user.home") : home).resolve(".config");
    return folder.resolve("taper").resolve("config.yaml");
  }

  /**
   * Reads the profile; null if none is chosen, and then no file is looked at.
   *
   * @throws OperationException as {@link Profiles#load} and {@link Profiles#profile}
   */
  public Profiles.@Nullable Profile read() {
    return profile == null ? null : Profiles.load(file).profile(profile);
  }

  /** What options take from a profile; what stands on the command line wins. Not thread-safe. */
  public static final class Defaults {
    /** What stands between several values of one option; no value of a profile has it. */
    public static final String BETWEEN = "\n";

    /** Of these, one on the command line replaces the other one of the profile. */
    private static final Map<String, Set<String>> INSTEAD =
        Map.of(
            "audit-passphrase-file",
            Set.of("--audit-key", "--audit-passphrase-env"),
            "keys",
            Set.of("-p", "--public-key"),
            "public-key",
            Set.of("--keys"),
            "registry",
            Set.of("--relay"));

    private final Profiles.Profile profile;
    private final List<String> args;
    private final SortedSet<String> given = new TreeSet<>();

    /**
     * Gives what a profile says.
     *
     * @param args the command line
     */
    public Defaults(Profiles.Profile profile, List<String> args) {
      this.profile = profile;
      this.args = List.copyOf(args);
    }

    /**
     * The values of a setting, with {@link #BETWEEN} between several; null if there are none, or
     * the command line has something in their place.
     *
     * @param option what takes them, as a hint calls it
     */
    public @Nullable String of(String setting, String option) {
      List<Profiles.Value> values = profile.values().get(setting);
      if (values == null || isReplaced(setting)) {
        return null;
      }
      given.add(option);
      StringJoiner joined = new StringJoiner(BETWEEN);
      values.forEach(value -> joined.add(value.text()));
      return joined.toString();
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

    /**
     * What to know of a command line that makes no sense; null if the profile has no part in it.
     */
    public @Nullable String hint() {
      return given.isEmpty()
          ? null
          : "the profile "
              + profile.name()
              + " gives "
              + String.join(", ", given)
              + "; "
              + NO_PROFILE
              + " leaves it out";
    }
  }
}
