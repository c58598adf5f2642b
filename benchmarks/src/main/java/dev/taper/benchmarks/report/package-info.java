/** Runs the benchmarks, computes the figures, judges them by their goals and reports them. */
@NullMarked
package dev.taper.benchmarks.report;

import org.jspecify.annotations.NullMarked;
