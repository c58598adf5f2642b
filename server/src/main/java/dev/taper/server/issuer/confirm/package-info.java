/** Pages on which people confirm that a key is an agent's, and that an agent may act for them. */
@NullMarked
package dev.taper.server.issuer.confirm;

import org.jspecify.annotations.NullMarked;
