/** A person at a terminal gets a first token for an agent: signing in, and the exchange. */
@NullMarked
package dev.taper.operations.login;

import org.jspecify.annotations.NullMarked;
