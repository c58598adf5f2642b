/** What is right and what is not about all that a service or a holder works with. */
@NullMarked
package dev.taper.operations.doctor;

import org.jspecify.annotations.NullMarked;
