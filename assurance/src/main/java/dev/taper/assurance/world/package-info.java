/**
 * A world in one thread: verifiers, the store that they share, the network between them, their
 * clocks, and holders who call, all of it from one seed. It writes a history, and a checker that
 * knows nothing but rules reads that.
 */
@NullMarked
package dev.taper.assurance.world;

import org.jspecify.annotations.NullMarked;
