package dev.taper.cli.call;

import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.RootKeyInput;
import dev.taper.cli.policy.AuthorizerInput;
import dev.taper.datalog.RunLimits;
import org.jspecify.annotations.Nullable;

/**
 * What to authorize, by what, and what to show of it.
 *
 * @param token the token
 * @param rootKeys which root keys to trust
 * @param authorizer the policies and the request
 * @param limits what the evaluation may use up
 * @param query a question to the facts, or null
 * @param snapshots where to save the authorization
 * @param explain whether to say why
 * @param json whether to print JSON
 */
public record AuthorizeRequest(
    EncodedInput token,
    RootKeyInput rootKeys,
    AuthorizerInput authorizer,
    RunLimits limits,
    @Nullable QueryInput query,
    SnapshotTargets snapshots,
    boolean explain,
    boolean json) {}
