package dev.taper.operations.config;

/**
 * A setting of a configuration, in words. Immutable.
 *
 * @param name its name, such as {@code replay-memory}
 * @param given false if it is not there, and this is its default
 * @param text what it means, without a secret
 */
public record ExplainedSetting(String name, boolean given, String text) {}
