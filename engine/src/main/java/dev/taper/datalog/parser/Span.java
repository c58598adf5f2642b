package dev.taper.datalog.parser;

/**
 * A stretch of source text.
 *
 * @param start offset of its first character, in UTF-16 units from 0
 * @param end offset after its last character, in UTF-16 units
 * @param line line of its first character, from 1
 * @param column column of its first character, in code points from 1
 */
public record Span(int start, int end, int line, int column) {}
