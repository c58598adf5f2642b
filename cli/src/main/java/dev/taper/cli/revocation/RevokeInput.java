package dev.taper.cli.revocation;

import dev.taper.cli.io.RootKeyInput;
import dev.taper.revocation.RevocationKind;
import org.jspecify.annotations.Nullable;

/**
 * What to revoke.
 *
 * @param kind what it is
 * @param what its name, its key (text or file), or the token that has the block
 * @param block the block's index; null for the token's last
 * @param rootKeys which root keys the token is verified with; null if none were given
 * @param reason why, for the audit log, or null
 * @param until the end of the entry as written; null for that of the block, or none
 */
public record RevokeInput(
    RevocationKind kind,
    String what,
    @Nullable Integer block,
    @Nullable RootKeyInput rootKeys,
    @Nullable String reason,
    @Nullable String until) {}
