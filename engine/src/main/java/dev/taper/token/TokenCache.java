package dev.taper.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.token.VerifiedChain.FirstBlockCheck;
import dev.taper.wire.RawToken;
import dev.taper.wire.TokenEnd;
import dev.taper.wire.TokenOutline;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the blocks of verified tokens. So a token that comes again costs a look-up, and a token
 * that extends a known one costs only its new blocks: their signatures, decoding and compiling.
 *
 * <p>An entry holds the first blocks of a token. It is found by their signed bytes, and every byte
 * is compared. It keeps what verification found and what was made of it: contents, compiled blocks,
 * the reading of a profile. It holds no secret: the end of a token is verified on every call, by
 * its digest if it is the same as last time. Root keys are asked on every call; an entry counts
 * only while trying them would find the key that signed it. Only fully verified tokens are entered,
 * and failures are never remembered, so the answer is always that of {@link
 * UnverifiedToken#decode(byte[])} and {@link UnverifiedToken#verify(RootKeys)}. The cache does not
 * depend on what changes without the token: time, revocation, policies.
 *
 * <p>The weight of all entries together is bounded in bytes, estimated from above; blocks that
 * several entries share count once, see {@link SharedBlocks}. The cache drops the entries that were
 * used least often (W-TinyLFU, Einziger, Friedman and Manes 2017): tokens that come once do not
 * drive out those that come often. To fill it, an attacker needs the right to make tokens, and pays
 * one signature for every entry, as the cache's owner pays one verification.
 *
 * <p>Thread-safe; it has no thread of its own.
 */
public final class TokenCache {
  /** The bound of a verifier's own cache: 32 MiB, some thousand tokens of a few blocks. */
  public static final long DEFAULT_BYTES = 32L << 20;

  /** The bytes of an entry without its contents: the node of the table and its key. */
  private static final int ENTRY_BYTES = 240;

  /**
   * The table's bound is set anew whenever blocks without an entry take another such part of it.
   */
  private static final int PORTIONS = 64;

  /** The initial room: a table that grows entry by entry is filled again and again. */
  private static final int INITIAL_ENTRIES = 1_024;

  private final long maxBytes;
  private final DecodeLimits limits;
  private final SipHash hash = SipHash.random();
  private final Cache<PrefixKey, VerifiedBlocks> entries;
  private final LongAdder hits = new LongAdder();
  private final LongAdder prefixHits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final SharedBlocks shared = new SharedBlocks();

  /**
   * The part of the bound set aside for blocks whose own entry is gone; under the lock of this
   * object.
   */
  private long setAside;

  private TokenCache(long maxBytes, DecodeLimits limits) {
    this.maxBytes = maxBytes;
    this.limits = limits;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .initialCapacity((int) Math.min(maxBytes / ENTRY_BYTES, INITIAL_ENTRIES))
            .weigher(TokenCache::weigh)
            .removalListener(this::removed)
            .executor(Runnable::run) // a bound that holds is worth the moment it takes
            .build();
  }

  /**
   * Makes a cache for tokens within the {@linkplain DecodeLimits#DEFAULT default limits}.
   *
   * @param maxBytes what its entries weigh together at most, in bytes
   * @throws TaperException as {@link #of(long, DecodeLimits)}
   */
  public static TokenCache of(long maxBytes) {
    return of(maxBytes, DecodeLimits.DEFAULT);
  }

  /**
   * Makes a cache.
   *
   * @param maxBytes what its entries weigh together at most, in bytes
   * @param limits the limits of what is taken from a token
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the bound is negative
   */
  public static TokenCache of(long maxBytes, DecodeLimits limits) {
    if (maxBytes < 0) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "a token cache cannot hold " + maxBytes + " bytes");
    }
    return new TokenCache(maxBytes, Given.that(limits, "the limit of reading"));
  }

  /**
   * Decodes and verifies a bearer or sealed token.
   *
   * @param token the token
   * @param rootKeys which root keys may have signed it
   * @throws TaperException as {@link UnverifiedToken#decode(byte[], DecodeLimits)} and {@link
   *     UnverifiedToken#verify(RootKeys)}
   */
  public Token verify(byte[] token, RootKeys rootKeys) {
    return (Token) verify(token, rootKeys, false, null);
  }

  /**
   * Decodes and verifies a token of any kind. For a held one, the result does not say who uses it.
   *
   * @param token the token
   * @param rootKeys which root keys may have signed it
   * @throws TaperException as {@link UnverifiedToken#decode(byte[], DecodeLimits)} and {@link
   *     UnverifiedToken#verifyAny(RootKeys)}
   */
  public VerifiedChain verifyAny(byte[] token, RootKeys rootKeys) {
    return verify(token, rootKeys, true, null);
  }

  /** Verifies as {@link #verifyAny(byte[], RootKeys)}, if a check has nothing against it. */
  public VerifiedChain verifyAny(byte[] token, RootKeys rootKeys, FirstBlockCheck check) {
    return verify(token, rootKeys, true, check);
  }

  /**
   * Decodes and verifies a token in base64url, of any kind.
   *
   * @param token the token, as {@link UnverifiedToken#decode(String)} reads it
   * @param rootKeys which root keys may have signed it
   * @param check looks at the first block of a token that is not known
   * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #verifyAny(byte[],
   *     RootKeys)}
   */
  public VerifiedChain verifyAny(String token, RootKeys rootKeys, FirstBlockCheck check) {
    return verify(UnverifiedToken.bytes(token, limits), null, rootKeys, true, check);
  }

  /**
   * Verifies a token of any kind that is already decoded. A token that was decoded within other
   * limits than the cache's is verified without the cache.
   *
   * @param token the token
   * @param rootKeys which root keys may have signed it
   * @param check looks at the first block of a token that is not known
   * @throws TaperException as {@link UnverifiedToken#verifyAny(RootKeys)}
   */
  public VerifiedChain verifyAny(UnverifiedToken token, RootKeys rootKeys, FirstBlockCheck check) {
    TokenChain chain = token.chain();
    return chain.limits().equals(limits)
        ? verify(token.encode(), chain, rootKeys, true, check)
        : token.verifyAny(rootKeys, check);
  }

  /**
   * Finds a token that was verified before, without decoding or verifying anything, and without
   * counting it as a hit. The end of a bearer or sealed token must be the one that was good last
   * time.
   *
   * @param token the token
   * @param rootKeys which root keys may have signed it
   * @return null if it is not known
   */
  public @Nullable VerifiedChain known(byte[] token, RootKeys rootKeys) {
    Prefixes prefixes = prefixes(token);
    return recall(prefixes, rootKeys, true, true);
  }

  /**
   * Finds a token in base64url, as {@link #known(byte[], RootKeys)}.
   *
   * @throws TaperException as {@link UnverifiedToken#decode(String)} of what is no base64url
   */
  public @Nullable VerifiedChain known(String token, RootKeys rootKeys) {
    return known(UnverifiedToken.bytes(token, limits), rootKeys);
  }

  /** Looks for a token in the caller's array, and copies it only if it is not known. */
  private VerifiedChain verify(
      byte[] token, RootKeys rootKeys, boolean any, @Nullable FirstBlockCheck check) {
    VerifiedChain known = recall(prefixes(token), rootKeys, any, false);
    if (known != null) {
      return known;
    }
    byte[] own = token.length > limits.maxBytes() ? token : token.clone();
    return verify(own, null, rootKeys, any, check);
  }

  /**
   * @param token its bytes, which nobody else may have: the entry must be what was verified
   */
  private VerifiedChain verify(
      byte[] token,
      @Nullable TokenChain decoded,
      RootKeys rootKeys,
      boolean any,
      @Nullable FirstBlockCheck check) {
    Prefixes prefixes = prefixes(token);
    VerifiedChain known = recall(prefixes, rootKeys, any, false);
    if (known != null) {
      return known;
    }
    TokenChain chain = decoded == null ? TokenChain.decodeOwn(token, limits) : decoded;
    return learn(chain, prefixes, rootKeys, any && chain.kind() == Token.Kind.HELD, check);
  }

  /** Returns a token's prefixes; null if it is too long, or only decoding it can tell them. */
  private @Nullable Prefixes prefixes(byte[] token) {
    TokenOutline outline = token.length > limits.maxBytes() ? null : TokenOutline.of(token);
    return outline == null ? null : new Prefixes(token, outline);
  }

  /** A token's prefixes, by which it is looked up: hashed once, each from the one before. */
  private final class Prefixes {
    private final byte[] token;
    private final TokenOutline outline;
    private final long[] hashes;

    Prefixes(byte[] token, TokenOutline outline) {
      this.token = token;
      this.outline = outline;
      this.hashes = new long[outline.blocks()];
      int from = outline.start();
      long h = 0;
      for (int i = 0; i < hashes.length; i++) {
        h = hash.hash(token, from, outline.end(i), h);
        hashes[i] = h;
        from = outline.end(i);
      }
    }

    /**
     * Returns the entry for this many blocks, if trying the root keys would find the same key
     * again.
     */
    @Nullable VerifiedBlocks known(int blocks, RootKeys rootKeys) {
      int last = blocks - 1;
      PrefixKey key = new PrefixKey(token, outline.start(), outline.end(last), hashes[last]);
      VerifiedBlocks known = entries.getIfPresent(key);
      return known != null && known.isSignedByFirstOf(rootKeys.candidates(outline.rootKeyId()))
          ? known
          : null;
    }

    /** Returns the known entry with the most blocks. */
    @Nullable VerifiedBlocks longest(RootKeys rootKeys) {
      VerifiedBlocks known = null;
      for (int blocks = hashes.length; blocks > 0 && known == null; blocks--) {
        known = known(blocks, rootKeys);
      }
      return known;
    }

    /** Enters all blocks, and every prefix from this many blocks on. */
    void enter(VerifiedBlocks blocks, int more) {
      for (int i = more; i < hashes.length; i++) {
        VerifiedBlocks first = i == hashes.length - 1 ? blocks : blocks.first(i + 1);
        // Only the blocks are copied, because a bearer token ends with a secret.
        int from = i == 0 ? outline.start() : outline.end(i - 1);
        byte[] bytes = Arrays.copyOfRange(token, from, outline.end(i));
        TokenCache.this.enter(new PrefixKey(first.blocks(), hashes[i]), first, bytes);
      }
      fit();
    }
  }

  /**
   * Finds a token without decoding it; null if it is not known.
   *
   * @param looks true to verify and count nothing
   */
  private @Nullable VerifiedChain recall(
      @Nullable Prefixes prefixes, RootKeys rootKeys, boolean any, boolean looks) {
    if (prefixes == null) {
      return null;
    }
    TokenOutline outline = prefixes.outline;
    VerifiedBlocks blocks = prefixes.known(outline.blocks(), rootKeys);
    TokenEnd proof = blocks == null ? null : outline.proof();
    if (blocks == null || proof == null) {
      return null;
    }
    RawToken raw = RawToken.recalled(outline, blocks.signed(), proof);
    TokenChain chain = TokenChain.recalled(raw, limits, blocks.decoded());
    boolean held = any && chain.kind() == Token.Kind.HELD;
    if (looks) {
      if (!held && !blocks.knowsProof(proof)) {
        return null;
      }
    } else {
      if (!held) {
        blocks.verifyProof(proof);
      }
      hits.increment();
    }
    return held ? new HeldToken(chain, blocks, blocks.size()) : new Token(chain, blocks);
  }

  /**
   * Verifies the new part of a token, and enters the token and every shorter one that it extends.
   */
  private VerifiedChain learn(
      TokenChain chain,
      @Nullable Prefixes prefixes,
      RootKeys rootKeys,
      boolean held,
      @Nullable FirstBlockCheck check) {
    VerifiedBlocks known = prefixes == null ? null : prefixes.longest(rootKeys);
    List<PublicKey> candidates = rootKeys.candidates(chain.raw().rootKeyId());
    VerifiedBlocks blocks = ChainVerifier.verify(chain, candidates, known, held, check);
    if (!held) {
      blocks.remember(chain.raw().proof());
    }
    int first = known == null ? 0 : known.size();
    if (prefixes != null) {
      prefixes.enter(blocks, first);
    }
    (known == null ? misses : prefixHits).increment();
    return held ? new HeldToken(chain, blocks, first) : new Token(chain, blocks);
  }

  private void enter(PrefixKey key, VerifiedBlocks blocks, byte[] bytes) {
    VerifiedBlock last = blocks.block(blocks.size() - 1);
    last.keep(bytes, () -> grown(key, blocks));
    // Links to policy sets that come later weigh too: putting the entry again weighs it again.
    blocks.keptBy(() -> weighAgain(key, blocks));
    shared.hold(blocks);
    synchronized (shared) {
      // An equal key that is already there would stay, and keep its token's bytes alive.
      entries.invalidate(key);
      entries.put(key, blocks);
    }
  }

  /**
   * Takes note that the last block of an entry weighs more, whether the entry is still there or
   * not.
   */
  private void grown(PrefixKey key, VerifiedBlocks blocks) {
    shared.grown(blocks.block(blocks.size() - 1));
    weighAgain(key, blocks);
  }

  private void weighAgain(PrefixKey key, VerifiedBlocks blocks) {
    entries.asMap().replace(key, blocks, blocks);
    fit();
  }

  private void removed(
      @Nullable PrefixKey key, @Nullable VerifiedBlocks blocks, RemovalCause cause) {
    if (cause.wasEvicted()) {
      evictions.increment();
    }
    if (blocks != null) {
      VerifiedBlock last = blocks.block(blocks.size() - 1);
      last.keptByOthers(() -> shared.grown(last));
      shared.release(blocks);
    }
  }

  /**
   * Leaves room for blocks that only longer entries than their own hold. Dropping entries to make
   * that room can leave more such blocks, so it goes on until everything fits.
   */
  private synchronized void fit() {
    long portion = Math.max(1, maxBytes / PORTIONS);
    long needed = shared.unclaimed();
    while (needed > setAside || needed < setAside - 2 * portion) {
      setAside = (needed + portion - 1) / portion * portion;
      entries.policy().eviction().orElseThrow().setMaximum(Math.max(0, maxBytes - setAside));
      needed = shared.unclaimed();
    }
  }

  private static int weigh(PrefixKey key, VerifiedBlocks blocks) {
    return (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + blocks.weight());
  }

  /** Forgets everything. */
  public void clear() {
    entries.invalidateAll();
    fit();
  }

  /** The entries that are kept. */
  Map<PrefixKey, VerifiedBlocks> entries() {
    return entries.asMap();
  }

  /** The limits of what is taken from a token. */
  public DecodeLimits limits() {
    return limits;
  }

  /** Returns what the cache did so far, and holds now. */
  public Statistics statistics() {
    entries.cleanUp();
    long weight =
        entries.policy().eviction().orElseThrow().weightedSize().orElse(0) + shared.unclaimed();
    return new Statistics(
        hits.sum(),
        prefixHits.sum(),
        misses.sum(),
        evictions.sum(),
        entries.estimatedSize(),
        weight,
        maxBytes);
  }

  /**
   * Counts what a cache did and holds.
   *
   * @param hits tokens whose blocks were all known
   * @param prefixHits tokens whose first blocks were known
   * @param misses tokens without a known block
   * @param evictions entries dropped to make room
   * @param entries entries now: a token of n blocks makes up to n
   * @param bytes the weight of the entries, an estimate from above
   * @param maxBytes the most that they may weigh
   */
  public record Statistics(
      long hits,
      long prefixHits,
      long misses,
      long evictions,
      long entries,
      long bytes,
      long maxBytes) {}

  /** The counters. */
  @Override
  public String toString() {
    return "TokenCache" + statistics();
  }
}
