/**
 * Runs test cases in the format of the Biscuit project's {@code samples.json}. What a case carries
 * is compared, what it does not carry is not.
 */
@NullMarked
package dev.taper.cli.conformance;

import org.jspecify.annotations.NullMarked;
