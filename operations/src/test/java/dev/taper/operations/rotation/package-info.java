@NullMarked
package dev.taper.operations.rotation;

import org.jspecify.annotations.NullMarked;
