/** Runs the benchmarks, computes the figures, compares them with their goals and reports them. */
@NullMarked
package dev.taper.benchmarks.report;

import org.jspecify.annotations.NullMarked;
