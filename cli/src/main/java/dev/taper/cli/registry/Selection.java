package dev.taper.cli.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which items of a review are meant.
 *
 * @param numbers these; empty if the others say
 * @param all all that are open
 * @param agent those that are open and held by this agent, or null
 * @param task those that are open and for this task, or null
 */
public record Selection(
    List<Integer> numbers, boolean all, @Nullable String agent, @Nullable String task) {}
