@NullMarked
package dev.taper.cli;

import org.jspecify.annotations.NullMarked;
