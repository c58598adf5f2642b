/** {@code login}: a first token for an agent, by a person's sign-in. */
@NullMarked
package dev.taper.cli.login;

import org.jspecify.annotations.NullMarked;
