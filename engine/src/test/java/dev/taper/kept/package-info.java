/** Files of earlier versions are read, and written on. */
@NullMarked
package dev.taper.kept;

import org.jspecify.annotations.NullMarked;
