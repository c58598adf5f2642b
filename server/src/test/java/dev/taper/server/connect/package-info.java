/** Tests of an agent's side, on real tokens and a real verifier. */
@NullMarked
package dev.taper.server.connect;

import org.jspecify.annotations.NullMarked;
