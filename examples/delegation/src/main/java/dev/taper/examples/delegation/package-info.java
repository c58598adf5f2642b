/** One task, handed on twice. */
@NullMarked
package dev.taper.examples.delegation;

import org.jspecify.annotations.NullMarked;
