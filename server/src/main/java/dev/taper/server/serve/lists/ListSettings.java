package dev.taper.server.serve.lists;

import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.revocation.RevocationIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is served.
 *
 * @param revocations where the revocation list is kept; null if none is served
 * @param issuers who may have signed it
 * @param key opens the key that signs it anew in time; null if somebody else does
 * @param horizon how long a list that is signed here is to be good
 * @param audit keeps the records of what is signed here, and of what lapses by it
 * @param published opens where each list is published, too, for services that hear of it there;
 *     null for nowhere
 * @param rootKeys the file of root keys; null if none is served
 * @param every the time between two looks
 */
public record ListSettings(
    @Nullable Place revocations,
    List<PublicKey> issuers,
    @Nullable Supplier<? extends Signer> key,
    RevocationIssuer.Horizon horizon,
    AuditRecorder audit,
    @Nullable Supplier<Workplace.SharedLists> published,
    @Nullable Path rootKeys,
    Duration every) {
  /** Copies the list. */
  public ListSettings {
    issuers = List.copyOf(issuers);
  }
}
