/**
 * Keys, signatures and the libraries that compute them. Secrets are held in a type of their own.
 */
@NullMarked
package dev.taper.crypto;

import org.jspecify.annotations.NullMarked;
