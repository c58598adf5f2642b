/** What was granted and what of it is used, reviews of it, and new root keys. */
@NullMarked
package dev.taper.cli.registry;

import org.jspecify.annotations.NullMarked;
