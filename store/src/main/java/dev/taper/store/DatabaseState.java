package dev.taper.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a database is like. Immutable.
 *
 * @param version that of its tables; 0 if it has none
 * @param expected the version that this program works with
 * @param time what time it is at a server; null for a file
 */
public record DatabaseState(int version, int expected, @Nullable Instant time) {}
