/** Keys in all their written forms, and directories of names and their keys. */
@NullMarked
package dev.taper.operations.key;

import org.jspecify.annotations.NullMarked;
