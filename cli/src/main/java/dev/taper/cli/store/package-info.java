/** What commands keep in databases that others share. */
@NullMarked
package dev.taper.cli.store;

import org.jspecify.annotations.NullMarked;
