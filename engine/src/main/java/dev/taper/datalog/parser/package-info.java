/**
 * Reads Datalog text into syntax, with positions and helpful errors.
 *
 * <p>The grammar is that of Biscuit's reference implementation, its oddities included: keywords in
 * any case and without space after them, {@code check if} with two spaces refused, {@code {true}} a
 * parameter, a negation that takes in a whole sum. Where it differs, it takes more or refuses, but
 * never reads the same text as something else.
 *
 * <p>It takes more: comments and empty statements anywhere; line ends after dates; the empty map
 * {@code {}} as a fact's term and inside collections; arrays in sets; the empty byte array {@code
 * hex:}; letters of any script in names, as the specification has it; {@code trusting} at the top
 * of an authorizer's code; {@code &&&} and {@code |||} for the eager operations of old blocks.
 *
 * <p>It refuses: {@code or} that runs into the next word, so that a forgotten comma before {@code
 * order(1)} does not make an alternative; a key given twice in a map; variables in expressions of
 * checks and policies, or inside closures, that nothing binds; invalid public keys; date separators
 * other than {@code T}; input that exceeds {@link dev.taper.datalog.Expression#MAX_HEIGHT}, {@link
 * dev.taper.datalog.Term#MAX_DEPTH} or the length that {@link dev.taper.datalog.parser.Datalog}
 * names.
 */
@NullMarked
package dev.taper.datalog.parser;

import org.jspecify.annotations.NullMarked;
