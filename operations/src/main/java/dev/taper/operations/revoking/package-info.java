/** Revoking, with all that follows: signed lists, records and the registry. */
@NullMarked
package dev.taper.operations.revoking;

import org.jspecify.annotations.NullMarked;
