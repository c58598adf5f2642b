/** The demonstration: runs real commands and checks what they do. */
@NullMarked
package dev.taper.cli.demo;

import org.jspecify.annotations.NullMarked;
