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

  private final String id;
  private final @Nullable String parent;
  private final int depth;
  private final String delegator;
  private final String grantor;
  private final @Nullable String holder;
  private final String holderKey;
  private final String task;
  private final @Nullable String purpose;
  private final String granted;
  private final @Nullable String rootKey;
  private final String fingerprint;
  private final @Nullable Instant endsAt;
  private final Instant recordedAt;
  private final long calls;
  private final long denied;
  private final @Nullable Instant lastCall;
  private final List<String> tools;
  private final List<String> unexercised;
  private final boolean revoked;

  private Delegated(Builder b) {
    this.id = b.id;
    this.parent = b.parent;
    this.depth = b.depth;
    this.delegator = b.delegator;
    this.grantor = b.grantor;
    this.holder = b.holder;
    this.holderKey = b.holderKey;
    this.task = b.task;
    this.purpose = b.purpose;
    this.granted = b.granted;
    this.rootKey = b.rootKey;
    this.fingerprint = b.fingerprint;
    this.endsAt = b.endsAt;
    this.recordedAt = b.recordedAt;
    this.calls = b.calls;
    this.denied = b.denied;
    this.lastCall = b.lastCall;
    this.tools = List.copyOf(b.tools);
    this.unexercised = List.copyOf(b.unexercised);
    this.revoked = b.revoked;
  }

  /** The digest of the block's revocation key, 64 hex digits. */
  public String id() {
    return id;
  }

  /** The id of the delegation it was handed on from; null for a first one. */
  public @Nullable String parent() {
    return parent;
  }

  /** How often the authority was handed on before: 0 for a first one. */
  public int depth() {
    return depth;
  }

  /** The person or service whose authority it is. */
  public String delegator() {
    return delegator;
  }

  /** The party that handed it over. */
  public String grantor() {
    return grantor;
  }

  /** The name of its holder; null for a bearer token. */
  public @Nullable String holder() {
    return holder;
  }

  /** The holder's key as text. */
  public String holderKey() {
    return holderKey;
  }

  /** The task that it is for. */
  public String task() {
    return task;
  }

  /** The task in words, or null. */
  public @Nullable String purpose() {
    return purpose;
  }

  /** The effective authority in words. */
  public String granted() {
    return granted;
  }

  /** The root key as text; null if no verifier has seen the token yet. */
  public @Nullable String rootKey() {
    return rootKey;
  }

  /** The fingerprint of the block in revocation lists, 32 hex digits. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The time at which it ends; null if it does not end. */
  public @Nullable Instant endsAt() {
    return endsAt;
  }

  /** The time at which the registry first knew of it. */
  public Instant recordedAt() {
    return recordedAt;
  }

  /**
   * How many calls were allowed on it, including calls of later holders; a bearer or sealed token
   * among these may have been used by anybody.
   */
  public long calls() {
    return calls;
  }

  /**
   * How many calls with a good proof were denied. Denied calls without one are not counted, because
   * anybody with a copy of a token can cause them; nor are those that could not be recorded.
   */
  public long denied() {
    return denied;
  }

  /** True if at least five calls were denied, and more than one for ten that were allowed. */
  public boolean isDeniedOften() {
    return denied >= OFTEN && denied * OF_CALLS > calls;
  }

  /** The time at which the last call was allowed; null if none was allowed. */
  public @Nullable Instant lastCall() {
    return lastCall;
  }

  /** The granted tools, as patterns; a star for any. */
  public List<String> tools() {
    return tools;
  }

  /** The granted tools that were never called. */
  public List<String> unexercised() {
    return unexercised;
  }

  /** True if it, or something that it depends on, is revoked or lapsed. */
  public boolean revoked() {
    return revoked;
  }

  /** The holder in words. */
  public String holderName() {
    return holder == null ? BEARER : holder;
  }

  /** True if it is neither revoked nor past its end. */
  public boolean livesAt(Instant now) {
    return !revoked && (endsAt == null || now.isBefore(endsAt));
  }

  /** Returns the delegation as revoked. */
  Delegated asRevoked() {
    Builder b = new Builder(id, fingerprint, recordedAt);
    b.parent = parent;
    b.depth = depth;
    b.delegator = delegator;
    b.grantor = grantor;
    b.holder = holder;
    b.holderKey = holderKey;
    b.task = task;
    b.purpose = purpose;
    b.granted = granted;
    b.rootKey = rootKey;
    b.endsAt = endsAt;
    b.calls = calls;
    b.denied = denied;
    b.lastCall = lastCall;
    b.tools = tools;
    b.unexercised = unexercised;
    b.revoked = true;
    return b.build();
  }

  /** Collects the parts. For one thread. */
  static final class Builder {
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
    boolean revoked;

    Builder(String id, String fingerprint, Instant recordedAt) {
      this.id = id;
      this.fingerprint = fingerprint;
      this.recordedAt = recordedAt;
    }

    Delegated build() {
      return new Delegated(this);
    }
  }
}
