/** The console's data from elsewhere: the role that relays, and the client that believes little. */
@NullMarked
package dev.taper.server.console.relay;

import org.jspecify.annotations.NullMarked;
