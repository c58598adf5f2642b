/**
 * Tokens made by another implementation of the Biscuit format, the decisions of that implementation
 * about them, and a reader for both.
 */
@NullMarked
package dev.taper.testvectors;

import org.jspecify.annotations.NullMarked;
