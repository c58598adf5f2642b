/** Keeps the keys and tokens of one user, and uses them for the user's own processes. */
@NullMarked
package dev.taper.server.keeper;

import org.jspecify.annotations.NullMarked;
