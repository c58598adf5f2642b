/** What the console shows and does, as JSON, from the stores that it is told of. */
@NullMarked
package dev.taper.server.console.view;

import org.jspecify.annotations.NullMarked;
