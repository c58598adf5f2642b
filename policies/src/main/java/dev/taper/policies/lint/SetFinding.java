package dev.taper.policies.lint;

/**
 * Something that is wrong with several policies together. Immutable.
 *
 * @param policy the name of the policy that it is found in, the last one that takes part
 * @param finding what and where; the message names the others
 */
public record SetFinding(String policy, LintWarning finding) {}
