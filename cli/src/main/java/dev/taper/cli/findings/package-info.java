/** {@code findings}: whom services hold back, and letting them go. */
@NullMarked
package dev.taper.cli.findings;

import org.jspecify.annotations.NullMarked;
