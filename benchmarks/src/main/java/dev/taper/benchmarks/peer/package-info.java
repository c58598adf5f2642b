/** The implementations that are measured beside each other on the same work. */
@NullMarked
package dev.taper.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
