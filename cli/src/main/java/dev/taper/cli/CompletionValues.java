package dev.taper.cli;

import dev.taper.TaperException;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.config.ProfileChoice;
import dev.taper.operations.config.Profiles;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.policies.Policies;
import dev.taper.store.registry.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a value can be, for the completion of shells: from the file of names, the registry, the
 * profiles or the keeper that the command line names so far. What cannot be found out is no
 * candidate and no error.
 */
final class CompletionValues {
  /** What can be asked for. */
  enum Kind {
    /** Names of agents, approvers and groups. */
    NAME,
    /** Tasks of living delegations. */
    TASK,
    /** What can be revoked, of the kind that the command line names: agents, delegators, tasks. */
    WHAT,
    /** Profiles of the configuration. */
    PROFILE,
    /** Keys of the keeper. */
    KEY,
    /** Policies of the library. */
    POLICY
  }

  /**
   * What a candidate looks like. Shells insert it as it is, and whoever wrote the file or database
   * must not get commands into somebody's command line.
   */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:@._/+-]{0,127}");

  private static final int MOST = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Console console;
  private final List<String> words;

  /**
   * Looks at what a command line has so far.
   *
   * @param words its words, without the program's name
   */
  CompletionValues(Console console, List<String> words) {
    this.console = console;
    this.words = words;
  }

  /** The candidates, a line each. */
  List<String> of(Kind kind) {
    Set<String> found = new TreeSet<>();
    try {
      switch (kind) {
        case NAME -> names(found);
        case TASK -> living(Registry.Order.TASK, found);
        case WHAT -> revocable(found);
        case PROFILE -> found.addAll(Profiles.load(choice().file()).names());
        case KEY -> keys(found);
        case POLICY -> found.addAll(Policies.names());
      }
    } catch (OperationException | TaperException | CliException e) {
      // Whoever types is told when the command runs.
    }
    return found.stream().filter(HARMLESS.asMatchPredicate()).limit(MOST).toList();
  }

  private ProfileChoice choice() {
    return TaperCommand.choice(console, words);
  }

  private void names(Set<String> found) {
    String file = value("names");
    if (file != null) {
      NamesFile names = NamesFile.load(console.resolve(file));
      found.addAll(names.agents().keySet());
      found.addAll(names.approvers().keySet());
      found.addAll(names.groups().keySet());
    }
  }

  /** What living delegations have there; of a registry with more, what most of them have. */
  private void living(Registry.Order by, Set<String> found) {
    String address = value("registry");
    if (address != null) {
      new RegistryAccess(console.workplace(), Place.database(address))
          .ask(registry -> registry.groups(by, MOST))
          .forEach(group -> found.add(group.name()));
    }
  }

  /** Of the kinds of things that are keys or files, shells complete files. */
  private void revocable(Set<String> found) {
    for (String word : words) {
      switch (word) {
        case "agent" -> {
          String file = value("names");
          if (file != null) {
            found.addAll(NamesFile.load(console.resolve(file)).agents().keySet());
          }
          living(Registry.Order.HOLDER, found);
          return;
        }
        case "delegator" -> {
          living(Registry.Order.DELEGATOR, found);
          return;
        }
        case "task" -> {
          living(Registry.Order.TASK, found);
          return;
        }
        default -> {}
      }
    }
  }

  private void keys(Set<String> found) {
    Path socket = KeeperClient.socket(console.env(), Path.of(System.getProperty("user.home")));
    KeeperClient.at(socket)
        .patience(PATIENCE)
        .keys()
        .forEach(key -> found.add("keeper:" + key.name()));
  }

  /** What an option is given so far, or else by the profile; null if it is not. */
  private @Nullable String value(String setting) {
    String option = "--" + setting;
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith(option + "=")) {
        return words.get(i).substring(option.length() + 1);
      } else if (words.get(i).equals(option) && i + 1 < words.size()) {
        return words.get(i + 1);
      }
    }
    Profiles.Profile profile = choice().read();
    List<Profiles.Value> values = profile == null ? null : profile.values().get(setting);
    return values == null ? null : values.get(0).text();
  }

  /**
   * What can be asked for by its word.
   *
   * @throws CliException if there is no such kind
   */
  static Kind kind(String word) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    throw CliException.usage("there are no values of the kind " + word);
  }
}
