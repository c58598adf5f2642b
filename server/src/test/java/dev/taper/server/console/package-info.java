@NullMarked
package dev.taper.server.console;

import org.jspecify.annotations.NullMarked;
