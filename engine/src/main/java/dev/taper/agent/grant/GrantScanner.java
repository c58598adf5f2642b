package dev.taper.agent.grant;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ShortText;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the text of a grant apart into words, quoted text, commas and signs. */
final class GrantScanner {
  private static final int MAX_LENGTH = 1 << 20; // a token has less
  private static final int SHOWN = 100;

  enum Kind {
    WORD,
    QUOTED,
    COMMA,
    SIGN,
    END
  }

  record Token(Kind kind, String text, int start) {
    boolean isText() {
      return kind == Kind.WORD || kind == Kind.QUOTED;
    }
  }

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  GrantScanner(String source) {
    this.source = source;
    if (source.length() > MAX_LENGTH) {
      throw new TaperException(
          ErrorCode.SYNTAX, "the text of a grant is longer than " + MAX_LENGTH + " characters");
    }
    int i = 0;
    while (i < source.length()) {
      i = scan(i);
    }
    tokens.add(new Token(Kind.END, "", source.length()));
  }

  private int scan(int start) {
    char c = source.charAt(start);
    if (Character.isWhitespace(c)) {
      return start + 1;
    }
    if (c == '"') {
      return quoted(start);
    }
    if (c == ',') {
      return add(Kind.COMMA, start, start + 1);
    }
    if ("<>=!".indexOf(c) >= 0) {
      boolean two = c != '=' && source.startsWith("=", start + 1);
      return add(Kind.SIGN, start, start + (two ? 2 : 1));
    }
    int end = start;
    while (end < source.length() && GrantText.isWordChar(source.charAt(end))) {
      end++;
    }
    if (end == start) {
      throw error(start, "a control character", null);
    }
    return add(Kind.WORD, start, end);
  }

  private int add(Kind kind, int start, int end) {
    tokens.add(new Token(kind, source.substring(start, end), start));
    return end;
  }

  private int quoted(int start) {
    StringBuilder text = new StringBuilder();
    int i = start + 1;
    while (i < source.length() && source.charAt(i) != '"') {
      char c = source.charAt(i);
      if (c == '\\') {
        i++;
        c = i < source.length() ? source.charAt(i) : ' ';
        if (c == 'n') {
          c = '\n';
        } else if (c != '"' && c != '\\') {
          throw error(i - 1, "an unknown escape", "a backslash in quotes is written \\\\");
        }
      }
      text.append(c);
      i++;
    }
    if (i == source.length()) {
      throw error(start, "quotes that are not closed", null);
    }
    tokens.add(new Token(Kind.QUOTED, text.toString(), start));
    return i + 1;
  }

  Token peek() {
    return tokens.get(at);
  }

  void skip() {
    at++;
  }

  boolean isEnd() {
    return peek().kind == Kind.END;
  }

  boolean isWord(String word) {
    return isWord(0, word);
  }

  /** The end is no word, so nobody asks for what is behind it. */
  private boolean isWord(int offset, String word) {
    Token token = tokens.get(at + offset);
    return token.kind == Kind.WORD && token.text.equals(word);
  }

  boolean acceptWord(String word) {
    return acceptWords(word);
  }

  /** Consumes all of the words, or nothing. */
  boolean acceptWords(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (!isWord(i, words[i])) {
        return false;
      }
    }
    at += words.length;
    return true;
  }

  boolean accept(String sign) {
    boolean found = peek().kind == Kind.SIGN && peek().text.equals(sign);
    if (found) {
      at++;
    }
    return found;
  }

  void expect(String sign) {
    if (!accept(sign)) {
      throw unexpected(sign, null);
    }
  }

  /** A word or quoted text. */
  String text() {
    if (!peek().isText()) {
      throw unexpected(
          "a name or text", peek().kind == Kind.SIGN ? "text with this sign needs quotes" : null);
    }
    return tokens.get(at++).text;
  }

  /** A value: quoted text is a string, other words what they look like. */
  Term value() {
    Token token = peek();
    String text = text();
    if (token.kind == Kind.QUOTED) {
      return new Term.Str(text);
    }
    if (GrantText.isInteger(text)) {
      at--;
      return new Term.Int(integer());
    }
    if (GrantText.isDecimal(text)) {
      throw error(token.start, "a decimal, which only ranges take", "use <= and >=, or quotes");
    }
    return switch (text) {
      case "true" -> new Term.Bool(true);
      case "false" -> new Term.Bool(false);
      case "null" -> new Term.Null();
      default -> new Term.Str(text);
    };
  }

  long integer() {
    Token token = peek();
    if (token.kind == Kind.WORD && GrantText.isInteger(token.text)) {
      try {
        at++;
        return Long.parseLong(token.text);
      } catch (NumberFormatException e) {
        throw error(token.start, "an integer of more than 64 bits", null);
      }
    }
    throw unexpected("a number", null);
  }

  Duration duration() {
    Duration duration = peek().kind == Kind.WORD ? GrantText.duration(peek().text) : null;
    if (duration == null) {
      throw unexpected("a duration", "such as: 90s, 15m, 1h, 2d");
    }
    at++;
    return duration;
  }

  /** A public key in its text form. */
  PublicKey key() {
    Token token = peek();
    try {
      return PublicKey.parse(text());
    } catch (TaperException e) {
      throw e.code() == ErrorCode.SYNTAX
          ? e
          : error(token.start, String.valueOf(e.getMessage()), null);
    }
  }

  BigDecimal decimal() {
    return new BigDecimal(tokens.get(at++).text);
  }

  /** The comparison that comes next, or null. */
  @Nullable BinaryOp peekComparison() {
    if (peek().kind != Kind.SIGN) {
      return null;
    }
    return switch (peek().text) {
      case "<" -> BinaryOp.LESS_THAN;
      case "<=" -> BinaryOp.LESS_OR_EQUAL;
      case ">" -> BinaryOp.GREATER_THAN;
      case ">=" -> BinaryOp.GREATER_OR_EQUAL;
      default -> null;
    };
  }

  /** True if a decimal stands behind what comes next, which is not the end. */
  boolean isDecimalAfterNext() {
    Token token = tokens.get(at + 1);
    return token.kind == Kind.WORD && GrantText.isDecimal(token.text);
  }

  <T> List<T> list(Supplier<T> element) {
    List<T> list = new ArrayList<>();
    do {
      list.add(element.get());
    } while (acceptComma());
    return list;
  }

  private boolean acceptComma() {
    boolean found = peek().kind == Kind.COMMA;
    if (found) {
      at++;
    }
    return found;
  }

  TaperException unexpected(String expected, @Nullable String hint) {
    Token token = peek();
    String found = token.kind == Kind.END ? "the end" : "'" + shown(token.text) + "'";
    return error(token.start, "expected " + expected + ", found " + found, hint);
  }

  private static String shown(String text) {
    return ShortText.of(text, 41);
  }

  /** An error at a place in the text: what, where, the line with a caret, and a hint. */
  TaperException error(int offset, String summary, @Nullable String hint) {
    int from = Math.max(0, offset - SHOWN / 2);
    int to = Math.min(source.length(), from + SHOWN);
    StringBuilder line = new StringBuilder();
    for (int i = from; i < to; i++) {
      char c = source.charAt(i);
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    String message =
        "column "
            + (offset + 1)
            + ": "
            + summary
            + "\n  "
            + line
            + "\n  "
            + " ".repeat(offset - from)
            + "^";
    return new TaperException(
        ErrorCode.SYNTAX, hint == null ? message : message + "\n  hint: " + hint);
  }
}
