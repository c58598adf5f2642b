/** What tests of several packages share. */
@NullMarked
package dev.taper.testing;

import org.jspecify.annotations.NullMarked;
