/** Ready policy sets for services, loadable by name. */
@NullMarked
package dev.taper.policies;

import org.jspecify.annotations.NullMarked;
