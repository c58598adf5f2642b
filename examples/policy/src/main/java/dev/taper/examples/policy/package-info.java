/** A service's own policy. */
@NullMarked
package dev.taper.examples.policy;

import org.jspecify.annotations.NullMarked;
