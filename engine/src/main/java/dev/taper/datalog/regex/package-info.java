/** Regular expressions as {@code matches} knows them: what they cost, and what they match. */
@NullMarked
package dev.taper.datalog.regex;

import org.jspecify.annotations.NullMarked;
