package dev.taper.policies.cases;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one document of YAML 1.2 that is a finite tree of plain values. Its depth, and the number
 * of its values with all aliases written out, are bounded before the library recurses over it.
 * Every error says where it is.
 */
final class PlainYaml {
  /** The longest text, in characters. */
  static final int MAX_CHARS = 1 << 20;

  /** The deepest nesting. */
  static final int MAX_DEPTH = 32;

  /** The most values, each alias counted as all that it stands for. */
  static final int MAX_VALUES = 100_000;

  /** The most characters of a number, because many digits take long to read. */
  private static final int MAX_NUMBER = 64;

  private final String label;
  private final Map<Anchor, Integer> sizes = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private int values;

  /** A collection that has not ended yet, and how many values came before it. */
  private record Open(@Nullable Anchor anchor, int before) {}

  private PlainYaml(String label) {
    this.label = label;
  }

  /**
   * Reads a document.
   *
   * @param label its name in messages
   * @param text its text
   * @return maps, lists, strings, numbers, booleans and null
   * @throws TaperException {@link ErrorCode#INVALID_POLICY_CASE}
   */
  static @Nullable Object read(String label, String text) {
    if (text.length() > MAX_CHARS) {
      throw wrong(label, "the file has more than " + MAX_CHARS + " characters");
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel(label).setAllowDuplicateKeys(false).build();
    try {
      PlainYaml yaml = new PlainYaml(label);
      new Parse(settings).parseString(text).forEach(yaml::check);
      return new Load(settings).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new TaperException(ErrorCode.INVALID_POLICY_CASE, label + ": " + e.getMessage(), e);
    }
  }

  private void check(Event event) {
    if (event instanceof CollectionStartEvent start) {
      refuseTag(start.getTag(), event);
      count(1, event);
      open.push(new Open(start.getAnchor().orElse(null), values - 1));
      if (open.size() > MAX_DEPTH) {
        throw wrong(event, "this is nested deeper than " + MAX_DEPTH + " levels");
      }
    } else if (event instanceof CollectionEndEvent) {
      Open ended = open.pop();
      if (ended.anchor != null) {
        sizes.put(ended.anchor, values - ended.before);
      }
    } else if (event instanceof AliasEvent alias) {
      Anchor anchor = alias.getAlias();
      if (open.stream().anyMatch(outer -> anchor.equals(outer.anchor))) {
        throw wrong(event, "the alias *" + anchor + " stands inside what it stands for");
      }
      count(sizes.getOrDefault(anchor, 1), event); // of one that is unknown, the library says so
    } else if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), event);
      count(1, event);
      scalar.getAnchor().ifPresent(anchor -> sizes.put(anchor, 1));
      if (scalar.isPlain() && isLongNumber(scalar.getValue())) {
        throw wrong(event, "this number has more than " + MAX_NUMBER + " characters");
      }
    }
  }

  /** Refuses tags: a value is what it looks like, and a tag could ask for another type. */
  private void refuseTag(Optional<String> tag, Event event) {
    if (tag.isPresent()) {
      throw wrong(event, "there are no tags here, such as " + tag.get());
    }
  }

  private void count(int more, Event event) {
    values += more;
    if (values > MAX_VALUES) {
      throw wrong(
          event, "with its aliases written out, this has more than " + MAX_VALUES + " values");
    }
  }

  private static boolean isLongNumber(String text) {
    return text.length() > MAX_NUMBER
        && text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0);
  }

  private TaperException wrong(Event event, String what) {
    Optional<Mark> mark = event.getStartMark();
    String place = mark.map(at -> (at.getLine() + 1) + ":" + (at.getColumn() + 1)).orElse("");
    return wrong(label + ":" + place, what);
  }

  private static TaperException wrong(String place, String what) {
    return new TaperException(ErrorCode.INVALID_POLICY_CASE, place + ": " + what);
  }
}
