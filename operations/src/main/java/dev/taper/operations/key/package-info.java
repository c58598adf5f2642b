/** Keys in all their written forms. */
@NullMarked
package dev.taper.operations.key;

import org.jspecify.annotations.NullMarked;
