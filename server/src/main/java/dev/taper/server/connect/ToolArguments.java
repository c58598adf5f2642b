package dev.taper.server.connect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The arguments of a tool for the model, read strictly: what it does not know it refuses. */
final class ToolArguments {
  private static final int LONGEST = 4096;
  private static final int MOST = 64;
  private static final int SHOWN = 40; // characters of a number

  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

  private final Map<?, ?> members;

  private ToolArguments(Map<?, ?> members) {
    this.members = members;
  }

  /**
   * Takes arguments.
   *
   * @param arguments as they came; null if there were none
   * @param known the names that there may be
   */
  static ToolArguments of(@Nullable Object arguments, List<String> known) throws MistakeException {
    if (arguments == null) {
      return new ToolArguments(Map.of());
    }
    if (!(arguments instanceof Map<?, ?> members)) {
      throw new MistakeException(
          "The arguments have to be one object"
              + (known.isEmpty()
                  ? " without members"
                  : " with members among " + String.join(", ", known))
              + "; they were "
              + kind(arguments)
              + ".");
    }
    for (Object name : members.keySet()) {
      if (!known.contains(String.valueOf(name))) {
        throw new MistakeException(
            "There is no argument of that name; there are: " + String.join(", ", known) + ".");
      }
    }
    return new ToolArguments(members);
  }

  /** A text that must be there. */
  String text(String name) throws MistakeException {
    String text = optional(name);
    if (text == null || text.isBlank()) {
      throw new MistakeException("The argument " + name + " is missing.");
    }
    return text;
  }

  /** What was wanted and what came, so that a model can mend it in one step. */
  private static MistakeException wanted(String name, String what, @Nullable Object value) {
    return new MistakeException(
        "The argument " + name + " has to be " + what + "; it was " + kind(value) + ".");
  }

  private static String kind(@Nullable Object value) {
    if (value instanceof Map) {
      return "an object";
    } else if (value instanceof List) {
      return "a list";
    } else if (value instanceof Boolean || value instanceof Number) {
      String text = value.toString();
      return text.length() > SHOWN ? "a number" : text + " without quotes";
    }
    return value == null ? "null" : "text in quotes";
  }

  /** The number of something in an earlier answer: text, or a whole number as that has it. */
  String id(String name) throws MistakeException {
    Object value = members.get(name);
    if (value instanceof Number) {
      String number = value.toString();
      return WHOLE.matcher(number).matches() ? number : text(name);
    }
    return text(name);
  }

  /** A text; null if it is not there. */
  @Nullable String optional(String name) throws MistakeException {
    Object value = members.get(name);
    return value == null ? null : checked(name, value);
  }

  private static String checked(String name, @Nullable Object value) throws MistakeException {
    if (!(value instanceof String text)) {
      throw wanted(name, "text in quotes", value);
    }
    if (text.length() > LONGEST) {
      throw new MistakeException(
          "The argument " + name + " has more than " + LONGEST + " characters.");
    }
    return text;
  }

  /** Texts, at least one; a single text counts as a list of one. */
  List<String> texts(String name) throws MistakeException {
    Object value = members.get(name);
    List<?> values =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    if (values.isEmpty() || values.size() > MOST) {
      throw new MistakeException(
          "The argument "
              + name
              + " has to be a list of 1 to "
              + MOST
              + " texts; it has "
              + values.size()
              + ".");
    }
    List<String> texts = new ArrayList<>();
    for (Object each : values) {
      texts.add(checked(name, each));
    }
    return texts;
  }

  /** A whole number within bounds. */
  int integer(String name, int otherwise, int least, int most) throws MistakeException {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number) {
      try {
        int given = new BigDecimal(number.toString()).intValueExact();
        if (given >= least && given <= most) {
          return given;
        }
      } catch (ArithmeticException | NumberFormatException e) {
        // It is told below.
      }
    }
    throw wanted(name, "a whole number from " + least + " to " + most, value);
  }

  /** True or false; false if it is not there. */
  boolean flag(String name) throws MistakeException {
    Object value = members.get(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw wanted(name, "true or false without quotes", value);
  }
}
