package dev.taper.trust;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of trusted root keys, as a Biscuit web key set. Immutable and thread-safe; rotation makes
 * another set.
 *
 * <p>A token that names a key id is tried against the key of that id only; a token without a key id
 * against the first key of the set, so that a forged token costs one signature. Expired keys are
 * left out. An empty set trusts nobody.
 *
 * <p>No two keys share an id, so that a token's id says which key it means; and no key has two ids,
 * so that removing an id ends the trust in its key.
 *
 * <p>The JSON form is that of the specification of Biscuit web keys: an array of objects with
 * {@code algorithm}, {@code key_bytes}, {@code key_id} and perhaps {@code issuer} and {@code
 * expires_at} (RFC 3339); these two may be null. {@code algorithm} may also be {@code secp256r1}.
 * Other members of an object are ignored, because the specification's schema allows them.
 */
public final class RootKeySet implements RootKeys {
  /** How many keys a set can hold. */
  public static final int MAX_KEYS = 256;

  /** How many keys a verifier prepares for. */
  private static final int MAX_PREPARED = 16;

  private final Clock clock;
  private final List<RootKey> keys;
  private final Map<Long, RootKey> byId;

  private RootKeySet(Clock clock, List<RootKey> keys) {
    this.clock = Given.that(clock, "the clock of a key set");
    this.keys = List.copyOf(Given.that(keys, "the list of root keys"));
    this.byId = index(this.keys);
  }

  private static Map<Long, RootKey> index(List<RootKey> keys) {
    if (keys.size() > MAX_KEYS) {
      throw invalid("a key set has at most " + MAX_KEYS + " keys");
    }
    Map<Long, RootKey> byId = new HashMap<>();
    Set<PublicKey> publicKeys = new HashSet<>();
    for (RootKey key : keys) {
      if (byId.put(key.keyId(), key) != null) {
        throw invalid("the key set has two keys with the id " + key.keyId());
      }
      if (!publicKeys.add(key.publicKey())) {
        throw invalid("the key set has the key " + key.publicKey() + " twice");
      }
    }
    return byId;
  }

  /**
   * Makes a set of keys, to be tried in this order.
   *
   * @param clock tells which keys have expired
   * @param keys the keys
   * @throws TaperException {@link ErrorCode#INVALID_KEY_SET} if there are more than {@link
   *     #MAX_KEYS}, or two share an id or a public key
   */
  public static RootKeySet of(Clock clock, List<RootKey> keys) {
    return new RootKeySet(clock, keys);
  }

  /**
   * Reads the JSON form.
   *
   * @param json the document, at most 2 Mi characters
   * @param clock tells which keys have expired
   * @throws TaperException {@link ErrorCode#INVALID_KEY_SET}, with line and column, if it is not
   *     JSON, has a member twice or of the wrong type, an unknown algorithm or an invalid key; and
   *     as {@link #of} does
   */
  public static RootKeySet read(String json, Clock clock) {
    return new RootKeySet(clock, WebKeys.read(json));
  }

  /**
   * Writes the JSON form, which {@link #read} reads: the same text for the same keys in the same
   * order.
   */
  public String write() {
    return WebKeys.write(keys);
  }

  /**
   * Returns a set that has one more key, at the end.
   *
   * @throws TaperException {@link ErrorCode#INVALID_KEY_SET} as {@link #of} does
   */
  public RootKeySet with(RootKey key) {
    List<RootKey> more = new ArrayList<>(keys);
    more.add(key);
    return new RootKeySet(clock, more);
  }

  /** Returns a set without the key of this id; this set if there is no such key. */
  public RootKeySet without(long keyId) {
    RootKey removed = byId.get(keyId);
    if (removed == null) {
      return this;
    }
    List<RootKey> fewer = new ArrayList<>(keys);
    fewer.remove(removed);
    return new RootKeySet(clock, fewer);
  }

  /** All keys in order, expired ones too. */
  public List<RootKey> keys() {
    return keys;
  }

  /**
   * {@inheritDoc}
   *
   * @param rootKeyId read as an unsigned number of 32 bits
   */
  @Override
  public List<PublicKey> candidates(OptionalInt rootKeyId) {
    Instant now = clock.instant();
    if (rootKeyId.isPresent()) {
      RootKey key = byId.get(Integer.toUnsignedLong(rootKeyId.getAsInt()));
      return key == null || key.isExpiredAt(now) ? List.of() : List.of(key.publicKey());
    }
    return active(now, 1);
  }

  @Override
  public List<PublicKey> prepared() {
    return active(clock.instant(), MAX_PREPARED);
  }

  /** The ends of keys by their ids, such as {@code root key 3}; those that have passed, too. */
  @Override
  public SortedMap<String, Instant> ends() {
    SortedMap<String, Instant> ends = new TreeMap<>();
    for (RootKey key : keys) {
      if (key.expiresAt() != null) {
        ends.put("root key " + key.keyId(), key.expiresAt());
      }
    }
    return ends;
  }

  /** The first keys that have not expired. */
  private List<PublicKey> active(Instant now, int max) {
    return keys.stream()
        .filter(key -> !key.isExpiredAt(now))
        .limit(max)
        .map(RootKey::publicKey)
        .toList();
  }

  /** True if the keys are equal, in the same order. */
  @Override
  public boolean equals(Object o) {
    return o instanceof RootKeySet other && keys.equals(other.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  @Override
  public String toString() {
    return "RootKeySet" + keys;
  }

  static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_KEY_SET, message);
  }

  /**
   * A root key that is trusted: one entry of a Biscuit web key set.
   *
   * @param publicKey the key, a valid point of its curve
   * @param keyId the number that tokens name the key by, from 0 to 2<sup>32</sup>-1
   * @param issuer free text, at most 1024 characters, or null
   * @param expiresAt the first moment at which the key is no longer trusted, in the years 0 to
   *     9999, or null if there is none
   */
  public record RootKey(
      PublicKey publicKey, long keyId, @Nullable String issuer, @Nullable Instant expiresAt) {
    private static final long MAX_KEY_ID = 0xffff_ffffL;
    private static final int MAX_ISSUER_CHARS = 1024;
    private static final Instant MIN_EXPIRY = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END_OF_EXPIRY = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /**
     * Checks the parts.
     *
     * @throws TaperException {@link ErrorCode#INVALID_KEY} if the key is not a point of its curve,
     *     {@link ErrorCode#INVALID_ARGUMENT} if another part is out of its range
     */
    public RootKey {
      publicKey.validate();
      if (keyId < 0 || keyId > MAX_KEY_ID) {
        throw invalid("a key id is between 0 and " + MAX_KEY_ID);
      }
      if (issuer != null
          && (issuer.length() > MAX_ISSUER_CHARS
              || !StandardCharsets.UTF_8.newEncoder().canEncode(issuer))) {
        throw invalid("an issuer is Unicode text of at most " + MAX_ISSUER_CHARS + " characters");
      }
      if (expiresAt != null
          && (expiresAt.isBefore(MIN_EXPIRY) || expiresAt.isAfter(END_OF_EXPIRY))) {
        throw invalid("an expiry is in the years 0 to 9999");
      }
    }

    /** Makes a key without issuer or expiry. */
    public static RootKey of(long keyId, PublicKey publicKey) {
      return new RootKey(publicKey, keyId, null, null);
    }

    /**
     * True if the key is no longer trusted at a moment; at the very moment of its expiry, it is not
     * trusted.
     */
    public boolean isExpiredAt(Instant now) {
      return expiresAt != null && !now.isBefore(expiresAt);
    }

    private static TaperException invalid(String message) {
      return new TaperException(ErrorCode.INVALID_ARGUMENT, message);
    }
  }
}
