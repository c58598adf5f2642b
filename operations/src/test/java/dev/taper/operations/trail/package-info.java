@NullMarked
package dev.taper.operations.trail;

import org.jspecify.annotations.NullMarked;
