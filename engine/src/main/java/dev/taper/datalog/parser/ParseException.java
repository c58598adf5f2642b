package dev.taper.datalog.parser;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import org.jspecify.annotations.Nullable;

/**
 * Says that Datalog text cannot be taken: {@link ErrorCode#SYNTAX} if it does not parse, {@link
 * ErrorCode#PARAMETER} if a parameter has no fitting value, {@link ErrorCode#INVALID_DATALOG} if it
 * parses but means nothing, such as an unbound variable.
 *
 * <p>The message is made for people: the place, the error, the line with a caret, and a hint. It
 * quotes the text that was parsed but never a parameter's value.
 */
public final class ParseException extends TaperException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;
  private final String sourceLine;
  private final String caretLine;
  private final String summary;
  private final @Nullable String hint;

  private ParseException(ErrorCode code, Position position, String summary, @Nullable String hint) {
    super(code, render(position, summary, hint));
    this.line = position.line();
    this.column = position.column();
    this.sourceLine = position.sourceLine();
    this.caretLine = position.carets(1);
    this.summary = summary;
    this.hint = hint;
  }

  static ParseException at(
      String source, int offset, ErrorCode code, String summary, @Nullable String hint) {
    return new ParseException(code, Position.of(source, offset), summary, hint);
  }

  private static String render(Position position, String summary, @Nullable String hint) {
    String text =
        "line "
            + position.line()
            + ", column "
            + position.column()
            + ": "
            + summary
            + "\n  "
            + position.sourceLine()
            + "\n  "
            + position.carets(1);
    return hint == null ? text : text + "\n  hint: " + hint;
  }

  /** The line of the error, from 1. */
  public int line() {
    return line;
  }

  /** The column of the error, in code points from 1. */
  public int column() {
    return column;
  }

  /** The line of text, with control characters replaced and cut if it is long. */
  public String sourceLine() {
    return sourceLine;
  }

  /** Spaces and a caret that points into {@link #sourceLine()}. */
  public String caretLine() {
    return caretLine;
  }

  /** The error in one sentence. */
  public String summary() {
    return summary;
  }

  /** A hint at what to do about it, or null. */
  public @Nullable String hint() {
    return hint;
  }
}
