/** Disks that fail, and the enumeration of all their failures. */
@NullMarked
package dev.taper.testing.faults;

import org.jspecify.annotations.NullMarked;
