/** Which root keys are trusted, and until when. */
@NullMarked
package dev.taper.trust;

import org.jspecify.annotations.NullMarked;
