@NullMarked
package dev.taper.cli.output;

import org.jspecify.annotations.NullMarked;
