/** Proving and deciding calls; queries and snapshots of what was evaluated. */
@NullMarked
package dev.taper.cli.call;

import org.jspecify.annotations.NullMarked;
