/** Finds what is probably wrong with a policy without running it. */
@NullMarked
package dev.taper.policies.lint;

import org.jspecify.annotations.NullMarked;
