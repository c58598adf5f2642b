package dev.taper.agent.memory;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one call takes from one counter.
 *
 * @param counter names the counter among all: 64 hex digits
 * @param amount how much, not negative
 * @param limit the most that the counter may hold, not negative
 * @param window the limit holds for every window of this length; null: for ever
 */
public record Charge(String counter, long amount, long limit, @Nullable Duration window) {}
