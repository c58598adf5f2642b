@NullMarked
package dev.taper.server.issuer;

import org.jspecify.annotations.NullMarked;
