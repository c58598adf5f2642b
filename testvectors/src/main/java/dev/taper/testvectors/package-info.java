/**
 * Tokens made by another implementation of the Biscuit format, with what that implementation
 * decided about them, and a reader for them.
 */
@NullMarked
package dev.taper.testvectors;

import org.jspecify.annotations.NullMarked;
