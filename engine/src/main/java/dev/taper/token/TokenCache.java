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
import dev.taper.wire.RawToken;
import dev.taper.wire.TokenEnd;
import dev.taper.wire.TokenOutline;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the blocks of verified tokens, so that a token that comes again costs a look-up, and
 * one that carries on a known one costs its new blocks: their signatures, decoding and compiling.
 *
 * <p>An entry is the first blocks of a token, by their bytes as they were signed, every byte of
 * which is compared. It holds what verification found and what was made of it: contents, compiled
 * blocks, the reading of a profile. It holds no secret: what a token ends with is verified on every
 * call, by its digest if it is the same as last time. Root keys are asked on every call; an entry
 * counts only while the key that signed it is the one that trying them would find. Only tokens that
 * verified wholly are entered, and failures are never remembered, so the answer is always that of
 * {@link UnverifiedToken#decode(byte[])} and {@link UnverifiedToken#verify(RootKeys)}. Whatever
 * changes without the token — time, revocation, policies — is not its business.
 *
 * <p>Its entries together weigh no more than a bound in bytes, estimated from above; blocks that
 * several entries share count once, see {@link SharedBlocks}. Which to drop is decided by how often
 * they were of use (W-TinyLFU, Einziger, Friedman and Manes 2017): tokens that come once do not
 * drive out those that come often. Whoever wants to fill it needs the right to make tokens, and
 * pays a signature for every entry, as the cache's owner pays a verification.
 *
 * <p>Thread-safe; it has no thread of its own.
 */
public final class TokenCache {
  /** The bound of a verifier's own cache: 32 MiB, some thousand tokens of a few blocks. */
  public static final long DEFAULT_BYTES = 32L << 20;

  /** An entry without what it holds: the node of the table, its key, what it is found by. */
  private static final int ENTRY_BYTES = 240;

  /** The bound of the table is set anew for every so many parts of it that blocks take besides. */
  private static final int PORTIONS = 64;

  /** Room at first: a table that grows entry by entry is filled again and again. */
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

  /** Set aside of the bound, for blocks whose own entry is gone; under the lock of this object. */
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
   * A cache for tokens within the {@linkplain DecodeLimits#DEFAULT default limits}.
   *
   * @param maxBytes what its entries weigh together at most, in bytes
   * @throws TaperException as {@link #of(long, DecodeLimits)}
   */
  public static TokenCache of(long maxBytes) {
    return of(maxBytes, DecodeLimits.DEFAULT);
  }

  /**
   * A cache.
   *
   * @param maxBytes what its entries weigh together at most, in bytes
   * @param limits what is taken of a token at most
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
    return (Token) verify(token, rootKeys, false);
  }

  /**
   * Decodes and verifies a token of whatever kind. Of a held one, the result does not say who
   * presents it.
   *
   * @param token the token
   * @param rootKeys which root keys may have signed it
   * @throws TaperException as {@link UnverifiedToken#decode(byte[], DecodeLimits)} and {@link
   *     UnverifiedToken#verifyAny(RootKeys)}
   */
  public VerifiedChain verifyAny(byte[] token, RootKeys rootKeys) {
    return verify(token, rootKeys, true);
  }

  /**
   * Decodes and verifies a token in base64url, of whatever kind.
   *
   * @param token the token, as {@link UnverifiedToken#decode(String)} reads it
   * @param rootKeys which root keys may have signed it
   * @throws TaperException {@link ErrorCode#INVALID_BASE64}, or as {@link #verifyAny(byte[],
   *     RootKeys)}
   */
  public VerifiedChain verifyAny(String token, RootKeys rootKeys) {
    return verify(UnverifiedToken.bytes(token, limits), null, rootKeys, true);
  }

  /**
   * Verifies a token of whatever kind that was decoded already. One that was decoded within other
   * limits than the cache's is verified without the cache.
   *
   * @param token the token
   * @param rootKeys which root keys may have signed it
   * @throws TaperException as {@link UnverifiedToken#verifyAny(RootKeys)}
   */
  public VerifiedChain verifyAny(UnverifiedToken token, RootKeys rootKeys) {
    TokenChain chain = token.chain();
    return chain.limits().equals(limits)
        ? verify(token.encode(), chain, rootKeys, true)
        : token.verifyAny(rootKeys);
  }

  /** Looks for a token in somebody else's array, and copies it only if it is not known. */
  private VerifiedChain verify(byte[] token, RootKeys rootKeys, boolean any) {
    VerifiedChain known = recall(prefixes(token), rootKeys, any);
    if (known != null) {
      return known;
    }
    byte[] own = token.length > limits.maxBytes() ? token : token.clone();
    return verify(own, null, rootKeys, any);
  }

  /**
   * @param token its bytes, which nobody else has: what is entered must be what was verified
   */
  private VerifiedChain verify(
      byte[] token, @Nullable TokenChain decoded, RootKeys rootKeys, boolean any) {
    Prefixes prefixes = prefixes(token);
    VerifiedChain known = recall(prefixes, rootKeys, any);
    if (known != null) {
      return known;
    }
    TokenChain chain = decoded == null ? TokenChain.decodeOwn(token, limits) : decoded;
    boolean held = any && chain.kind() == TokenKind.HELD;
    VerifiedBlocks blocks = learn(chain, prefixes, rootKeys, held);
    return held ? new HeldToken(chain, blocks) : new Token(chain, blocks);
  }

  /** Null for what is too long to be looked at, or takes decoding to say anything about it. */
  private @Nullable Prefixes prefixes(byte[] token) {
    TokenOutline outline = token.length > limits.maxBytes() ? null : TokenOutline.of(token);
    return outline == null ? null : new Prefixes(token, outline);
  }

  /** A token's first blocks, by which it is looked for: hashed once, each carrying on the last. */
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

    /** What is known of so many blocks, if trying the root keys would find the same one again. */
    @Nullable VerifiedBlocks known(int blocks, RootKeys rootKeys) {
      int last = blocks - 1;
      PrefixKey key = new PrefixKey(token, outline.start(), outline.end(last), hashes[last]);
      VerifiedBlocks known = entries.getIfPresent(key);
      return known != null && known.isSignedByFirstOf(rootKeys.candidates(outline.rootKeyId()))
          ? known
          : null;
    }

    /** What is known of the most blocks. */
    @Nullable VerifiedBlocks longest(RootKeys rootKeys) {
      VerifiedBlocks known = null;
      for (int blocks = hashes.length; blocks > 0 && known == null; blocks--) {
        known = known(blocks, rootKeys);
      }
      return known;
    }

    /** Enters all blocks, and the first ones from so many on. */
    void enter(VerifiedBlocks blocks, int more) {
      for (int i = more; i < hashes.length; i++) {
        VerifiedBlocks first = i == hashes.length - 1 ? blocks : blocks.first(i + 1);
        // A copy of the blocks alone: a bearer token ends with a secret.
        int from = i == 0 ? outline.start() : outline.end(i - 1);
        byte[] bytes = Arrays.copyOfRange(token, from, outline.end(i));
        TokenCache.this.enter(new PrefixKey(first.blocks(), hashes[i]), first, bytes);
      }
      fit();
    }
  }

  /** Finds a token without decoding it; null if it is not known. */
  private @Nullable VerifiedChain recall(
      @Nullable Prefixes prefixes, RootKeys rootKeys, boolean any) {
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
    boolean held = any && chain.kind() == TokenKind.HELD;
    if (!held) {
      blocks.verifyProof(proof);
    }
    hits.increment();
    return held ? new HeldToken(chain, blocks) : new Token(chain, blocks);
  }

  /** Verifies what is new of a token, and enters it and every shorter one that it carries on. */
  private VerifiedBlocks learn(
      TokenChain chain, @Nullable Prefixes prefixes, RootKeys rootKeys, boolean held) {
    VerifiedBlocks known = prefixes == null ? null : prefixes.longest(rootKeys);
    List<PublicKey> candidates = rootKeys.candidates(chain.raw().rootKeyId());
    VerifiedBlocks blocks = ChainVerifier.verify(chain, candidates, known, held);
    if (!held) {
      blocks.remember(chain.raw().proof());
    }
    if (prefixes != null) {
      prefixes.enter(blocks, known == null ? 0 : known.size());
    }
    (known == null ? misses : prefixHits).increment();
    return blocks;
  }

  private void enter(PrefixKey key, VerifiedBlocks blocks, byte[] bytes) {
    VerifiedBlock last = blocks.block(blocks.size() - 1);
    last.keep(bytes, () -> grown(key, blocks));
    // What is linked to a policy set later weighs too: putting it again weighs it again.
    blocks.keptBy(() -> weighAgain(key, blocks));
    shared.hold(blocks);
    synchronized (shared) {
      // An equal key that is there already would stay, and keep alive what it is a part of.
      entries.invalidate(key);
      entries.put(key, blocks);
    }
  }

  /** The last block of an entry weighs more, whether the entry is still there or not. */
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
   * Leaves room for blocks that are held only by longer entries than their own. Dropping entries to
   * make that room can set more such blocks free of their entries, so it goes on until all fits.
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

  /** What is kept. */
  Map<PrefixKey, VerifiedBlocks> entries() {
    return entries.asMap();
  }

  /** The limits of what is taken of a token. */
  public DecodeLimits limits() {
    return limits;
  }

  /** What the cache did so far, and holds now. */
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
   * What a cache did and holds.
   *
   * @param hits tokens of which every block was known
   * @param prefixHits tokens of which the first blocks were known
   * @param misses tokens of which nothing was known
   * @param evictions entries dropped to make room
   * @param entries entries now: a token of n blocks makes up to n
   * @param bytes what they weigh, an estimate from above
   * @param maxBytes what they may weigh
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
