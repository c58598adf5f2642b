package dev.taper.agent;

import dev.taper.FailureLog;
import org.jspecify.annotations.Nullable;

/**
 * How something is that decisions wait for.
 *
 * @param name what it is
 * @param reachable false while it is not asked because it failed again and again; every now and
 *     then one call tries
 * @param failuresInRow how many times it failed since it last answered, up to the number at which
 *     it is not asked any more
 * @param lastFailure its last failure, however long ago; null if there was none
 */
public record StoreHealth(
    String name, boolean reachable, int failuresInRow, FailureLog.@Nullable Failure lastFailure) {}
