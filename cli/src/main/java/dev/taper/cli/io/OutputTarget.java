package dev.taper.cli.io;

import org.jspecify.annotations.Nullable;

/**
 * Where a token, request, third-party block or snapshot goes.
 *
 * @param file the file, or null for standard output
 * @param raw whether to write bytes instead of base64url text
 */
public record OutputTarget(@Nullable String file, boolean raw) {}
