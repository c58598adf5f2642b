package dev.taper.datalog.parser;

import dev.taper.datalog.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Errors for text that is nearly right, with what was probably meant. */
final class Hints {
  private static final List<String> STATEMENTS =
      List.of("check if", "check all", "reject if", "allow if", "deny if");

  private Hints() {}

  /** Something else stands where a term should. */
  static ParseException noTerm(Cursor cursor, String place) {
    int c = cursor.peek();
    String word = cursor.peekName();
    String hint = null;
    if (c == '\'' || c == '`' || c == '“' || c == '”') {
      hint = "strings use double quotes";
    } else if (c == '+') {
      hint = "a number has no leading `+`";
    } else if (c == '(' && !place.equals("a predicate")) {
      hint = place + " holds values, not expressions";
    } else if (isAny(word, "true", "false", "null")) {
      hint = "write `" + word.toLowerCase(Locale.ROOT) + "`";
    } else if (!word.isEmpty()) {
      hint = "strings use double quotes, variables begin with `$`";
    }
    return cursor.unexpected("expected a term", hint);
  }

  /** After a dot, something else stands than the call of a known method. */
  static ParseException noMethodCall(
      Cursor cursor, int start, String name, Iterable<String> known) {
    if (name.isEmpty()) {
      return cursor.unexpected("expected a method's name after `.`", null);
    }
    List<String> methods = new ArrayList<>(List.of("length", "type"));
    known.forEach(methods::add);
    if (!methods.contains(name) && !name.startsWith(Names.EXTERN)) {
      String nearest = Nearest.of(name, methods);
      return cursor.error(
          start,
          "there is no method `" + shortened(name) + "`",
          nearest == null
              ? "external functions are called as `.extern::name(...)`"
              : "did you mean `" + nearest + "`?");
    }
    return cursor.unexpected(
        "expected `(` right after the method's name",
        Characters.isSpace(cursor.peek()) ? "without space" : null);
  }

  /**
   * Rejects what other languages use as an operator. Called where no operator was recognised, which
   * is not an error by itself.
   */
  static void rejectLookalikeOperator(Cursor cursor) {
    if (cursor.at('=') && Infix.at(cursor) == null) {
      String hint =
          cursor.at("=<") ? "write `<=`" : cursor.at("=>") ? "write `>=`" : "compare with `==`";
      throw cursor.error(cursor.position, "`=` is not an operator", hint);
    }
    if (cursor.at('%')) {
      throw cursor.error(cursor.position, "`%` is not an operator", null);
    }
  }

  /** No statement starts here. */
  static ParseException noStatement(Cursor cursor, boolean policies) {
    int start = cursor.position;
    String line = firstWords(cursor);
    for (String keywords : STATEMENTS) {
      if (line.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").startsWith(keywords)) {
        return cursor.error(
            start,
            "expected a statement",
            "`" + keywords + "` has exactly one space between its words");
      }
    }
    String nearest = nearestStatement(line);
    if (nearest != null) {
      return cursor.unexpected("expected a statement", "did you mean `" + nearest + "`?");
    }
    String word = cursor.peekName();
    if (word.isEmpty()) {
      return cursor.unexpected("expected a statement", null);
    }
    cursor.name();
    return cursor.unexpected(
        "expected `(` after the name `" + shortened(word) + "`",
        policies
            ? "a statement is a fact, a rule, a check or a policy"
            : "a statement is a fact, a rule or a check");
  }

  /** A statement does not end where it should. */
  static ParseException noEnd(Cursor cursor, String expected, int end) {
    String word = cursor.peekName();
    String hint = null;
    if (isAny(word, "and")) {
      hint = "conditions are joined by `,`";
    } else if (word.length() > 2 && word.regionMatches(true, 0, "or", 0, 2)) {
      hint = "`or` is a word of its own";
    } else if (cursor.at("&&")) {
      hint = "`&&` joins expressions; predicates are joined by `,`";
    } else if (cursor.at("||")) {
      hint = "`||` joins expressions; predicates are joined by `or`";
    } else if (cursor.at(')')) {
      hint = "this `)` closes nothing";
    } else if (cursor.at(":-")) {
      hint = "a rule's head and body are joined by `<-`";
    } else if (!word.isEmpty() || cursor.atEnd()) {
      hint = null;
    }
    // When the next statement is on another line, what is missing is missing before the line's end.
    boolean onNextLine = cursor.source.substring(end, cursor.position).indexOf('\n') >= 0;
    ParseException found = cursor.unexpected(expected, hint);
    return onNextLine ? cursor.error(end, found.summary(), found.hint()) : found;
  }

  private static boolean isAny(String word, String... candidates) {
    for (String candidate : candidates) {
      if (word.equalsIgnoreCase(candidate)) {
        return true;
      }
    }
    return false;
  }

  private static String shortened(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "…";
  }

  /** The next two words, with whatever separates them. */
  private static String firstWords(Cursor cursor) {
    int start = cursor.position;
    cursor.name();
    cursor.skipSpace();
    cursor.name();
    String words = cursor.source.substring(start, Math.min(cursor.position, start + 40));
    cursor.position = start;
    return words;
  }

  private static @Nullable String nearestStatement(String words) {
    return words.indexOf(' ') < 0 ? null : Nearest.of(words, STATEMENTS);
  }
}
