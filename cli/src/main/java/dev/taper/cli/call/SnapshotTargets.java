package dev.taper.cli.call;

import org.jspecify.annotations.Nullable;

/**
 * Where the snapshots of an authorization go.
 *
 * @param authorization file for the whole authorization, or null
 * @param policies file for its policies alone, or null
 * @param raw whether to write bytes instead of base64url text
 */
public record SnapshotTargets(
    @Nullable String authorization, @Nullable String policies, boolean raw) {}
