/** What verifying and authorizing a token costs, beside another implementation. */
@NullMarked
package dev.taper.benchmarks;

import org.jspecify.annotations.NullMarked;
