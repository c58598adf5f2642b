/** Tokens: unverified and verified, minting, attenuation, sealing, third-party blocks. */
@NullMarked
package dev.taper.token;

import org.jspecify.annotations.NullMarked;
