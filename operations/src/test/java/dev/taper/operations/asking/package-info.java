@NullMarked
package dev.taper.operations.asking;

import org.jspecify.annotations.NullMarked;
