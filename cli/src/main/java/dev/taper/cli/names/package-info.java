/** {@code names}: files of names and their keys. */
@NullMarked
package dev.taper.cli.names;

import org.jspecify.annotations.NullMarked;
