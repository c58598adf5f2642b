/** The role that issues and renews tokens over HTTP. */
@NullMarked
package dev.taper.server.serve.issuer;

import org.jspecify.annotations.NullMarked;
