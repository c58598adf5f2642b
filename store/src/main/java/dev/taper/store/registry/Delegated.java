package dev.taper.store.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One delegation as the registry knows it: what one party handed to another, and what became of it.
 *
 * @param id the digest of the block's revocation key, 64 hex digits
 * @param parent the id of the delegation it was handed on from; null for a first one
 * @param depth how often the authority was handed on before: 0 for a first one
 * @param delegator whose authority it is
 * @param grantor who handed it over
 * @param holder who has it; null if whoever bears the token does
 * @param holderKey the holder's key as text
 * @param task what it is for
 * @param purpose the task in words, or null
 * @param granted what is left of the authority, in words
 * @param rootKey the root key as text; null if no verifier has seen the token yet
 * @param fingerprint what a revocation list calls the block, 32 hex digits
 * @param endsAt when it ends; null if never
 * @param recordedAt when the registry first knew of it
 * @param calls how many calls were allowed on it, including those of whoever it was handed on to; a
 *     bearer or sealed token among these may have been used by anybody
 * @param denied how many calls were denied that a holder proved to make; refusals of calls without
 *     a good proof are not counted, as anybody with a copy of a token can bring them about
 * @param lastCall when the last call was allowed; null if none was
 * @param tools the tools granted, as patterns; a star for any
 * @param unexercised those of them that were never called
 * @param revoked true if it is revoked or lapsed, or what it stands on is
 */
public record Delegated(
    String id,
    @Nullable String parent,
    int depth,
    String delegator,
    String grantor,
    @Nullable String holder,
    String holderKey,
    String task,
    @Nullable String purpose,
    String granted,
    @Nullable String rootKey,
    String fingerprint,
    @Nullable Instant endsAt,
    Instant recordedAt,
    long calls,
    long denied,
    @Nullable Instant lastCall,
    List<String> tools,
    List<String> unexercised,
    boolean revoked) {
  /** Copies the lists. */
  public Delegated {
    tools = List.copyOf(tools);
    unexercised = List.copyOf(unexercised);
  }

  /** The same, but revoked. */
  Delegated asRevoked() {
    return new Delegated(
        id,
        parent,
        depth,
        delegator,
        grantor,
        holder,
        holderKey,
        task,
        purpose,
        granted,
        rootKey,
        fingerprint,
        endsAt,
        recordedAt,
        calls,
        denied,
        lastCall,
        tools,
        unexercised,
        true);
  }

  /** Who has it, in words. */
  public String holderName() {
    return holder == null ? "whoever bears the token" : holder;
  }

  /** True if it is neither revoked nor past its end. */
  public boolean livesAt(Instant now) {
    return !revoked && (endsAt == null || now.isBefore(endsAt));
  }
}
