package dev.taper.cli.policy;

import dev.taper.cli.call.RequestInput;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.RootKeyInput;
import dev.taper.cli.io.Source;
import org.jspecify.annotations.Nullable;

/**
 * What evaluation to explain.
 *
 * @param policies the policies, more facts, and the time
 * @param call the call
 * @param token a token to evaluate it with, or null
 * @param rootKeys which root keys to trust; null without a token
 * @param directory names and their keys as JSON, or null
 */
public record ExplainRequest(
    AuthorizerInput policies,
    RequestInput call,
    @Nullable EncodedInput token,
    @Nullable RootKeyInput rootKeys,
    @Nullable Source directory) {}
