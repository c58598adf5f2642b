/** What every role has: how it starts and stops, fails, counts and says that it is well. */
@NullMarked
package dev.taper.server.process;

import org.jspecify.annotations.NullMarked;
