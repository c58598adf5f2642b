package dev.taper.datalog.parser;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows where the parts of parsed syntax stood in their source. Parts are told apart by identity,
 * so two equal statements have a span each. It knows statements, queries, predicates, scopes, terms
 * and expressions. A parameter's value is one object however often it is used, so only its first
 * place is known. Thread-safe once the parser has returned it.
 */
public final class SourceMap {
  private final String source;
  private final IdentityHashMap<Object, int[]> ranges = new IdentityHashMap<>();

  SourceMap(String source) {
    this.source = source;
  }

  void add(Object node, int start, int end) {
    ranges.putIfAbsent(node, new int[] {start, end});
  }

  /** The whole source. */
  public String source() {
    return source;
  }

  /** Returns where a part stood, or null if it is not from this source. */
  public @Nullable Span span(Object node) {
    int[] range = ranges.get(node);
    if (range == null) {
      return null;
    }
    Position position = Position.of(source, range[0]);
    return new Span(range[0], range[1], position.line(), position.column());
  }

  /**
   * Returns the source line of a span with a line of carets under it, for messages. Control
   * characters are replaced, and long lines are cut.
   */
  public String excerpt(Span span) {
    Position position = Position.of(source, span.start());
    return position.sourceLine() + "\n" + position.carets(span.end() - span.start());
  }

  /**
   * A stretch of source text.
   *
   * @param start offset of its first character, in UTF-16 units from 0
   * @param end offset after its last character, in UTF-16 units
   * @param line line of its first character, from 1
   * @param column column of its first character, in code points from 1
   */
  public record Span(int start, int end, int line, int column) {}
}
