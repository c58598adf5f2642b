/** Gives agents tokens of their own for what people let them do: exchange and renewal. */
@NullMarked
package dev.taper.server.issuer;

import org.jspecify.annotations.NullMarked;
