/** Talking to a keeper: a process that keeps keys and tokens and uses them for its own user. */
@NullMarked
package dev.taper.operations.keeper;

import org.jspecify.annotations.NullMarked;
