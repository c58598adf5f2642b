/**
 * A disk that lives in memory, as a file system of its own: what was written and not forced is lost
 * with the power, writes are torn, it gets full, and forcing fails.
 */
@NullMarked
package dev.taper.assurance.world.disk;

import org.jspecify.annotations.NullMarked;
