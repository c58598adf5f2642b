/**
 * What is revoked, and since when that is known: signed lists, their sources, and the look-up that
 * a verifier makes for every call. Depends on keys and signatures only.
 */
@NullMarked
package dev.taper.revocation;

import org.jspecify.annotations.NullMarked;
