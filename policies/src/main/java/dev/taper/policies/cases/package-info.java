/**
 * Reads and runs test cases of policies, kept beside them as data, and finds what they do not
 * reach.
 */
@NullMarked
package dev.taper.policies.cases;

import org.jspecify.annotations.NullMarked;
