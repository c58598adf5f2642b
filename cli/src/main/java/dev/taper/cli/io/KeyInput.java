package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import org.jspecify.annotations.Nullable;

/**
 * Where a key comes from.
 *
 * @param source where
 * @param format how it is written
 * @param algorithm the algorithm of raw bytes, or null for what their length says, else Ed25519
 * @param passphrase what opens an encrypted PEM document, or null
 */
public record KeyInput(
    Source source, KeyFormat format, @Nullable Algorithm algorithm, @Nullable Source passphrase) {}
