package dev.taper.server.oidc;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider signs people in, as it says itself. Immutable and thread-safe.
 *
 * @param keys where it publishes its keys
 * @param authorization where a browser goes to sign in; null if the provider names no such place
 * @param token where a code is exchanged; null if the provider names no such place
 * @param endSession where a browser goes to sign out; null if the provider names no such place
 */
public record Endpoints(
    URI keys, @Nullable URI authorization, @Nullable URI token, @Nullable URI endSession) {}
