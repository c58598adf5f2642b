package dev.taper.datalog;

/**
 * A fact and where it comes from. The same fact of another origin is another fact.
 *
 * @param origin the blocks it depends on
 * @param fact the fact
 */
public record OriginFact(Origin origin, Fact fact) {}
