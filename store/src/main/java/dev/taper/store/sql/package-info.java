/** Statements and their values. */
@NullMarked
package dev.taper.store.sql;

import org.jspecify.annotations.NullMarked;
