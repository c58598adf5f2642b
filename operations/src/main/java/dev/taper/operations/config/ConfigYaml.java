package dev.taper.operations.config;

import dev.taper.ShownText;
import dev.taper.operations.OperationException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a configuration in YAML 1.2: one document of names with texts, lists and names. There are
 * no anchors, aliases or tags, and no name comes twice. Everything keeps the line and column where
 * it stands. For one document.
 */
final class ConfigYaml {
  private final String label;
  private final int maxValues;
  private final Deque<Open> open = new ArrayDeque<>();
  private Setting.@Nullable Group document;
  private int values;
  private int documents;

  /** A collection that has not ended, and the name whose value comes next in it. */
  private static final class Open {
    final Setting collection;
    @Nullable String name;
    String at = "";

    Open(Setting collection) {
      this.collection = collection;
    }
  }

  private ConfigYaml(String label, int maxValues) {
    this.label = label;
    this.maxValues = maxValues;
  }

  /**
   * Reads a document.
   *
   * @param label the file's name in messages
   * @throws OperationException {@code invalid_config} with its place
   */
  static Setting.Group read(String label, String text) {
    return read(label, text, Setting.MAX_CHARS, Setting.MAX_VALUES);
  }

  /** Reads a document of other bounds, as {@link #read(String, String)} does. */
  static Setting.Group read(String label, String text, int maxChars, int maxValues) {
    if (text.length() > maxChars) {
      throw Setting.wrong(label, "it has more than " + maxChars + " characters");
    }
    ConfigYaml yaml = new ConfigYaml(label, maxValues);
    LoadSettings settings = LoadSettings.builder().setLabel(label).setUseMarks(true).build();
    try {
      new Parse(settings).parseString(text).forEach(yaml::take);
    } catch (MarkedYamlEngineException e) {
      String problem = ShownText.of(String.valueOf(e.getProblem()), 120);
      throw Setting.wrong(yaml.place(e.getProblemMark()), "this is no YAML: " + problem, e);
    } catch (YamlEngineException e) {
      throw Setting.wrong(label, "this is no YAML", e);
    }
    if (yaml.document == null) {
      throw Setting.wrong(label, "it says nothing: names with values are expected");
    }
    if (Setting.PRIVATE_KEY.matcher(text).find()) {
      throw Setting.wrong(label, "a private key is in it: name the file that holds the key");
    }
    return yaml.document;
  }

  private void take(Event event) {
    String at = place(event.getStartMark());
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw Setting.wrong(at, "there are no anchors and aliases here");
    }
    if (event instanceof DocumentStartEvent && ++documents > 1) {
      throw Setting.wrong(at, "a second document begins here");
    } else if (event instanceof AliasEvent) {
      throw Setting.wrong(at, "there are no anchors and aliases here");
    } else if (event instanceof MappingStartEvent start) {
      refuseTag(start.getTag(), at);
      begin(at, new Setting.Group(valuePlace(at)));
    } else if (event instanceof SequenceStartEvent start) {
      refuseTag(start.getTag(), at);
      begin(at, new Setting.Items(valuePlace(at), new ArrayList<>()));
    } else if (event instanceof CollectionEndEvent) {
      open.pop();
    } else if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), at);
      scalar(at, scalar);
    }
  }

  private void begin(String at, Setting collection) {
    if (open.isEmpty()) {
      if (!(collection instanceof Setting.Group group)) {
        throw Setting.wrong(at, "names with values are expected, not a list");
      }
      document = group;
    } else {
      add(at, collection);
    }
    open.push(new Open(collection));
    if (open.size() > Setting.MAX_DEPTH) {
      throw Setting.wrong(at, "this is nested deeper than " + Setting.MAX_DEPTH + " levels");
    }
  }

  private void scalar(String at, ScalarEvent scalar) {
    Open inner = open.peek();
    String value = scalar.getValue();
    if (inner != null && inner.collection instanceof Setting.Group && inner.name == null) {
      inner.name = new Setting.Text(at, value).value();
      inner.at = at;
      return;
    }
    if (scalar.isPlain() && List.of("", "~", "null", "Null", "NULL").contains(value)) {
      throw Setting.wrong(valuePlace(at), "there is no value");
    }
    if (inner == null) {
      throw Setting.wrong(at, "names with values are expected, not a text");
    }
    add(at, new Setting.Text(valuePlace(at), value));
  }

  private void add(String at, Setting value) {
    if (++values > maxValues) {
      throw Setting.wrong(at, "there are more than " + maxValues + " values");
    }
    Open inner = open.element();
    if (inner.collection instanceof Setting.Items items) {
      items.items().add(value);
      return;
    }
    if (inner.name == null) {
      throw Setting.wrong(at, "a name is expected, not a list or names with values");
    }
    ((Setting.Group) inner.collection).add(inner.at, inner.name, value);
    inner.name = null;
  }

  /** What a name stands for is where the name is. */
  private String valuePlace(String at) {
    Open inner = open.peek();
    return inner == null || inner.name == null ? at : inner.at;
  }

  private static void refuseTag(Optional<String> tag, String at) {
    if (tag.isPresent()) {
      throw Setting.wrong(at, "there are no tags here, such as " + Setting.shown(tag.get()));
    }
  }

  private String place(Optional<Mark> mark) {
    return mark.map(at -> label + ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1))
        .orElse(label);
  }
}
