/** Finds probable mistakes in a policy without running it. */
@NullMarked
package dev.taper.policies.lint;

import org.jspecify.annotations.NullMarked;
