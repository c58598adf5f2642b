/** What was granted and used: telling a registry of it, and asking it. */
@NullMarked
package dev.taper.operations.registry;

import org.jspecify.annotations.NullMarked;
