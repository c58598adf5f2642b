/** {@code doctor}: what is right and what is not, in one look. */
@NullMarked
package dev.taper.cli.doctor;

import org.jspecify.annotations.NullMarked;
