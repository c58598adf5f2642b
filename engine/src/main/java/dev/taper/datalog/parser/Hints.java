package dev.taper.datalog.parser;

import dev.taper.Nearest;
import dev.taper.datalog.Predicate.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes errors for text that is nearly right, with hints at what was probably meant. */
final class Hints {
  private static final List<String> STATEMENTS =
      List.of("check if", "check all", "reject if", "allow if", "deny if");

  private Hints() {}

  /** Makes an error: something else stands where a term should. */
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
    } else if (word.equals("trusting")) {
      hint = "no comma stands before `trusting`";
    } else if (isAny(word, "true", "false", "null")) {
      hint = "write `" + word.toLowerCase(Locale.ROOT) + "`";
    } else if (!word.isEmpty()) {
      hint = "strings use double quotes, variables begin with `$`";
    }
    return cursor.unexpected("expected a term", hint);
  }

  /** Makes an error: something other than the call of a known method follows a dot. */
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
        Characters.isSpace(cursor.peek()) ? "without space" : "a call needs its parentheses");
  }

  /**
   * Rejects operators of other languages. It is called where no operator was recognised, which is
   * not an error by itself.
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

  /** Makes an error: no statement, or none of the expected kind, starts here. */
  static ParseException noStatement(Cursor cursor, String expected) {
    String words = firstWords(cursor);
    String hint = null;
    if (STATEMENTS.contains(words)) {
      hint =
          cursor.atIgnoringCase(words)
              ? null
              : "`" + words + "` has exactly one space between its words";
    } else if (cursor.at('#')) {
      hint = "comments begin with `//`";
    } else if (!words.isBlank()) {
      String nearest = Nearest.of(words, STATEMENTS);
      if (nearest == null) {
        nearest = Nearest.of(cursor.peekName(), STATEMENTS);
      }
      if (nearest != null) {
        hint = "did you mean `" + nearest + "`?";
      } else if (expected.startsWith("a fact")) {
        hint = "a fact or rule begins with a name and `(`";
      }
    }
    return cursor.unexpected("expected " + expected, hint);
  }

  /** Makes an error: a term of a predicate does not end where it should. */
  static ParseException noEndOfTerm(Cursor cursor) {
    String hint = null;
    if (cursor.at('-') && Characters.isDigit(cursor.peek(1))) {
      hint = Dates.LOOKS;
    } else if (Infix.at(cursor) != null || cursor.at('.')) {
      hint = "a predicate holds terms; an expression is a condition of its own";
    }
    return cursor.unexpected("expected `,` or `)` after the term", hint);
  }

  /**
   * Makes an error: a statement does not end where it should.
   *
   * @param end where the last thing that was read ends
   */
  static ParseException noEnd(Cursor cursor, String expected, int end) {
    // If the next statement is on another line, something is missing on this line.
    if (cursor.source.substring(end, cursor.position).indexOf('\n') >= 0) {
      return cursor.error(end, expected + " at the end of the line", null);
    }
    String word = cursor.peekName();
    String hint = null;
    if (isAny(word, "and")) {
      hint = "conditions are joined by `,`";
    } else if (word.regionMatches(true, 0, "or", 0, 2)) {
      hint = "`or` is a word of its own";
    } else if (cursor.at("&&")) {
      hint = "`&&` joins expressions; predicates are joined by `,`";
    } else if (cursor.at("||")) {
      hint = "`||` joins expressions; predicates are joined by `or`";
    } else if (cursor.at(')')) {
      hint = "this `)` closes nothing";
    }
    return cursor.unexpected(expected, hint);
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

  /** Returns the next two words in lower case, with one space between them. */
  private static String firstWords(Cursor cursor) {
    int start = cursor.position;
    String first = cursor.name();
    cursor.skipSpace();
    String second = cursor.name();
    cursor.position = start;
    return (first + " " + second).toLowerCase(Locale.ROOT);
  }
}
