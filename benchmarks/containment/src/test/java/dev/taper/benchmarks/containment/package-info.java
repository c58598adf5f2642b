/** Tests of the replay. */
@NullMarked
package dev.taper.benchmarks.containment;

import org.jspecify.annotations.NullMarked;
