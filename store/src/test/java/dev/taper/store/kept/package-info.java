/** Databases of earlier versions are read, and written on. */
@NullMarked
package dev.taper.store.kept;

import org.jspecify.annotations.NullMarked;
