/** {@code taper console}: pages on a person's own machine, for this machine alone. */
@NullMarked
package dev.taper.server.console;

import org.jspecify.annotations.NullMarked;
