/**
 * The abstract syntax of Datalog: immutable values that do not parse themselves, write themselves
 * to the wire, or evaluate themselves. All types are thread-safe; equality is by structure.
 */
@NullMarked
package dev.taper.datalog;

import org.jspecify.annotations.NullMarked;
