package dev.taper.operations.config;

import dev.taper.operations.OperationException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a configuration in properties: names with dots and, for what a list holds, numbers in
 * brackets from 0 on, such as {@code policies[0]}. Nothing comes twice, and no number is left out.
 */
final class ConfigProperties {
  private static final Pattern PART = Pattern.compile("([^.\\[\\]]+)((?:\\[[0-9]{1,4}])?)");
  private static final String COMMENTS = "#!";

  private ConfigProperties() {}

  /**
   * Reads a file's text, whose lines are those of {@link Properties}, in UTF-8.
   *
   * @param label the file's name in messages
   * @throws OperationException {@code invalid_config} with its place
   */
  static Setting.Group read(String label, String text) {
    if (text.length() > Setting.MAX_CHARS) {
      throw Setting.wrong(label, "it has more than " + Setting.MAX_CHARS + " characters");
    }
    Node root = new Node(label);
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      int first = i;
      String line = lines[i].stripLeading();
      if (line.isEmpty() || COMMENTS.indexOf(line.charAt(0)) >= 0) {
        continue;
      }
      StringBuilder whole = new StringBuilder(line);
      while (continues(lines[i]) && i + 1 < lines.length) {
        i++;
        whole.append('\n').append(lines[i]);
      }
      String at = label + ":" + (first + 1);
      parsed(at, whole.toString())
          .forEach((name, value) -> root.add(at, name.toString(), value.toString()));
    }
    return root.group();
  }

  /**
   * Takes names and values that were read elsewhere.
   *
   * @param label what they are called in messages
   * @throws OperationException {@code invalid_config} with the name
   */
  static Setting.Group of(String label, Map<String, String> values) {
    Node root = new Node(label);
    new TreeMap<>(values)
        .forEach((name, value) -> root.add(label + ": " + Setting.shown(name), name, value));
    return root.group();
  }

  private static boolean continues(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }

  private static Properties parsed(String at, String line) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(line));
    } catch (IllegalArgumentException e) {
      throw Setting.wrong(at, "a character is written as \\u and four hex digits", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return one;
  }

  /** What stands under one name so far: a text, or what is inside. */
  private static final class Node {
    private final Setting.Group root;
    private int values;

    Node(String label) {
      this.root = new Setting.Group(label);
    }

    void add(String at, String name, String value) {
      Setting.Text text = new Setting.Text(at, value.strip());
      if (text.value().isEmpty()) {
        throw Setting.wrong(at, "there is no value");
      }
      if (++values > Setting.MAX_VALUES) {
        throw Setting.wrong(at, "there are more than " + Setting.MAX_VALUES + " values");
      }
      List<String> parts = parts(at, name);
      Setting.Group group = root;
      for (String part : parts.subList(0, parts.size() - 1)) {
        Setting inner = group.members().computeIfAbsent(part, p -> new Setting.Group(at));
        if (!(inner instanceof Setting.Group next)) {
          throw Setting.wrong(at, Setting.shown(part) + " has a value already");
        }
        group = next;
      }
      group.add(at, parts.get(parts.size() - 1), text);
    }

    /** The parts of a name; a number in brackets is a part of its own. */
    private static List<String> parts(String at, String name) {
      List<String> parts = new ArrayList<>();
      for (String part : new Setting.Text(at, name).value().split("\\.", -1)) {
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
          throw Setting.wrong(at, "a name has parts between dots, such as budgets.acme");
        }
        parts.add(matcher.group(1));
        if (!matcher.group(2).isEmpty()) {
          parts.add(matcher.group(2));
        }
      }
      if (parts.size() > Setting.MAX_DEPTH) {
        throw Setting.wrong(at, "this is nested deeper than " + Setting.MAX_DEPTH + " levels");
      }
      return parts;
    }

    Setting.Group group() {
      return (Setting.Group) lists(root);
    }

    /** Makes lists of what has numbers as names. */
    private static Setting lists(Setting setting) {
      if (!(setting instanceof Setting.Group group)) {
        return setting;
      }
      Map<String, Setting> members = group.members();
      members.replaceAll((name, value) -> lists(value));
      if (members.keySet().stream().noneMatch(name -> name.startsWith("["))) {
        return group;
      }
      List<Setting> items = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        Setting item = members.get("[" + i + "]");
        if (item == null) {
          throw Setting.wrong(
              group.where(), "a list has the numbers from [0] on, and nothing beside them");
        }
        items.add(item);
      }
      return new Setting.Items(group.where(), items);
    }
  }
}
