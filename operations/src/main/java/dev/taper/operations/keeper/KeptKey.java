package dev.taper.operations.keeper;

import dev.taper.crypto.PublicKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that a keeper has. Immutable and thread-safe.
 *
 * @param name what the keeper calls it
 * @param key its public half
 * @param place where its secret is: {@code store}, {@code memory} or {@code pkcs11}
 * @param isConfirmed whether the keeper asks its user before each use
 * @param until when the keeper forgets it; null for never
 */
public record KeptKey(
    String name, PublicKey key, String place, boolean isConfirmed, @Nullable Instant until) {}
