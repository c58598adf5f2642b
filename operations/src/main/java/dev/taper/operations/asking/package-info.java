/** Asks that services keep: reading one, and answering it. */
@NullMarked
package dev.taper.operations.asking;

import org.jspecify.annotations.NullMarked;
