/** The root keys that are trusted, and until when. */
@NullMarked
package dev.taper.trust;

import org.jspecify.annotations.NullMarked;
