package dev.taper.cli.io;

/**
 * Where a token, request, third-party block or snapshot comes from.
 *
 * @param source where
 * @param raw whether it is bytes instead of base64url text
 */
public record EncodedInput(Source source, boolean raw) {}
