/** Revoking, and revocation lists. */
@NullMarked
package dev.taper.cli.revocation;

import org.jspecify.annotations.NullMarked;
