/** Reviews of living grants. */
@NullMarked
package dev.taper.operations.review;

import org.jspecify.annotations.NullMarked;
