package dev.taper.policies.cases;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A token that was made elsewhere. Immutable.
 *
 * @param token the token, as it was read
 * @param root the key that it is verified with
 * @param key the key that proves its calls; null if it is used without a proof
 */
record StoredToken(AgentToken token, PublicKey root, @Nullable PrivateKey key)
    implements CaseToken {}
