/** The registry of what was granted and what of it is used, and reviews of living grants. */
@NullMarked
package dev.taper.store.registry;

import org.jspecify.annotations.NullMarked;
