/** The benchmark as data: suites with tools, user tasks with grants, and attacks. */
@NullMarked
package dev.taper.benchmarks.containment.corpus;

import org.jspecify.annotations.NullMarked;
