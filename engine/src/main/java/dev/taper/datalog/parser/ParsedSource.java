package dev.taper.datalog.parser;

/**
 * Syntax together with where it stood. Immutable and thread-safe.
 *
 * @param <T> what was parsed
 * @param value the syntax
 * @param sourceMap where its parts stood
 */
public record ParsedSource<T>(T value, SourceMap sourceMap) {}
