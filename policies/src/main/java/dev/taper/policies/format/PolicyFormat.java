package dev.taper.policies.format;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Scope;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.Datalog.ParsedSource;
import dev.taper.datalog.parser.Datalog.SourceMap.Span;
import dev.taper.datalog.parser.Parameters;
import dev.taper.datalog.parser.ParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Formats policies: each statement on one line in its normal form, longer ones over several lines,
 * and at most one empty line between them. Comments stay where they are; a statement with a comment
 * inside is not changed. Formatting a formatted policy changes nothing, and formatting never
 * changes the meaning.
 */
public final class PolicyFormat {
  private final String source;
  private final StringBuilder out = new StringBuilder();

  private PolicyFormat(String source) {
    this.source = source;
  }

  /** A statement and where it stands. */
  private record Piece(Object statement, int start, int end) {}

  /**
   * Formats a policy.
   *
   * @param source its text
   * @return the formatted text
   * @throws ParseException as {@link Datalog}
   */
  public static String format(String source) {
    ParsedSource<AuthorizerCode> parsed = Datalog.parseAuthorizer(source, Parameters.none());
    String formatted = new PolicyFormat(source).format(parsed);
    if (!Datalog.authorizer(formatted).equals(parsed.value())) {
      throw new IllegalStateException("formatting would change what the policy means");
    }
    return formatted;
  }

  private String format(ParsedSource<AuthorizerCode> parsed) {
    int position = 0;
    for (Piece piece : pieces(parsed)) {
      between(position, piece.start);
      statement(piece);
      position = piece.end;
    }
    between(position, source.length());
    int length = out.length();
    while (length > 0 && out.charAt(length - 1) == '\n') {
      length--;
    }
    out.setLength(length);
    return length == 0 ? "" : out.append('\n').toString();
  }

  private List<Piece> pieces(ParsedSource<AuthorizerCode> parsed) {
    AuthorizerCode code = parsed.value();
    List<Object> statements = new ArrayList<>(code.block().facts());
    statements.addAll(code.block().rules());
    statements.addAll(code.block().checks());
    statements.addAll(code.policies());
    List<Piece> pieces = new ArrayList<>();
    for (Object statement : statements) {
      Span span = Objects.requireNonNull(parsed.sourceMap().span(statement));
      pieces.add(new Piece(statement, span.start(), strippedEnd(span)));
    }
    List<Scope> scopes = code.block().scopes();
    if (!scopes.isEmpty()) {
      Span first = Objects.requireNonNull(parsed.sourceMap().span(scopes.get(0)));
      Span last = Objects.requireNonNull(parsed.sourceMap().span(scopes.get(scopes.size() - 1)));
      int start = source.lastIndexOf("trusting", first.start());
      pieces.add(new Piece(scopes, start, last.end()));
    }
    pieces.sort(Comparator.comparingInt(Piece::start));
    return pieces;
  }

  private int strippedEnd(Span span) {
    int end = span.end();
    while (end > span.start() && Character.isWhitespace(source.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private void statement(Piece piece) {
    String text = source.substring(piece.start, piece.end);
    if (hasComment(text)) {
      out.append(text);
    } else {
      StatementLayout.append(piece.statement, out);
    }
    out.append(";\n");
  }

  /** True if a text holds a comment, outside of strings. */
  private static boolean hasComment(String text) {
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString && c == '\\') {
        i++;
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && (text.startsWith("//", i) || text.startsWith("/*", i))) {
        return true;
      }
    }
    return false;
  }

  /** Copies the comments between two statements, and at most one empty line before each part. */
  private void between(int start, int end) {
    int lines = 0;
    boolean ended = start == 0;
    for (int i = start; i < end; i++) {
      char c = source.charAt(i);
      if (c == '\n') {
        lines++;
      } else if (c == ';') {
        ended = true;
      } else if (!Character.isWhitespace(c)) {
        int commentEnd = commentEnd(i, end);
        String comment = source.substring(i, commentEnd).stripTrailing();
        if (ended && lines == 0 && out.length() > 0) {
          out.setLength(out.length() - 1); // behind its statement, on the same line
          out.append(' ');
        } else if (lines > 1 && out.length() > 0) {
          out.append('\n');
        }
        out.append(comment).append('\n');
        // A line comment took the end of its line with it.
        lines = comment.startsWith("//") ? 1 : 0;
        i = commentEnd - 1;
        ended = false;
      }
    }
    if (lines > 1 && out.length() > 0) {
      out.append('\n');
    }
  }

  private int commentEnd(int start, int end) {
    if (source.startsWith("/*", start)) {
      return source.indexOf("*/", start + 2) + 2;
    }
    int newline = source.indexOf('\n', start);
    return newline < 0 || newline > end ? end : newline + 1;
  }
}
