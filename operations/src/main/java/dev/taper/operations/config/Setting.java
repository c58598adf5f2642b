package dev.taper.operations.config;

import dev.taper.ShownText;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a configuration says somewhere: a text, a list, or names with values. Each has a place. */
sealed interface Setting {
  /** The most characters of a configuration. */
  int MAX_CHARS = 1 << 16;

  /** The most values in one. */
  int MAX_VALUES = 2048;

  /** The deepest nesting. */
  int MAX_DEPTH = 8;

  /** The most mistakes that are told at once. */
  int MAX_MISTAKES = 20;

  /** What a private key in any of its written forms, or the password of an address, looks like. */
  Pattern SECRET =
      Pattern.compile(
          "(?:ed25519|secp256r1)-private/|PRIVATE KEY|[?&](?:ssl)?password=|://[^/?#]*:[^/?#]*@",
          Pattern.CASE_INSENSITIVE);

  /** A private key in any of its written forms, in comments too, where one can speak of one. */
  Pattern PRIVATE_KEY =
      Pattern.compile(
          "(?:ed25519|secp256r1)-private/|BEGIN [A-Z ]*PRIVATE KEY", Pattern.CASE_INSENSITIVE);

  /** Where it stands, for messages: file, line and column, or its whole name. */
  String where();

  /**
   * One value.
   *
   * @param where as {@link #where}
   * @param value as written, without quotes
   */
  record Text(String where, String value) implements Setting {
    public Text {
      if (SECRET.matcher(value).find()) {
        throw wrong(
            where,
            "this is a secret, or has one in it, and a configuration holds none: name the file that"
                + " holds it (passwords of databases: ~/.pgpass), and replace it if others have"
                + " seen it");
      }
    }

    /** Says nothing of the value. */
    @Override
    public String toString() {
      return "Text(" + where + ")";
    }
  }

  /** Several values, in order. */
  record Items(String where, List<Setting> items) implements Setting {}

  /** Names with values, in the order of writing; a group that is being read can still grow. */
  record Group(String where, Map<String, Setting> members) implements Setting {
    Group(String where) {
      this(where, new LinkedHashMap<>());
    }

    /** Adds a member; one of its name must not be there. */
    void add(String at, String name, Setting value) {
      if (members.putIfAbsent(name, value) != null) {
        throw wrong(at, shown(name) + " is there twice");
      }
    }
  }

  /** What is wrong somewhere; the message shows no more than names and short values. */
  static OperationException wrong(String where, String what) {
    return wrong(where, what, null);
  }

  /** What is wrong somewhere, and why. */
  static OperationException wrong(String where, String what, @Nullable Throwable cause) {
    return new OperationException(Kind.USAGE, "invalid_config", where + ": " + what, cause);
  }

  /**
   * Throws what is wrong, if anything is: one mistake as it is, several as one whose message has a
   * line for each.
   */
  static void throwAll(List<OperationException> wrong) {
    if (wrong.size() == 1) {
      throw wrong.get(0);
    } else if (!wrong.isEmpty()) {
      List<String> lines = wrong.stream().map(Throwable::getMessage).distinct().toList();
      String more =
          lines.size() > MAX_MISTAKES ? "\nand " + (lines.size() - MAX_MISTAKES) + " more" : "";
      String told = String.join("\n", lines.subList(0, Math.min(lines.size(), MAX_MISTAKES)));
      throw new OperationException(Kind.USAGE, "invalid_config", told + more, wrong.get(0));
    }
  }

  /** A name or value as messages show it. */
  static String shown(String text) {
    return SECRET.matcher(text).find() ? "..." : ShownText.of(text, 64);
  }
}
