/**
 * The abstract syntax of Datalog: immutable values that neither parse, print to the wire nor
 * evaluate themselves. All types are thread-safe; equality is by structure.
 */
@NullMarked
package dev.taper.datalog;

import org.jspecify.annotations.NullMarked;
