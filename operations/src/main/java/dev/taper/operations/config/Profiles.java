package dev.taper.operations.config;

import dev.taper.Nearest;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.doctor.Checkup;
import dev.taper.operations.doctor.Probes;
import dev.taper.operations.key.KeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Profiles of a configuration: values for options of the command line, so that nobody types them
 * again and again. A setting is called as its option, without hyphens in front. There are only such
 * that say what is trusted and where things are kept; none turns anything off, and none is a key
 * that grants or approves. Relative paths start from the file's folder. Immutable and thread-safe.
 */
public final class Profiles {
  /** Settings whose value is a file, or a key of a keeper. */
  private static final Set<String> FILES =
      Set.of("audit-key", "audit-passphrase-file", "keys", "names", "revocation-memory");

  /** Settings whose value is a public key's text, or a file. */
  private static final Set<String> KEYS =
      Set.of("audit-public-key", "names-key", "public-key", "revocation-key");

  /** Settings whose value is a file, a database or an address on the web. */
  private static final Set<String> PLACES = Set.of("audit", "registry", "revocations");

  /** Settings that can have several values. */
  private static final Set<String> LISTS =
      Set.of("audit-public-key", "names-key", "revocation-key");

  private static final String SECTION = "profiles";

  /** Settings whose file the first use makes. */
  private static final Set<String> MADE =
      Set.of("audit", "registry", "revocation-memory", "revocations");

  private final Path folder;
  private final Setting.Group group;
  private final boolean alone;

  private Profiles(Path folder, Setting.Group group, boolean alone) {
    this.folder = folder;
    this.group = group;
    this.alone = alone;
  }

  /**
   * One value of a profile.
   *
   * @param text what the option is given; paths are absolute
   * @param where the file, line and column that it comes from
   */
  public record Value(String text, String where) {}

  /**
   * A profile.
   *
   * @param name its name
   * @param values what it says, by the names of options without hyphens in front
   */
  public record Profile(String name, SortedMap<String, List<Value>> values) {
    /** Keeps a copy that nobody changes. */
    public Profile {
      SortedMap<String, List<Value>> copy = new TreeMap<>();
      values.forEach((setting, some) -> copy.put(setting, List.copyOf(some)));
      values = Collections.unmodifiableSortedMap(copy);
    }
  }

  /** The names of all settings that a profile can have. */
  public static SortedSet<String> settings() {
    SortedSet<String> all = new TreeSet<>(FILES);
    all.addAll(KEYS);
    all.addAll(PLACES);
    return all;
  }

  /**
   * Reads the profiles of a file. It may be a service's whole configuration, or have nothing but
   * profiles.
   *
   * @param file its path
   * @throws OperationException {@code invalid_config} with the place of what is wrong, {@code
   *     config_exposed} if somebody else than its owner can change the file, {@code io} if it
   *     cannot be read
   */
  public static Profiles load(Path file) {
    TaperConfig.Located at = TaperConfig.Located.of(file);
    String text = ConfigFiles.text(at.file(), file.toString());
    TaperConfig.requireOwn(at.file());
    return parse(at.label(), text, at.folder());
  }

  /**
   * Reads the profiles of a file's text.
   *
   * @param label the file's name, whose end says what it is; also its name in messages
   * @param folder where relative paths start
   * @throws OperationException {@code invalid_config} with the place of what is wrong
   */
  static Profiles parse(String label, String text, Path folder) {
    Setting.Group group = TaperConfig.parse(label, text);
    boolean alone = group.members().keySet().equals(Set.of(SECTION));
    if (alone) {
      read(new Section(group));
    } else {
      Settings unused = SettingsReader.read(group);
    }
    Setting.Group profiles =
        group.members().get(SECTION) instanceof Setting.Group given
            ? given
            : new Setting.Group(group.where());
    return new Profiles(folder, profiles, alone);
  }

  /**
   * Looks at what stands in a section of profiles, and gives their names.
   *
   * @throws OperationException {@code invalid_config} with the places of what is wrong
   */
  static SortedSet<String> read(Section top) {
    SortedSet<String> names = new TreeSet<>();
    Section section = top.section(SECTION);
    if (section == null) {
      return names;
    }
    List<OperationException> wrong = new ArrayList<>();
    for (String name : section.names()) {
      try {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
          throw Setting.wrong(
              section.where(name),
              "a profile's name has small letters, digits and hyphens, not " + Setting.shown(name));
        }
        Section one = section.section(name);
        if (one != null) {
          SortedMap<String, List<Value>> unused = values(one, Path.of(""));
          names.add(name);
        }
      } catch (OperationException e) {
        wrong.add(e);
      }
    }
    Setting.throwAll(wrong);
    return names;
  }

  /** True if the file has profiles and nothing else, so that it configures no service. */
  public boolean areAll() {
    return alone;
  }

  /**
   * Looks whether the files are there that the profiles name. It reads and changes none.
   *
   * @param checkup takes what is found
   */
  public void check(Checkup checkup) {
    for (String name : names()) {
      profile(name)
          .values()
          .forEach(
              (setting, some) ->
                  some.forEach(
                      value ->
                          checkup.look(
                              name + " " + setting, report -> look(setting, value, report))));
    }
  }

  private static void look(String setting, Value value, Checkup.Report report) {
    String text = value.text();
    boolean isDatabase = text.startsWith(Place.SQLITE);
    String file = isDatabase ? text.substring(Place.SQLITE.length()) : text;
    boolean isFile = Place.of(file) instanceof Place.File && !file.startsWith("keeper:");
    if (!isFile || (KEYS.contains(setting) && KeyFile.isPublicText(text))) {
      report.right(Place.of(text).shown());
    } else if (Files.exists(Path.of(file))) {
      report.right(file);
    } else if (MADE.contains(setting)) {
      report.doubtful(
          Probes.MISSING,
          isDatabase ? Probes.NO_DATABASE : file + " is not there yet; the first use makes it");
    } else {
      report.wrong("io", value.where() + ": there is no file " + file);
    }
  }

  /** The names of all profiles. */
  public SortedSet<String> names() {
    return new TreeSet<>(group.members().keySet());
  }

  /**
   * A profile.
   *
   * @throws OperationException {@code unknown_profile} if there is none of that name
   */
  public Profile profile(String name) {
    if (group.members().get(name) instanceof Setting.Group one) {
      return new Profile(name, values(new Section(one), folder));
    }
    String nearest = Nearest.of(name, names());
    throw new OperationException(
        OperationException.Kind.USAGE,
        "unknown_profile",
        group.where()
            + ": there is no profile "
            + Setting.shown(name)
            + (nearest == null ? "" : "; did you mean " + nearest + "?"),
        null);
  }

  private static SortedMap<String, List<Value>> values(Section section, Path folder) {
    SortedMap<String, List<Value>> values = new TreeMap<>();
    List<OperationException> wrong = new ArrayList<>();
    for (String name : settings()) {
      try {
        List<Value> some = new ArrayList<>();
        for (Setting item : section.items(name)) {
          some.add(value(item, name, folder));
        }
        if (some.size() > 1 && !LISTS.contains(name)) {
          throw Setting.wrong(section.where(name), name + " has one value, not several");
        }
        if (!some.isEmpty()) {
          values.put(name, some);
        }
      } catch (OperationException e) {
        wrong.add(e);
      }
    }
    if (values.containsKey("keys") && values.containsKey("public-key")) {
      wrong.add(
          Setting.wrong(section.where("public-key"), "keys and public-key exclude each other"));
    }
    try {
      section.end();
    } catch (OperationException e) {
      wrong.add(e);
    }
    Setting.throwAll(wrong);
    return values;
  }

  private static Value value(@Nullable Setting item, String name, Path folder) {
    if (!(item instanceof Setting.Text text)) {
      throw Setting.wrong(item == null ? name : item.where(), name + " has one value, not several");
    }
    if (text.value().isBlank() || text.value().equals("-") || text.value().indexOf('\n') >= 0) {
      throw Setting.wrong(text.where(), name + ": a file, key or place is expected");
    }
    return new Value(resolved(name, text.value(), folder), text.where());
  }

  private static String resolved(String name, String value, Path folder) {
    if (KEYS.contains(name)) {
      return KeyFile.isPublicText(value) ? value : folder.resolve(value).toString();
    } else if (FILES.contains(name)) {
      return value.startsWith("keeper:") ? value : folder.resolve(value).toString();
    } else if (value.startsWith(Place.SQLITE)) {
      return Place.SQLITE + folder.resolve(value.substring(Place.SQLITE.length()));
    }
    return Place.of(value) instanceof Place.File ? folder.resolve(value).toString() : value;
  }
}
