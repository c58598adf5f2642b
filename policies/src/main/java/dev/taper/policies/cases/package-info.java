/** Test cases of policies, kept beside them as data: read, run, and what they do not reach. */
@NullMarked
package dev.taper.policies.cases;

import org.jspecify.annotations.NullMarked;
