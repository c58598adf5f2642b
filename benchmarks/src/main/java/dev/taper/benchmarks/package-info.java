/** The benchmarks, by subject: what each thing costs, beside other implementations. */
@NullMarked
package dev.taper.benchmarks;

import org.jspecify.annotations.NullMarked;
