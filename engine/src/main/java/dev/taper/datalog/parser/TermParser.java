package dev.taper.datalog.parser;

import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads terms. */
final class TermParser {
  /** The place of a term, which decides what it may be. */
  private enum Place {
    PREDICATE("a predicate"),
    ARRAY("an array"),
    SET("a set"),
    MAP("a map");

    final String text;

    Place(String text) {
      this.text = text;
    }
  }

  private final Cursor cursor;
  private int depth;

  TermParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Reads a term after optional space; it may be a variable. */
  Term term() {
    return term(Place.PREDICATE);
  }

  private Term term(Place place) {
    cursor.skipSpace();
    int start = cursor.position;
    if (++depth > Term.MAX_DEPTH) {
      throw cursor.error(start, "the term is nested more than " + Term.MAX_DEPTH + " deep", null);
    }
    Term term =
        switch (cursor.peek()) {
          case '"' -> new Term.Str(string());
          case '$' -> variable(place);
          case '[' -> array();
          case '{' -> braces();
          case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
          default -> word(place);
        };
    if (place == Place.SET && term instanceof Term.Set) {
      throw cursor.invalid(start, "a set cannot hold a set", "an array in the set can");
    }
    depth--;
    return cursor.mark(term, start);
  }

  private Term variable(Place place) {
    int start = cursor.position++;
    String name = cursor.name();
    if (name.isEmpty()) {
      throw cursor.unexpected("expected a variable's name after `$`", null);
    }
    if (place != Place.PREDICATE) {
      throw cursor.invalid(start, place.text + " cannot hold a variable", null);
    }
    return new Term.Variable(name);
  }

  /** Reads a string, whose quote is here. */
  private String string() {
    int start = cursor.position++;
    StringBuilder out = new StringBuilder();
    while (!cursor.accept('"')) {
      if (cursor.atEnd()) {
        throw cursor.error(start, "the string does not end", "end it with `\"`");
      }
      int c = cursor.peek();
      if (c == '\\') {
        cursor.position++;
        c = escaped(cursor.peek());
      }
      out.append((char) c);
      cursor.position++;
    }
    return out.toString();
  }

  private int escaped(int c) {
    return switch (c) {
      case '"', '\\' -> c;
      case 'n' -> '\n';
      default ->
          throw cursor.error(
              cursor.position - 1,
              "this escape is not known",
              "strings escape `\\\"`, `\\\\` and `\\n`; any other character stands for itself");
    };
  }

  private Term number() {
    return Dates.at(cursor) ? date() : new Term.Int(integer());
  }

  private Term date() {
    long seconds = Dates.read(cursor);
    int c = cursor.peek();
    // The reference grammar ends a date only here; anything else would be read differently there.
    if (!cursor.atEnd() && !Characters.isSpace(c) && ",;)]}".indexOf(c) < 0) {
      throw cursor.unexpected(
          "expected a space after the date",
          c == '.' ? "put the date in parentheses to call a method on it" : null);
    }
    return new Term.Date(seconds);
  }

  private long integer() {
    int start = cursor.position;
    cursor.accept('-');
    if (!Characters.isDigit(cursor.peek())) {
      throw cursor.unexpected("expected a digit after `-`", "only numbers can be negated with `-`");
    }
    while (Characters.isDigit(cursor.peek())) {
      cursor.position++;
    }
    try {
      return Long.parseLong(cursor.source, start, cursor.position, 10);
    } catch (NumberFormatException e) {
      throw cursor.error(
          start, "the integer does not fit into 64 bits", "the largest is " + Long.MAX_VALUE);
    }
  }

  private Term word(Place place) {
    // As in the reference grammar, these need not end where a word does.
    if (cursor.accept("hex:")) {
      return new Term.Bytes(hex());
    } else if (cursor.accept("true")) {
      return new Term.Bool(true);
    } else if (cursor.accept("false")) {
      return new Term.Bool(false);
    } else if (cursor.accept("null")) {
      return new Term.Null();
    }
    throw Hints.noTerm(cursor, place.text);
  }

  /** Reads hexadecimal digits, possibly none. */
  byte[] hex() {
    int start = cursor.position;
    while (Characters.isHexDigit(cursor.peek())) {
      cursor.position++;
    }
    if ((cursor.position - start) % 2 != 0) {
      throw cursor.error(start, "the number of hexadecimal digits is odd", null);
    }
    return HexFormat.of().parseHex(cursor.source, start, cursor.position);
  }

  private Term array() {
    cursor.position++;
    List<Term> elements = new ArrayList<>();
    cursor.skipSpace();
    if (!cursor.accept(']')) {
      do {
        elements.add(term(Place.ARRAY));
      } while (another(']', "array"));
    }
    return new Term.Array(elements);
  }

  /** Returns true after a comma, false after the closing character. */
  private boolean another(char close, String what) {
    cursor.skipSpace();
    if (cursor.accept(',')) {
      return true;
    }
    if (!cursor.accept(close)) {
      throw cursor.unexpected("expected `,` or `" + close + "` in the " + what, null);
    }
    return false;
  }

  /** Reads a parameter, set or map, whose brace is here. */
  private Term braces() {
    if (cursor.accept("{,}")) {
      return Term.Set.of(List.of());
    }
    int start = cursor.position;
    String parameter = parameterName();
    if (parameter != null) {
      return bound(start, cursor.parameters.term(cursor, start, parameter));
    }
    cursor.position++;
    cursor.skipSpace();
    if (cursor.accept('}')) {
      return Term.Map.of(Map.of());
    }
    if (cursor.at(',')) {
      throw cursor.unexpected("expected an element", "the empty set is `{,}`, without space");
    }
    int first = cursor.position;
    String keyParameter = parameterName();
    if (keyParameter != null) {
      cursor.skipSpace();
      if (cursor.at(':')) {
        return map(cursor.parameters.mapKey(cursor, first, keyParameter));
      }
      cursor.position = first;
    }
    Term element = term(Place.SET);
    cursor.skipSpace();
    if (!cursor.at(':')) {
      return set(element);
    }
    if (element instanceof Term.MapKey key) {
      return map(key);
    }
    throw notKey(first);
  }

  /** Returns the name of a parameter that stands here, and moves past it; otherwise null. */
  private @Nullable String parameterName() {
    int start = cursor.position;
    if (cursor.accept('{') && Characters.isAsciiLetter(cursor.peek())) {
      String name = cursor.name();
      if (cursor.accept('}')) {
        return name;
      }
    }
    cursor.position = start;
    return null;
  }

  private Term bound(int start, Term value) {
    if (depth - 1 + depthOf(value) > Term.MAX_DEPTH) {
      throw cursor.error(start, "the term is nested more than " + Term.MAX_DEPTH + " deep", null);
    }
    return value;
  }

  /** Returns the depth of a term; bounded, since {@link Parameters} takes no deeper value. */
  private static int depthOf(Term term) {
    Iterable<Term> children = List.of();
    if (term instanceof Term.Set s) {
      children = s.elements();
    } else if (term instanceof Term.Array a) {
      children = a.elements();
    } else if (term instanceof Term.Map m) {
      children = m.entries().values();
    }
    int deepest = 0;
    for (Term child : children) {
      deepest = Math.max(deepest, depthOf(child));
    }
    return deepest + 1;
  }

  private Term set(Term first) {
    List<Term> elements = new ArrayList<>();
    elements.add(first);
    while (another('}', "set")) {
      cursor.skipSpace();
      int position = cursor.position;
      Term element = term(Place.SET);
      if (element.getClass() != first.getClass()) {
        throw cursor.invalid(
            position, "the elements of a set have one type", "an array can mix types");
      }
      elements.add(element);
    }
    return Term.Set.of(elements);
  }

  private Term map(Term.MapKey first) {
    Map<Term.MapKey, Term> entries = new TreeMap<>(TermParser::compareKeys);
    cursor.expect(':', "after the key");
    entries.put(first, term(Place.MAP));
    while (another('}', "map")) {
      cursor.skipSpace();
      int start = cursor.position;
      Term.MapKey key = mapKey();
      cursor.expect(':', "after the key");
      if (entries.put(key, term(Place.MAP)) != null) {
        throw cursor.invalid(start, "the map has this key already", null);
      }
    }
    return Term.Map.of(entries);
  }

  private Term.MapKey mapKey() {
    int start = cursor.position;
    String parameter = parameterName();
    if (parameter != null) {
      return cursor.parameters.mapKey(cursor, start, parameter);
    }
    if (term(Place.MAP) instanceof Term.MapKey key) {
      return key;
    }
    throw notKey(start);
  }

  private static int compareKeys(Term.MapKey a, Term.MapKey b) {
    return ((Term) a).compareTo((Term) b);
  }

  private ParseException notKey(int start) {
    return cursor.error(start, "a map's key is an integer or a string", null);
  }
}
