/** What was granted, what of it is used, and reviews of it. */
@NullMarked
package dev.taper.cli.registry;

import org.jspecify.annotations.NullMarked;
