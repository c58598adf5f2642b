/**
 * Revocation: signed lists, their sources, and the look-up that a verifier makes for every call.
 * This room depends only on keys and signatures.
 */
@NullMarked
package dev.taper.revocation;

import org.jspecify.annotations.NullMarked;
