@NullMarked
package dev.taper.operations;

import org.jspecify.annotations.NullMarked;
