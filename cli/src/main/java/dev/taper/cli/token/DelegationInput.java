package dev.taper.cli.token;

import org.jspecify.annotations.Nullable;

/**
 * What a person or a service lets a first holder do.
 *
 * @param delegator whose authority it is
 * @param holder the first holder
 * @param task the task's id
 * @param purpose what the task is for, or null
 * @param terms what is granted; names an end
 */
public record DelegationInput(
    String delegator,
    HolderInput holder,
    String task,
    @Nullable String purpose,
    TermsInput terms) {}
