/** Making, narrowing, handing on, sealing and showing tokens. */
@NullMarked
package dev.taper.cli.token;

import org.jspecify.annotations.NullMarked;
