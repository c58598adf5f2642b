/** Writes policies in one layout, with their comments. */
@NullMarked
package dev.taper.policies.format;

import org.jspecify.annotations.NullMarked;
