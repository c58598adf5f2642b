/** Harnesses for the readers of outside bytes: what must hold for every input, and the inputs. */
@NullMarked
package dev.taper.assurance;

import org.jspecify.annotations.NullMarked;
