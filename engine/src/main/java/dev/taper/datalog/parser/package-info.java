/** Datalog text to syntax, with positions and helpful errors. */
@NullMarked
package dev.taper.datalog.parser;

import org.jspecify.annotations.NullMarked;
