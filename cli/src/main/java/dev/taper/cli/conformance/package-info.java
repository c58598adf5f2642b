/**
 * Runs test cases in the format of the Biscuit project's {@code samples.json}. Only what a case
 * carries is compared.
 */
@NullMarked
package dev.taper.cli.conformance;

import org.jspecify.annotations.NullMarked;
