package dev.taper.server;

import dev.taper.operations.config.ProfileChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Which options of which commands take their values from a profile. A setting says what is trusted
 * and where things are kept, never with which key something is let happen; so an option that signs
 * takes nothing from the setting of the same name. For one command line.
 */
final class ProfileDefaults implements IDefaultValueProvider {
  private static final String ROLE = "--role";

  private static final Map<String, String> NAMES =
      Map.of("--names", "names", "--names-key", "names-key");

  /** Options by command, each with its setting. */
  private static final Map<String, Map<String, String>> SETTINGS =
      Map.of(
          "taper console",
          Map.of(
              "--audit", "audit",
              "--audit-key", "audit-key",
              "--audit-public-key", "audit-public-key",
              "--names", "names",
              "--names-key", "names-key",
              "--passphrase-file", "audit-passphrase-file",
              "--registry", "registry",
              "--revocation-public-key", "revocation-key",
              "--revocations", "revocations"),
          "taper serve",
          Map.of(
              "--audit", "audit",
              "--audit-key", "audit-key",
              "--revocation-public-key", "revocation-key",
              "--revocations", "revocations"),
          "taper keeper",
          NAMES,
          "taper keeper run",
          NAMES,
          "taper mcp connect",
          NAMES);

  private final ProfileChoice.Defaults defaults;
  private final List<String> args;

  /**
   * Takes what a profile says.
   *
   * @param args the command line
   */
  ProfileDefaults(ProfileChoice.Defaults defaults, List<String> args) {
    this.defaults = defaults;
    this.args = List.copyOf(args);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String command = option.command().qualifiedName();
    String name = option.longestName();
    if (command.equals("taper console") && name.equals("--root-keys")) {
      String keys = defaults.of("keys", name);
      return keys == null ? defaults.of("public-key", name) : keys;
    }
    String setting = SETTINGS.getOrDefault(command, Map.of()).get(name);
    return setting == null || (command.equals("taper serve") && !isServed(name))
        ? null
        : defaults.of(setting, name);
  }

  /** Of serve, the roles that show a list take where it is; who signs it records that. */
  private boolean isServed(String option) {
    return option.startsWith("--audit")
        ? isGiven("--revocation-key")
        : roles().contains("lists") || roles().contains("console");
  }

  private List<String> roles() {
    List<String> roles = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.startsWith(ROLE + "=")) {
        roles.addAll(List.of(arg.substring(ROLE.length() + 1).split(",", -1)));
      } else if (arg.equals(ROLE) && i + 1 < args.size()) {
        roles.addAll(List.of(args.get(i + 1).split(",", -1)));
      }
    }
    return roles;
  }

  private boolean isGiven(String option) {
    return args.stream().anyMatch(arg -> arg.equals(option) || arg.startsWith(option + "="));
  }
}
