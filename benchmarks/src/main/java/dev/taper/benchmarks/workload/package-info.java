/** What is verified and evaluated: tokens, chains, graphs, all of them made with fixed seeds. */
@NullMarked
package dev.taper.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
