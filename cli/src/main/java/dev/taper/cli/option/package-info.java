/** Groups of options that several commands share. */
@NullMarked
package dev.taper.cli.option;

import org.jspecify.annotations.NullMarked;
