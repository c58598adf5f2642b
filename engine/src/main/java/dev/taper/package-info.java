/** The types that every part of Taper shares: the one exception type and its stable codes. */
@NullMarked
package dev.taper;

import org.jspecify.annotations.NullMarked;
