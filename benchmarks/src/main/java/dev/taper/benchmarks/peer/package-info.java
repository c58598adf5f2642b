/** The implementations that do one work and are measured beside each other. */
@NullMarked
package dev.taper.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
