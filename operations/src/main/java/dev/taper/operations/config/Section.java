package dev.taper.operations.config;

import dev.taper.Nearest;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes the settings of a configuration one by one, or those of a group in it, and refuses what
 * nobody asked for. Every mistake is an {@link OperationException} {@code invalid_config}, which
 * says where it is. For one thread.
 */
public final class Section {
  private final Setting.Group group;
  private final Set<String> known = new LinkedHashSet<>();

  Section(Setting.Group group) {
    this.group = group;
  }

  /**
   * Reads a document in YAML 1.2 of names with texts, lists and names, without anchors, tags,
   * secrets, and names that are there twice.
   *
   * @param label the file's name in messages
   * @param maxChars the most characters
   * @param maxValues the most values
   */
  public static Section read(String label, String text, int maxChars, int maxValues) {
    return new Section(ConfigYaml.read(label, text, maxChars, maxValues));
  }

  /**
   * Says which settings there are, and refuses others before one is missed that is only misspelt.
   *
   * @return this
   */
  public Section only(String... names) {
    expect(names);
    end();
    return this;
  }

  /** Says which members may be there, whatever is wrong with one of them. */
  void expect(String... names) {
    known.addAll(List.of(names));
  }

  /** True if there is a member of that name. */
  boolean has(String name) {
    known.add(name);
    return group.members().containsKey(name);
  }

  /** Where a member stands; where the group does if there is none. */
  String where(String name) {
    Setting member = group.members().get(name);
    return member == null ? group.where() : member.where();
  }

  /** The names of what there is, in the order of the document. */
  public Set<String> names() {
    return Collections.unmodifiableSet(group.members().keySet());
  }

  /** Takes a value that must be there. */
  public <T> T needed(String name, String why, Function<String, T> reader) {
    T value = optional(name, reader);
    if (value == null) {
      throw missing(name, why);
    }
    return value;
  }

  /** Takes a list that must be there; a single value is a list of one. */
  public <T> List<T> neededList(String name, String why, Function<String, T> reader) {
    List<T> values = list(name, reader);
    if (values.isEmpty()) {
      throw missing(name, why);
    }
    return values;
  }

  /** What is missing, and what is perhaps meant by a member that nobody knows. */
  private OperationException missing(String name, String why) {
    List<String> others = new ArrayList<>(group.members().keySet());
    others.removeAll(known);
    String nearest = Nearest.of(name, others);
    return Setting.wrong(
        group.where(),
        name
            + " is missing"
            + (nearest == null
                ? ""
                : ", and there is " + Setting.shown(nearest) + ", which is no setting")
            + ": "
            + why);
  }

  /** Takes a value; null if there is none. */
  public <T> @Nullable T optional(String name, Function<String, T> reader) {
    return has(name) ? value(text(group.members().get(name), name), name, reader) : null;
  }

  /** Takes a value, or what holds without. */
  public <T> T optional(String name, T otherwise, Function<String, T> reader) {
    T value = optional(name, reader);
    return value == null ? otherwise : value;
  }

  /** Takes true or false; false if there is none. */
  boolean flag(String name) {
    return optional(name, false, Section::bool);
  }

  /** Takes a duration, or what holds without. */
  Duration duration(String name, Duration otherwise) {
    return optional(name, otherwise, Times::parseDuration);
  }

  /** Takes a list; a single value is a list of one. Empty if there is none. */
  public <T> List<T> list(String name, Function<String, T> reader) {
    List<T> values = new ArrayList<>();
    for (Setting item : items(name)) {
      values.add(value(text(item, name), name, reader));
    }
    return values;
  }

  /** Takes a list of groups and texts; empty if there is none. */
  List<Setting> items(String name) {
    Setting member = has(name) ? group.members().get(name) : null;
    if (member == null) {
      return List.of();
    }
    List<Setting> items = member instanceof Setting.Items list ? list.items() : List.of(member);
    if (items.isEmpty()) {
      throw Setting.wrong(member.where(), name + " is an empty list: leave it out");
    }
    return items;
  }

  /** True if a member is a group. */
  boolean isGroup(String name) {
    known.add(name);
    return group.members().get(name) instanceof Setting.Group;
  }

  /** Takes a group; null if there is none. */
  public @Nullable Section section(String name) {
    if (!has(name)) {
      return null;
    }
    if (group.members().get(name) instanceof Setting.Group inner) {
      return new Section(inner);
    }
    throw Setting.wrong(where(name), name + " has names with values below it");
  }

  /**
   * Takes a group that has to be there, or the word {@code none}.
   *
   * @param what what the group has, for the message
   * @return null for none
   */
  @Nullable Section sectionOrNone(String name, String what) {
    if (isGroup(name)) {
      return section(name);
    }
    String written = needed(name, what, SettingsReader::text);
    if (SettingsReader.orNone(written) == null) {
      return null;
    }
    throw Setting.wrong(where(name), name + " has " + what);
  }

  /** Takes a list of groups; a single group is a list of one. Empty if there is none. */
  public List<Section> sections(String name) {
    List<Section> sections = new ArrayList<>();
    for (Setting item : items(name)) {
      if (!(item instanceof Setting.Group inner)) {
        throw Setting.wrong(item.where(), name + " has names with values below it");
      }
      sections.add(new Section(inner));
    }
    return sections;
  }

  /**
   * What is wrong with these settings together.
   *
   * @param cause what showed it; null for nothing
   */
  public OperationException wrong(String what, @Nullable Throwable cause) {
    return Setting.wrong(group.where(), what, cause);
  }

  /** Refuses members that nobody asked for, all at once. What there is instead is listed once. */
  void end() {
    List<OperationException> wrong = new ArrayList<>();
    boolean listed = false;
    for (Map.Entry<String, Setting> member : group.members().entrySet()) {
      String name = member.getKey();
      if (!known.contains(name)) {
        boolean near = Nearest.of(name, known) != null;
        String hint = near || !listed ? Nearest.hint(name, known) : "";
        listed |= !near;
        wrong.add(
            Setting.wrong(
                member.getValue().where(), "there is no setting " + Setting.shown(name) + hint));
      }
    }
    Setting.throwAll(wrong);
  }

  /** Reads what an item says, with its place in every mistake. */
  static <T> T value(Setting.Text text, String name, Function<String, T> reader) {
    try {
      return reader.apply(text.value());
    } catch (OperationException e) {
      throw e.code().equals("usage") ? wrong(text, name, e) : e;
    } catch (TaperException | IllegalArgumentException e) {
      throw wrong(text, name, e);
    }
  }

  private static OperationException wrong(Setting.Text text, String name, RuntimeException e) {
    return Setting.wrong(text.where(), name + ": " + e.getMessage(), e);
  }

  private static Setting.Text text(@Nullable Setting setting, String name) {
    if (setting instanceof Setting.Text text) {
      return text;
    }
    throw Setting.wrong(
        setting == null ? name : setting.where(), name + " has one value, not several");
  }

  private static Boolean bool(String text) {
    return oneOf(text, "true", "false").equals("true");
  }

  /** Reads one of two words. */
  static String oneOf(String text, String one, String other) {
    if (!text.equals(one) && !text.equals(other)) {
      throw OperationException.usage("not " + one + " or " + other + ": " + Setting.shown(text));
    }
    return text;
  }
}
