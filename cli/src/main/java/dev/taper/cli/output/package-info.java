/** How results look: text for people that no token can forge or garble, and JSON for programs. */
@NullMarked
package dev.taper.cli.output;

import org.jspecify.annotations.NullMarked;
