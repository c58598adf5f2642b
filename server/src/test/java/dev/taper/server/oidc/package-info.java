@NullMarked
package dev.taper.server.oidc;

import org.jspecify.annotations.NullMarked;
