/** Compiles syntax into programs and evaluates them within limits. */
@NullMarked
package dev.taper.datalog.engine;

import org.jspecify.annotations.NullMarked;
