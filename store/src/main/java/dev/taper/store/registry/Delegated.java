package dev.taper.store.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One delegation as the registry knows it: what one party handed to another, and what happened to
 * it since. Immutable and thread-safe.
 */
public final class Delegated {
  /** How many denials are few. */
  static final int OFTEN = 5;

  /** Stands for the holder's name of a bearer token. */
  static final String BEARER = "whoever bears the token";

  /** One denial for so many calls is few. */
  static final int OF_CALLS = 10;

  private final Parts parts; // nobody changes them any more
  private final boolean revoked;

  /**
   * A delegation.
   *
   * @param parts what is known of it, which is not changed from then on
   * @param revoked whether it, or something that it depends on, is revoked or lapsed
   */
  Delegated(Parts parts, boolean revoked) {
    this.parts = parts;
    this.revoked = revoked;
  }

  /** The digest of the block's revocation key, 64 hex digits. */
  public String id() {
    return parts.id;
  }

  /** The id of the delegation it was handed on from; null for a first one. */
  public @Nullable String parent() {
    return parts.parent;
  }

  /** How often the authority was handed on before: 0 for a first one. */
  public int depth() {
    return parts.depth;
  }

  /** The person or service whose authority it is. */
  public String delegator() {
    return parts.delegator;
  }

  /** The party that handed it over. */
  public String grantor() {
    return parts.grantor;
  }

  /** The name of its holder; null for a bearer token. */
  public @Nullable String holder() {
    return parts.holder;
  }

  /** The holder's key as text. */
  public String holderKey() {
    return parts.holderKey;
  }

  /** The task that it is for. */
  public String task() {
    return parts.task;
  }

  /** The task in words, or null. */
  public @Nullable String purpose() {
    return parts.purpose;
  }

  /** The effective authority in words. */
  public String granted() {
    return parts.granted;
  }

  /** The root key as text; null if no verifier has seen the token yet. */
  public @Nullable String rootKey() {
    return parts.rootKey;
  }

  /** The fingerprint of the block in revocation lists, 32 hex digits. */
  public String fingerprint() {
    return parts.fingerprint;
  }

  /** The time at which it ends; null if it does not end. */
  public @Nullable Instant endsAt() {
    return parts.endsAt;
  }

  /** The time at which the registry first knew of it. */
  public Instant recordedAt() {
    return parts.recordedAt;
  }

  /**
   * How many calls were allowed on it, including calls of later holders; a bearer or sealed token
   * among these may have been used by anybody.
   */
  public long calls() {
    return parts.calls;
  }

  /**
   * How many calls with a good proof were denied. Denied calls without one are not counted, because
   * anybody with a copy of a token can cause them; nor are those that could not be recorded.
   */
  public long denied() {
    return parts.denied;
  }

  /** True if at least five calls were denied, and more than one for ten that were allowed. */
  public boolean isDeniedOften() {
    return parts.denied >= OFTEN && parts.denied * OF_CALLS > parts.calls;
  }

  /** The time at which the last call was allowed; null if none was allowed. */
  public @Nullable Instant lastCall() {
    return parts.lastCall;
  }

  /** The granted tools, as patterns; a star for any. */
  public List<String> tools() {
    return parts.tools;
  }

  /** The granted tools that were never called. */
  public List<String> unexercised() {
    return parts.unexercised;
  }

  /** True if it, or something that it depends on, is revoked or lapsed. */
  public boolean revoked() {
    return revoked;
  }

  /** The holder in words. */
  public String holderName() {
    return parts.holder == null ? BEARER : parts.holder;
  }

  /** True if it is neither revoked nor past its end. */
  public boolean livesAt(Instant now) {
    return !revoked && (parts.endsAt == null || now.isBefore(parts.endsAt));
  }

  /** Returns the delegation as revoked. */
  Delegated asRevoked() {
    return new Delegated(parts, true);
  }

  /** What is known of a delegation, while it is put together. For one thread. */
  static final class Parts {
    private final String id;
    private final String fingerprint;
    private final Instant recordedAt;
    @Nullable String parent;
    int depth;
    String delegator = "";
    String grantor = "";
    @Nullable String holder;
    String holderKey = "";
    String task = "";
    @Nullable String purpose;
    String granted = "";
    @Nullable String rootKey;
    @Nullable Instant endsAt;
    long calls;
    long denied;
    @Nullable Instant lastCall;
    List<String> tools = List.of();
    List<String> unexercised = List.of();

    Parts(String id, String fingerprint, Instant recordedAt) {
      this.id = id;
      this.fingerprint = fingerprint;
      this.recordedAt = recordedAt;
    }
  }
}
