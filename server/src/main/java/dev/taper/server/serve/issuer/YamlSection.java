package dev.taper.server.serve.issuer;

import dev.taper.Nearest;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Names with values of one YAML file. Who reads a section says first which names there are; others
 * are refused before anything is missed. Every mistake says where it is. For one thread.
 */
final class YamlSection {
  private static final int MAX_CHARS = 256 * 1024;
  private static final int MAX_DEPTH = 16;
  private static final int SHOWN = 80;

  /** What a private key in any of its written forms looks like. */
  private static final Pattern SECRET =
      Pattern.compile("-private/|PRIVATE KEY", Pattern.CASE_INSENSITIVE);

  private final String place;
  private final Map<String, Object> members;
  private final Set<String> known = new LinkedHashSet<>();

  private YamlSection(String place, Map<String, Object> members) {
    this.place = place;
    this.members = members;
  }

  /**
   * Reads a document of texts, lists and names: no aliases, no name twice, no secrets.
   *
   * @param label the file's name in messages
   * @throws OperationException {@code invalid_config}
   */
  static YamlSection read(String label, String text) {
    if (text.length() > MAX_CHARS) {
      throw wrong(label, "it has more than " + MAX_CHARS + " characters", null);
    }
    if (SECRET.matcher(text).find()) {
      throw wrong(label, "a private key is in it: name the file that holds the key", null);
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(label)
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(MAX_CHARS)
            .setSchema(new FailsafeSchema()) // 1.10 is a text, and so is "no"
            .build();
    try {
      requirePlain(label, new Parse(settings).parseString(text));
      return of(label, new Load(settings).loadFromString(text));
    } catch (YamlEngineException e) {
      throw wrong(
          label, "this is no YAML: " + ShownText.of(String.valueOf(e.getMessage()), 400), e);
    }
  }

  /**
   * What loads a document takes one step deeper for each level of it, and knows neither every tag
   * nor an empty document.
   */
  private static void requirePlain(String label, Iterable<Event> events) {
    int depth = 0;
    Event first = null;
    for (Event event : events) {
      if (first == null && event instanceof NodeEvent) {
        first = event;
      }
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        throw wrong(label, "it is nested deeper than " + MAX_DEPTH + " levels", null);
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (tag(event).isPresent()) {
        throw wrong(label, "there are no tags here", null);
      }
    }
    if (!(first instanceof MappingStartEvent)) {
      throw wrong(label, "names with values are expected", null);
    }
  }

  private static Optional<String> tag(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag();
    }
    return event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
  }

  private static YamlSection of(String place, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(place, "names with values are expected", null);
    }
    Map<String, Object> members = new LinkedHashMap<>();
    map.forEach(
        (name, member) -> {
          if (!(name instanceof String text) || member == null) {
            throw wrong(place, "a name or a value is none", null);
          }
          members.put(text, member);
        });
    return new YamlSection(place, members);
  }

  /**
   * Says which names there are, before one is taken.
   *
   * @throws OperationException {@code invalid_config} if there is another one
   */
  YamlSection only(String... names) {
    known.addAll(List.of(names));
    for (String name : members.keySet()) {
      if (!known.contains(name)) {
        throw wrong(
            "there is no setting " + shown(name) + Nearest.hint(name, List.copyOf(known)), null);
      }
    }
    return this;
  }

  private @Nullable Object member(String name) {
    if (!known.contains(name)) {
      throw new IllegalStateException("nobody said that there is " + name);
    }
    return members.get(name);
  }

  /** The names of what there is, whatever they are. */
  Set<String> names() {
    known.addAll(members.keySet());
    return members.keySet();
  }

  /** Takes a value; null if there is none. */
  <T> @Nullable T optional(String name, Function<String, T> reader) {
    Object value = member(name);
    return value == null ? null : read(name, value, reader);
  }

  /** Takes a value, or what holds without. */
  <T> T optional(String name, T otherwise, Function<String, T> reader) {
    T value = optional(name, reader);
    return value == null ? otherwise : value;
  }

  /** Takes a value that must be there. */
  <T> T needed(String name, String why, Function<String, T> reader) {
    T value = optional(name, reader);
    if (value == null) {
      throw wrong(place, name + " is missing: " + why, null);
    }
    return value;
  }

  /** Takes a list of texts; a single one is a list of one. Empty if there is none. */
  <T> List<T> list(String name, Function<String, T> reader) {
    List<T> values = new ArrayList<>();
    for (Object item : items(name)) {
      values.add(read(name, item, reader));
    }
    return values;
  }

  /** Takes a list of groups; empty if there is none. */
  List<YamlSection> sections(String name) {
    List<YamlSection> values = new ArrayList<>();
    for (Object item : items(name)) {
      values.add(of(place + ", " + name + " " + (values.size() + 1), item));
    }
    return values;
  }

  private List<?> items(String name) {
    Object value = member(name);
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  /** Takes a group; an empty one if there is none. */
  YamlSection section(String name) {
    Object value = member(name);
    return of(place + ", " + name, value == null ? Map.of() : value);
  }

  private <T> T read(String name, Object value, Function<String, T> reader) {
    if (!(value instanceof String text)) {
      throw wrong(place, name + " is a text", null);
    }
    try {
      return reader.apply(text);
    } catch (OperationException e) {
      throw e.code().equals("usage") ? wrong(place, name + ": " + e.getMessage(), e) : e;
    } catch (TaperException | IllegalArgumentException e) {
      throw wrong(place, name + ": " + e.getMessage(), e);
    }
  }

  /** What is wrong in this section. */
  OperationException wrong(String what, @Nullable Throwable cause) {
    return wrong(place, what, cause);
  }

  private static OperationException wrong(String where, String what, @Nullable Throwable cause) {
    return new OperationException(Kind.USAGE, "invalid_config", where + ": " + what, cause);
  }

  private static String shown(String name) {
    return ShownText.of(name, SHOWN);
  }
}
