package dev.taper.cli.registry;

import org.jspecify.annotations.Nullable;

/**
 * Which delegations are meant, as given on the command line.
 *
 * @param delegator whose authority, or null
 * @param agent who holds it, or null
 * @param task what it is for, or null
 * @param unused only what was never used
 * @param unexercised only what has a tool that was never called
 * @param expiring only what ends within this duration, or null
 * @param orphaned a file with the names of people who left, or null
 * @param deeper only what was handed on more often, or null
 */
public record FilterInput(
    @Nullable String delegator,
    @Nullable String agent,
    @Nullable String task,
    boolean unused,
    boolean unexercised,
    @Nullable String expiring,
    @Nullable String orphaned,
    @Nullable Integer deeper) {}
