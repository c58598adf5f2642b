/**
 * Replays the tasks and attacks of a public benchmark through guarded servers, and counts what gets
 * through.
 */
@NullMarked
package dev.taper.benchmarks.containment;

import org.jspecify.annotations.NullMarked;
