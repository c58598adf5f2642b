package dev.taper.policies.lint;

/**
 * Something that is wrong with several policies together. Immutable.
 *
 * @param policy the name of the policy in which it is found, the last one that takes part
 * @param warning the warning; its message names the other policies
 */
public record SetWarning(String policy, LintWarning warning) {}
