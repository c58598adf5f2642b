package dev.taper.datalog.parser;

import dev.taper.ErrorCode;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Predicate.Names;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A place in the source that moves forward, and the state that all parsers of one source share. */
final class Cursor {
  /**
   * The longest source, in UTF-16 units. The limit is Taper's own; policies are a few kilobytes.
   */
  static final int MAX_LENGTH = 1 << 20;

  private static final int END = -1;

  final String source;
  final ParameterUse parameters;
  private final Datalog.@Nullable SourceMap sourceMap;
  int position;

  /** Where the last stretch of space that was skipped starts, so that none is walked twice. */
  private int spaceStart = END;

  private int spaceEnd = END;

  Cursor(String source, Parameters parameters, Datalog.@Nullable SourceMap sourceMap) {
    this.source = source;
    this.parameters = new ParameterUse(parameters);
    this.sourceMap = sourceMap;
    if (source.length() > MAX_LENGTH) {
      throw error(0, "the text is longer than " + MAX_LENGTH + " characters", null);
    }
    int unpaired = Characters.unpairedSurrogate(source);
    if (unpaired >= 0) {
      throw error(unpaired, "half a surrogate pair is not a character", null);
    }
  }

  boolean atEnd() {
    return position == source.length();
  }

  /** The next UTF-16 unit, or -1 at the end. */
  int peek() {
    return peek(0);
  }

  int peek(int ahead) {
    int i = position + ahead;
    return i < source.length() ? source.charAt(i) : END;
  }

  boolean at(char c) {
    return peek() == c;
  }

  boolean at(String text) {
    return source.startsWith(text, position);
  }

  boolean atIgnoringCase(String text) {
    return source.regionMatches(true, position, text, 0, text.length());
  }

  boolean accept(char c) {
    if (!at(c)) {
      return false;
    }
    position++;
    return true;
  }

  boolean accept(String text) {
    if (!at(text)) {
      return false;
    }
    position += text.length();
    return true;
  }

  /** Skips space, and comments, which may stand wherever space may. */
  void skipSpace() {
    if (position == spaceStart) {
      position = spaceEnd;
      return;
    }
    int start = position;
    while (true) {
      if (Characters.isSpace(peek())) {
        position++;
      } else if (at("//")) {
        skipLineComment();
      } else if (at("/*")) {
        int end = source.indexOf("*/", position + 2);
        if (end < 0) {
          throw error(position, "the comment does not end", "end it with `*/`");
        }
        position = end + 2;
      } else {
        break;
      }
    }
    spaceStart = start;
    spaceEnd = position;
  }

  private void skipLineComment() {
    while (!atEnd() && !at('\n')) {
      // With a lone carriage return, a viewer could show other text than is read here.
      if (at('\r') && peek(1) != '\n' && peek(1) != END) {
        throw error(position, "a carriage return does not end a comment", "use a line feed");
      }
      position++;
    }
  }

  /** Reads the longest name from here on, possibly empty, and moves past it. */
  String name() {
    int start = position;
    while (!atEnd()) {
      int c = source.codePointAt(position);
      if (!Names.isNameCharacter(c)) {
        break;
      }
      position += Character.charCount(c);
    }
    return source.substring(start, position);
  }

  /** Returns the longest name from here on, possibly empty, and stays here. */
  String peekName() {
    int start = position;
    String name = name();
    position = start;
    return name;
  }

  /** True if a name, then possibly space, then an opening parenthesis follow; stays here. */
  boolean atPredicate() {
    int start = position;
    boolean found = false;
    if (!name().isEmpty()) {
      skipSpace();
      found = at('(');
    }
    position = start;
    return found;
  }

  /** Remembers where a node stood, and returns it. */
  <T> T mark(T node, int start) {
    if (sourceMap != null) {
      sourceMap.add(node, start, position);
    }
    return node;
  }

  /** Requires a character after optional space. */
  void expect(char c, String where) {
    skipSpace();
    if (!accept(c)) {
      throw unexpected("expected `" + c + "` " + where, null);
    }
  }

  /** Makes an error about what stands here instead of what was expected. */
  ParseException unexpected(String expected, @Nullable String hint) {
    return error(position, expected + ", found " + describe(), hint);
  }

  ParseException error(int offset, String summary, @Nullable String hint) {
    return ParseException.at(source, offset, ErrorCode.SYNTAX, summary, hint);
  }

  ParseException invalid(int offset, String summary, @Nullable String hint) {
    return ParseException.at(source, offset, ErrorCode.INVALID_DATALOG, summary, hint);
  }

  ParseException parameterError(int offset, String summary, @Nullable String hint) {
    return ParseException.at(source, offset, ErrorCode.PARAMETER, summary, hint);
  }

  /** Describes what stands here, for messages. */
  private String describe() {
    if (atEnd()) {
      return "the end of the text";
    }
    if (Characters.isSpace(peek())) {
      return peek() == '\n' ? "the end of the line" : "a space";
    }
    String name = peekName();
    if (!name.isEmpty() && name.length() <= 40) {
      return "`" + name + "`";
    }
    BinaryOp op = Infix.at(this);
    if (op != null) {
      return "`" + op.text() + "`";
    }
    int c = source.codePointAt(position);
    return Names.isVisible(c)
        ? "`" + Character.toString(c) + "`"
        : String.format(Locale.ROOT, "U+%04X", c);
  }
}
