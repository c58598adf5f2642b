/** The data that several processes share, in SQLite or PostgreSQL. */
@NullMarked
package dev.taper.store;

import org.jspecify.annotations.NullMarked;
